import type { Arrow, Conversation } from './arrow.ts'
import type { Knowledge } from './detect.ts'
import { createKeptArrows } from './kept-arrows.ts'
import { findSecrets } from './mask.ts'
import { bodyText, learn, render } from './render.ts'
import { createSecrets, type Secret, type SecretKind } from './secrets.ts'
import type { Kept, SeenMessage, Sighting } from './sighting.ts'
import { createWho, UNKNOWN_BACK_END, type Who } from './who.ts'

export interface Page {
  /** Only what came after this one. Default 0: from the oldest that is kept. */
  after?: number | undefined
  /** At most so many of them, the oldest first. Default: all. */
  limit?: number | undefined
}

/** What passes through the emulator, kept for who wants to see it. Nothing is read, decoded or masked before somebody does. */
export interface Recorder {
  readonly who: Who
  /** Answers the number of the exchange. */
  call(sighting: Sighting): number
  answer(exchange: number, sighting: Sighting): void
  note(sighting: Sighting): void
  /** A call of a phone that an origin is about to get: what it carries says who calls WeChat next. */
  phoneCall(sighting: Sighting): PhoneCall
  /** The back end that has a phone's call under way with one of these secrets in it. */
  holderOf(message: SeenMessage): string
  read(page?: Page): Conversation
  /** Of the newest, or of the newest that was cleared. */
  lastSeq(): number
  clear(): void
  /** How often it was cleared. */
  clearings(): number
  /** Learns what the emulator is about to forget. */
  remember(): void
  /** Names and values of what may be shown on demand. */
  secrets(): Record<string, string>
  /** Told after every change. Returns what stops it. */
  onChange(listener: () => void): () => void
}

export interface PhoneCall {
  exchange: number
  /** It carried a code of `wx.login`, so its answer holds a login. */
  isLogin: boolean
  /** The first one counts. */
  answer(sighting: Sighting): void
}

export interface RecorderOptions {
  /** The virtual clock. */
  nowMs(): number
  /** Real, since the start. */
  elapsedMs(): number
  /** What the emulator has given out, or knows as a secret. */
  issued(): Iterable<readonly [SecretKind, string]>
  /** Literal codes that are no secrets and open a login all the same. */
  publicCodes: readonly string[]
}

const NEVER_SHOWN: ReadonlySet<SecretKind> = new Set(['AppSecret', 'API key', 'password', 'secret'])

function textsOf({ startLine, headers, body }: SeenMessage): string {
  const text = body && bodyText(body)?.text
  return [startLine, ...headers.map(([name, value]) => `${name}: ${value}`), text ?? ''].join('\n')
}

/** Remembers secrets and rendered arrows; an arrow is rendered anew when a secret has become known since. */
function createReader(options: RecorderOptions) {
  const known: Knowledge = { secrets: createSecrets(), identities: new Set() }
  const learnt = new WeakSet<Kept>()
  const rendered = new WeakMap<Kept, { version: number; arrow: Arrow }>()
  const study = (kept: Kept) => {
    if (learnt.has(kept)) return
    learnt.add(kept)
    learn(known, kept)
  }
  const sync = () => {
    for (const [kind, value] of options.issued()) known.secrets.name(kind, value, true)
  }
  return {
    known,
    study,
    sync,
    show(kept: Kept): Arrow {
      const version = known.secrets.version()
      const before = rendered.get(kept)
      if (before?.version === version) return before.arrow
      const arrow = render(known, kept)
      rendered.set(kept, { version, arrow })
      return arrow
    },
  }
}

type Reader = ReturnType<typeof createReader>

/** What is under way between a phone and an origin. */
function createUnderWay(reader: Reader, who: Who, publicCodes: readonly string[]) {
  const calls = new Map<number, { origin: string; secrets: ReadonlySet<Secret> }>()
  return {
    begin(kept: Kept): boolean {
      const text = kept.message ? textsOf(kept.message) : ''
      const secrets = new Set(findSecrets(reader.known.secrets, text).map(({ secret }) => secret))
      calls.set(kept.exchange, { origin: kept.to, secrets })
      const issued = [...secrets].filter(({ kind }) => kind === 'code').map(({ value }) => value)
      const codes = [
        ...issued,
        ...publicCodes.filter((code) => text.includes(code) || text.includes(encodeURIComponent(code))),
      ]
      for (const code of codes) who.gotCode(code, kept.to)
      return codes.length > 0
    },
    end: (exchange: number) => calls.delete(exchange),
    holderOf(message: SeenMessage): string {
      const carried = findSecrets(reader.known.secrets, textsOf(message)).map(({ secret }) => secret)
      const newest = [...calls.values()].reverse()
      return newest.find(({ secrets }) => carried.some((one) => secrets.has(one)))?.origin ?? UNKNOWN_BACK_END
    },
  }
}

export function createRecorder(options: RecorderOptions): Recorder {
  const reader = createReader(options)
  const who = createWho()
  const underWay = createUnderWay(reader, who, options.publicCodes)
  const arrows = createKeptArrows(reader.study)
  const listeners = new Set<() => void>()
  let [seq, exchanges, clearings] = [0, 0, 0]

  const keep = (part: Arrow['part'], exchange: number, sighting: Sighting): Kept => {
    seq += 1
    const sizeBytes = sighting.message?.body?.bytes.length ?? 0
    const [atMs, elapsedMs] = [options.nowMs(), options.elapsedMs()]
    const kept: Kept = { ...sighting, seq, exchange, part, atMs, elapsedMs, sizeBytes }
    arrows.add(kept)
    for (const listener of listeners) listener()
    return kept
  }
  const begin = (part: 'call' | 'note', sighting: Sighting): Kept => {
    exchanges += 1
    return keep(part, exchanges, sighting)
  }
  const learnAll = () => {
    reader.sync()
    for (const kept of arrows.all()) reader.study(kept)
  }
  return {
    who,
    call: (sighting) => begin('call', sighting).exchange,
    answer: (exchange, sighting) => void keep('answer', exchange, sighting),
    note: (sighting) => void begin('note', sighting),
    phoneCall(sighting) {
      const kept = begin('call', sighting)
      learnAll()
      const { exchange } = kept
      const isLogin = underWay.begin(kept)
      const answer = (answered: Sighting) => {
        if (underWay.end(exchange)) keep('answer', exchange, answered)
      }
      return { exchange, isLogin, answer }
    },
    holderOf(message) {
      learnAll()
      return underWay.holderOf(message)
    },
    read({ after = 0, limit } = {}) {
      learnAll()
      const page = arrows.after(after).slice(0, limit)
      return {
        stations: who.stations(arrows.all()),
        arrows: page.map(reader.show),
        dropped: arrows.dropped(),
      }
    },
    lastSeq: () => seq,
    clear() {
      learnAll()
      arrows.clear()
      clearings += 1
      for (const listener of listeners) listener()
    },
    clearings: () => clearings,
    remember: reader.sync,
    secrets() {
      learnAll()
      const shown = reader.known.secrets.list().filter(({ kind }) => !NEVER_SHOWN.has(kind))
      return Object.fromEntries(shown.map(({ name, value }) => [name, value]))
    },
    onChange(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}
