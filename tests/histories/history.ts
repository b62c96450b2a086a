import { createHash } from 'node:crypto'
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs'

/**
 * What a client asked of a server and what came of it: one JSON object a line. Times are milliseconds of the
 * machine's monotonic clock, which all processes on it share, so that a jump of the wall clock reorders nothing.
 */
export interface Operation {
  readonly kind: 'login' | 'validate' | 'renew' | 'revoke' | 'revokeUser' | 'ban' | 'unban'
  /** Which node was asked; `*` where the answer holds for every node (a command that waits for all of them). */
  readonly node: string
  readonly invokedAtMs: number
  /** When the answer was there, or when the client gave up. */
  readonly ackedAtMs: number
  /** `unknown`: no answer, or one (a 503) after which either may be so. */
  readonly outcome: 'ok' | 'refused' | 'unknown'
  /** Why it was refused, or what stood in for an answer. */
  readonly reason: string | null
  /** By `tokenName`: the token that was shown, or that a login gave. */
  readonly token: string | null
  /** The token that a renewal gave. */
  readonly nextToken: string | null
  readonly session: string | null
  readonly user: string | null
  readonly code: string | null
  /** Of a login: a later one of the same user on the same device takes its place. */
  readonly device: string | null
  /** Of a login: from here on it may be refused because its time is over. */
  readonly mayExpireAtMs: number | null
  /** Of `revokeUser`: the session that stays. */
  readonly exceptSession: string | null
  /** The name of the line that the server's own history has to hold once, if this was acknowledged. */
  readonly audit: string | null
}

/** What the nemesis did. `recovered`: from here on what was unknown has to be settled. */
export interface Mark {
  readonly kind: 'mark'
  readonly mark: 'fault.begun' | 'fault.ended' | 'recovered'
  readonly atMs: number
  readonly what: string
}

/** A line of the server's own history, read at the end; all of them, or rule vi is not judged. */
export interface AuditLine {
  readonly kind: 'audit'
  readonly name: string
}

export type HistoryLine = Operation | Mark | AuditLine

/** What is known before the answer is. */
export type Begun = Pick<Operation, 'kind' | 'node'> & Partial<Operation>
export type Ended = Pick<Operation, 'outcome'> & Partial<Operation>

export interface History {
  readonly lines: readonly HistoryLine[]
  /** Notes when it began; to be called with what came of it. A second call is a fault of the test. */
  begin(operation: Begun): (ended: Ended) => Operation
  mark(mark: Mark['mark'], what: string): void
  audit(name: string): void
  /** What nobody answered is unknown. */
  close(): void
}

/**
 * Only ever appended to; with a file, each line is in it before the call returns, so that a client that is killed
 * leaves behind what it knew.
 */
export function openHistory(file: string | null = null, nowMs: () => number = monotonicMs): History {
  const descriptor = file === null ? null : openSync(file, 'a')
  const lines: HistoryLine[] = []
  const open = new Set<(ended: Ended) => Operation>()
  const append = <Line extends HistoryLine>(line: Line): Line => {
    lines.push(line)
    if (descriptor !== null) writeSync(descriptor, `${JSON.stringify(line)}\n`)
    return line
  }
  const begin = (begun: Begun) => {
    const invokedAtMs = nowMs()
    const end = (ended: Ended) => {
      if (!open.delete(end)) throw new Error('This operation has ended already')
      return append({ ...EMPTY, ...begun, invokedAtMs, ackedAtMs: nowMs(), ...ended })
    }
    open.add(end)
    return end
  }
  return {
    lines,
    begin,
    mark: (mark, what) => void append({ kind: 'mark', mark, what, atMs: nowMs() }),
    audit: (name) => void append({ kind: 'audit', name }),
    close() {
      for (const end of [...open]) end({ outcome: 'unknown', reason: 'never answered' })
      if (descriptor !== null) closeSync(descriptor)
    },
  }
}

const EMPTY = {
  reason: null,
  token: null,
  nextToken: null,
  session: null,
  user: null,
  code: null,
  device: null,
  mayExpireAtMs: null,
  exceptSession: null,
  audit: null,
} as const

/** A line that a kill cut off at the end is left out. */
export function readHistory(file: string): HistoryLine[] {
  const texts = readFileSync(file, 'utf8').split('\n')
  texts.pop()
  return texts.map((text) => JSON.parse(text) as HistoryLine)
}

/** Tells tokens apart and opens nothing. */
export function tokenName(token: string): string {
  return createHash('sha256').update(token).digest('hex').slice(0, 16)
}

export function monotonicMs(): number {
  return Number(process.hrtime.bigint() / 1_000n) / 1_000
}
