import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Station } from './arrow.ts'
import type { Recorder } from './recorder.ts'

export interface StreamOptions {
  recorder: Recorder
  /** What came after this one is sent first. */
  after: number
  /** Aborted when the emulator closes. */
  closing: AbortSignal
}

const KEEP_ALIVE_MS = 15_000
/** Rendered at a time, so that a long conversation stops nobody. */
const PAGE = 100

function event(name: string, value: object, id?: number): string {
  const head = id === undefined ? '' : `id: ${id}\n`
  return `${head}event: ${name}\ndata: ${JSON.stringify(value)}\n\n`
}

/** What one listener has been told. */
function createTeller(recorder: Recorder, after: number) {
  let sentSeq = after
  let sentStations = ''
  const stationsEvent = (stations: readonly Station[]) => {
    const text = JSON.stringify(stations)
    if (text === sentStations) return ''
    sentStations = text
    return event('stations', stations)
  }
  return {
    /** The next piece to send; empty where there is nothing new. */
    next(): string {
      const { stations, arrows } = recorder.read({ after: sentSeq, limit: PAGE })
      sentSeq = arrows.at(-1)?.seq ?? recorder.lastSeq()
      return stationsEvent(stations) + arrows.map((arrow) => event('arrow', arrow, arrow.seq)).join('')
    },
    hasMore: () => sentSeq < recorder.lastSeq(),
  }
}

const HEADERS = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  'Cache-Control': 'no-store',
  'X-Accel-Buffering': 'no',
}

/** `Last-Event-ID`, as a browser sends it when it comes back. */
export function lastEventId(req: IncomingMessage): number | undefined {
  const text = req.headers['last-event-id']
  return typeof text === 'string' && /^\d{1,15}$/.test(text) ? Number(text) : undefined
}

/** Tells a listener of every arrow, as server-sent events, until one of the two goes. */
export function streamConversation(res: ServerResponse, { recorder, after, closing }: StreamOptions): void {
  // Who has heard more than was ever said here heard it from an emulator that is gone.
  const isOfAnother = after > recorder.lastSeq()
  const teller = createTeller(recorder, isOfAnother ? 0 : after)
  let [isAsked, clearedAt] = [false, isOfAnother ? -1 : recorder.clearings()]
  const pump = () => {
    isAsked = false
    if (res.destroyed) return
    if (recorder.clearings() !== clearedAt) {
      clearedAt = recorder.clearings()
      res.write(event('cleared', {}))
    }
    const piece = teller.next()
    if (piece !== '') res.write(piece)
    if (teller.hasMore()) ask()
  }
  // A slow listener is not told before it has taken what it was told; several arrows at once are one piece.
  const ask = () => {
    if (isAsked) return
    isAsked = true
    if (res.writableNeedDrain) res.once('drain', pump)
    else setImmediate(pump)
  }
  const end = () => res.end()
  res.writeHead(200, HEADERS)
  res.flushHeaders()
  const stopListening = recorder.onChange(ask)
  const keepAlive = setInterval(() => res.write(': \n\n'), KEEP_ALIVE_MS).unref()
  closing.addEventListener('abort', end, { once: true })
  res.once('close', () => {
    stopListening()
    clearInterval(keepAlive)
    closing.removeEventListener('abort', end)
  })
  pump()
}
