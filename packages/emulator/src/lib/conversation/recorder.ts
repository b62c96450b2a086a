import type { Arrow, Conversation } from './arrow.ts'
import { createKeptArrows, type KeptArrows } from './kept-arrows.ts'
import { createReader } from './reader.ts'
import type { SecretKind } from './secrets.ts'
import type { Kept, SeenMessage, Sighting } from './sighting.ts'
import { createUnderWay } from './under-way.ts'
import { createWho, type Who } from './who.ts'

export interface Page {
  /** Only what came after this one. Default 0: from the oldest that is kept. */
  after?: number | undefined
  /** At most so many of them, the oldest first. Default: all. */
  limit?: number | undefined
}

/** What passes through the emulator, kept for who wants to see it. Of most of it nothing is read before somebody does. */
export interface Recorder {
  readonly who: Who
  /** Answers the number of the exchange. */
  call(sighting: Sighting): number
  answer(exchange: number, sighting: Sighting): void
  note(sighting: Sighting): void
  /** A call of a phone that an origin is about to get: what it carries says who calls WeChat next. */
  phoneCall(sighting: Sighting): PhoneCall
  /** The back end that has a phone's call under way with one of the secrets of this message. */
  holderOf(message: SeenMessage): string
  read(page?: Page): Conversation
  /** Of the newest, or of the newest that was cleared. */
  lastSeq(): number
  clear(): void
  /** How often it was cleared. */
  clearings(): number
  /** The emulator gives this out, or shares it with a server: wherever it shows up, its name is shown. */
  issued(kind: SecretKind, value: string): void
  /** Names and values of what may be shown on demand. */
  secrets(): Record<string, string>
  /** Told after every change. Returns what stops it. */
  onChange(listener: () => void): () => void
}

export interface PhoneCall {
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
  /** Literal codes that are no secrets and open a login all the same. */
  publicCodes: readonly string[]
}

/** What stays a name: it would open more than this machine. */
const NEVER_SHOWN: ReadonlySet<SecretKind> = new Set(['AppSecret', 'API key', 'password', 'secret'])

function createListeners() {
  const listeners = new Set<() => void>()
  return {
    tell() {
      for (const listener of listeners) listener()
    },
    onChange(listener: () => void) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}

/** Numbers what is seen, and keeps it. */
function createPen(options: RecorderOptions, arrows: KeptArrows, tell: () => void) {
  let [seq, exchanges] = [0, 0]
  const keep = (part: Arrow['part'], exchange: number, sighting: Sighting): Kept => {
    seq += 1
    const { startLine = '', body } = sighting.message ?? {}
    const sizeBytes = startLine.length + (body?.bytes.length ?? 0)
    const [atMs, elapsedMs] = [options.nowMs(), options.elapsedMs()]
    const kept: Kept = { ...sighting, seq, exchange, part, atMs, elapsedMs, sizeBytes }
    arrows.add(kept)
    tell()
    return kept
  }
  return {
    keep,
    begin(part: 'call' | 'note', sighting: Sighting): Kept {
      exchanges += 1
      return keep(part, exchanges, sighting)
    },
    lastSeq: () => seq,
  }
}

export function createRecorder(options: RecorderOptions): Recorder {
  const who = createWho()
  const reader = createReader()
  const underWay = createUnderWay(reader, who, options.publicCodes)
  const arrows = createKeptArrows(reader.forget)
  const { tell, onChange } = createListeners()
  const pen = createPen(options, arrows, tell)
  const learnAll = () => {
    reader.remember()
    for (const kept of arrows.all()) reader.study(kept)
  }
  return {
    who,
    onChange,
    lastSeq: pen.lastSeq,
    issued: reader.issued,
    call: (sighting) => pen.begin('call', sighting).exchange,
    answer: (exchange, sighting) => void pen.keep('answer', exchange, sighting),
    note: (sighting) => void pen.begin('note', sighting),
    ...phoneCalls({ pen, underWay, learnAll }),
    ...reading({ arrows, who, reader, learnAll, tell }),
  }
}

interface Writing {
  pen: ReturnType<typeof createPen>
  underWay: ReturnType<typeof createUnderWay>
  learnAll(): void
}

function phoneCalls({ pen, underWay, learnAll }: Writing): Pick<Recorder, 'phoneCall' | 'holderOf'> {
  return {
    phoneCall(sighting) {
      const kept = pen.begin('call', sighting)
      const { exchange } = kept
      learnAll()
      return {
        isLogin: underWay.begin(kept),
        answer(answered) {
          if (underWay.end(exchange)) pen.keep('answer', exchange, answered)
        },
      }
    },
    holderOf(message) {
      learnAll()
      return underWay.holderOf(message)
    },
  }
}

interface Reading {
  arrows: KeptArrows
  who: Who
  reader: ReturnType<typeof createReader>
  learnAll(): void
  tell(): void
}

function reading(parts: Reading): Pick<Recorder, 'read' | 'clear' | 'clearings' | 'secrets'> {
  const { arrows, who, reader, learnAll, tell } = parts
  let clearings = 0
  return {
    read({ after = 0, limit } = {}) {
      learnAll()
      const page = arrows.after(after).slice(0, limit)
      const stations = who.stations(arrows.all())
      return { stations, arrows: page.map(reader.show), dropped: arrows.dropped() }
    },
    clear() {
      learnAll()
      arrows.clear()
      clearings += 1
      tell()
    },
    clearings: () => clearings,
    secrets() {
      learnAll()
      const shown = reader.known.secrets.list().filter(({ kind }) => !NEVER_SHOWN.has(kind))
      return Object.fromEntries(shown.map(({ name, value }) => [name, value]))
    },
  }
}
