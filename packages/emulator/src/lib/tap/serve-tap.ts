import type { IncomingMessage, ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import { type Refusal, refuseStranger } from '../control/guard.ts'
import type { ArrowKind } from '../conversation/arrow.ts'
import { createBodyKeeper } from '../conversation/kept-body.ts'
import { judgeAnswer } from '../conversation/observe.ts'
import type { PhoneCall } from '../conversation/recorder.ts'
import { headerPairs, type SeenMessage, type Sighting } from '../conversation/sighting.ts'
import { send } from '../http/send.ts'
import { EmulatorError, type Machine, nowMs } from '../machine.ts'
import { untilHungUp } from '../proxy/hang-up.ts'
import { endToEnd, type HeaderPair, headerValue } from '../proxy/headers.ts'
import { type Answered, createLine, type Line } from '../proxy/line.ts'
import { takeUpload, type Upload } from '../proxy/upload.ts'
import { addressOf } from '../wechat/serve.ts'
import type { Tap } from './taps.ts'

/** All taps of an emulator. */
export interface TapServer {
  serve(req: IncomingMessage, res: ServerResponse): Promise<void>
  close(): Promise<void>
}

export interface TapOptions {
  machine: Machine
  taps: ReadonlyMap<string, Tap>
  /** Aborted when the emulator closes. */
  closing: AbortSignal
}

/** A call on its way through a tap. */
interface Passage {
  machine: Machine
  line: Line
  req: IncomingMessage
  res: ServerResponse
  tap: Tap
  url: URL
  upload: Upload
  signal: AbortSignal
}

interface Ends {
  kind: ArrowKind
  from: string
  to: string
}

const DEVTOOLS = { id: 'phone:devtools', user: 'devtools', device: 'devtools' }

/** `/_emulator/tap/{name}/…`, and what of it goes on. */
export function tapTarget(requestTarget: string): { name: string; rest: string } | undefined {
  const match = /^\/_emulator\/tap\/([^/?#]+)([^#]*)/.exec(requestTarget)
  return match ? { name: match[1] ?? '', rest: match[2] ?? '' } : undefined
}

function targetUrl({ url }: Tap, rest: string): URL {
  const mark = rest.indexOf('?')
  const target = new URL(url)
  target.pathname = `${url.pathname.replace(/\/$/, '')}${mark < 0 ? rest : rest.slice(0, mark)}`
  target.search = mark < 0 ? '' : rest.slice(mark)
  return target
}

function messageOf({ req, url, upload }: Passage): SeenMessage {
  const { 'content-type': type, 'content-encoding': encoding } = req.headers
  return {
    startLine: `${req.method} ${url.href}`,
    headers: headerPairs(req.rawHeaders),
    body: upload.kept(type, encoding),
  }
}

/** A mini program says by its Referer what it is; anyone else at a tap is a back end. */
function isMiniProgram(req: IncomingMessage): boolean {
  return /^https:\/\/servicewechat\.com\//.test(req.headers.referer ?? '')
}

function draw(passage: Passage): { ends: Ends; call: Pick<PhoneCall, 'answer' | 'isLogin'> } {
  const { conversation } = passage.machine
  const { req, url, tap } = passage
  const message = messageOf(passage)
  const sighting = { label: `${req.method} ${url.pathname}`, message }
  if (isMiniProgram(req)) {
    const ends: Ends = { kind: 'wx.request', from: conversation.who.phone(DEVTOOLS), to: tap.url.origin }
    return { ends, call: conversation.phoneCall({ ...ends, ...sighting }) }
  }
  const ends: Ends = {
    kind: 'tap',
    from: conversation.holderOf(message),
    to: conversation.who.behindTap(tap.url.href),
  }
  const exchange = conversation.call({ ...ends, ...sighting, place: 'tap' })
  let isAnswered = false
  const answer = (answered: Sighting) => {
    // A caller that hangs up over the last bytes is no second answer.
    if (!isAnswered) conversation.answer(exchange, answered)
    isAnswered = true
  }
  return { ends, call: { isLogin: false, answer } }
}

function answerTo(
  { kind, from, to }: Ends,
  answered: Answered,
  message: SeenMessage,
  isLogin: boolean,
): Sighting {
  const judged = judgeAnswer(answered.status, answered.statusText, message)
  return { kind, from: to, to: from, ...judged, message, place: isLogin ? 'login-answer' : 'elsewhere' }
}

function failureTo({ kind, from, to }: Ends, error: unknown): Sighting {
  const { code, message } = Object(error) as { code?: unknown; message?: unknown }
  const reason = String(code ?? message ?? 'failed')
  return { kind, from: to, to: from, label: reason, outcome: 'failed', reason }
}

function refuse(machine: Machine, res: ServerResponse, { status, ...value }: Refusal): void {
  const headers = { 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'no-store' }
  send(res, { status, headers, body: Buffer.from(`${JSON.stringify(value)}\n`) }, new Date(nowMs(machine)))
}

function ofAnswer({ headers }: Answered): HeaderPair[] {
  const length = headerValue(headers, 'content-length')
  return [
    ...endToEnd(headers),
    ...(length === undefined ? [] : [['Content-Length', length] satisfies HeaderPair]),
  ]
}

/** The servers' pages have a right to run at their own address, not at this one, where the controls are. */
function policyOf({ headers }: IncomingMessage): HeaderPair[] {
  const isPage = /^(document|iframe|frame|object|embed)$/.test(headers['sec-fetch-dest']?.toString() ?? '')
  return isPage ? [['Content-Security-Policy', 'sandbox']] : []
}

async function deliver(
  { req, res }: Passage,
  answered: Answered,
  tell: (message: SeenMessage) => void,
): Promise<void> {
  const { status, statusText, headers, body } = answered
  const keeper = createBodyKeeper()
  async function* watched(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of source) {
      keeper.add(chunk)
      yield chunk
    }
    const kept = keeper.kept(headerValue(headers, 'content-type'), headerValue(headers, 'content-encoding'))
    tell({ startLine: `${status} ${statusText}`.trim(), headers, body: kept })
  }
  res.sendDate = false
  res.writeHead(status, statusText, [...ofAnswer(answered), ...policyOf(req)].flat())
  await pipeline(body, watched, res)
}

async function pass(passage: Passage): Promise<void> {
  const { machine, line, req, res, url, upload, signal } = passage
  let drawn: ReturnType<typeof draw> | undefined
  const drawOnce = () => (drawn ??= draw(passage))
  upload.onPassed(drawOnce)
  try {
    const headers = endToEnd(headerPairs(req.rawHeaders))
    const method = req.method ?? 'GET'
    const answered = await line.send(
      { method, url, headers, body: upload.source, lengthBytes: upload.lengthBytes },
      signal,
    )
    const { ends, call } = drawOnce()
    await deliver(passage, answered, (message) =>
      call.answer(answerTo(ends, answered, message, call.isLogin)),
    )
  } catch (error) {
    const { ends, call } = drawOnce()
    call.answer(failureTo(ends, error))
    const message = `what the tap ${passage.tap.name} stands before did not answer`
    refuse(machine, res, {
      status: 502,
      error: 'tap_failed',
      message,
      cure: `is there a server at ${url.origin}?`,
    })
  }
}

function stranger(req: IncomingMessage): Refusal | undefined {
  const { host, origin, 'sec-fetch-site': site } = req.headers
  const refusal = refuseStranger({ address: addressOf(req), host, origin })
  if (refusal || site === undefined || site === 'same-origin' || site === 'none') return refusal
  // Pages may send simple requests anywhere, and say here that they do.
  return {
    status: 403,
    error: 'foreign_origin',
    message: 'a page of another origin asks',
    cure: 'call from a server',
  }
}

export function createTapServer(
  { machine, taps, closing }: TapOptions,
  line: Line = createLine(),
): TapServer {
  const take = async (req: IncomingMessage, res: ServerResponse, tap: Tap, rest: string) => {
    try {
      const upload = await takeUpload(req, false)
      const signal = untilHungUp(res, closing)
      await pass({ machine, line, req, res, tap, url: targetUrl(tap, rest), upload, signal })
    } catch (error) {
      if (!(error instanceof EmulatorError)) throw error
      refuse(machine, res, { status: 413, error: 'too_large', message: error.reason, cure: error.cure })
    }
  }
  return {
    async serve(req, res) {
      const { name = '', rest = '' } = tapTarget(req.url ?? '') ?? {}
      const tap = taps.get(name)
      const refusal = stranger(req)
      if (tap && !refusal) return take(req, res, tap, rest)
      const cure = `start with --tap ${name}=URL; there are: ${[...taps.keys()].join(', ') || 'none'}`
      req.resume()
      refuse(
        machine,
        res,
        refusal ?? { status: 404, error: 'no_such_tap', message: `no tap is called ${name}`, cure },
      )
    },
    close: () => line.close(),
  }
}
