import { type Book, bookOf, least } from './book.ts'
import type { HistoryLine, Operation } from './history.ts'
import {
  auditFaults,
  doubleCodes,
  lostLogins,
  sharedTokens,
  unstableOutcomes,
  type Violation,
  wrongAccepts,
} from './rules.ts'

export interface Verdict {
  readonly ops: number
  /** Operations that were answered with success. */
  readonly acked: number
  readonly unknown: number
  /** Logins that were acknowledged and are gone, or of which nobody made sure. */
  readonly lost: number
  /** Requests that began after an acknowledged end (on other nodes: after the bound) and were accepted. */
  readonly wronglyAccepted: number
  /** The longest time in which a node gave no answer to what it was asked. */
  readonly longestUnavailabilityMs: number
  /** From the end of a fault to the first answer after the last failure, the longest; null: there was none. */
  readonly recoveryMs: number | null
  /** False where no line of the server's own history was handed in: then rule vi says nothing. */
  readonly isAuditJudged: boolean
  readonly violations: readonly Violation[]
}

/** Replays a history and judges it; good is what has no violations. */
export function checkHistory(lines: readonly HistoryLine[]): Verdict {
  const book = bookOf(lines)
  const lost = lostLogins(book)
  const wrong = wrongAccepts(book)
  const others = [sharedTokens, doubleCodes, unstableOutcomes, auditFaults].flatMap((rule) => rule(book))
  return {
    ops: book.operations.length,
    acked: countOf(book, 'ok'),
    unknown: countOf(book, 'unknown'),
    lost: lost.length,
    wronglyAccepted: wrong.length,
    longestUnavailabilityMs: longestUnavailabilityMs(book),
    recoveryMs: recoveryMs(book),
    isAuditJudged: book.audit.length > 0,
    violations: [...lost, ...wrong, ...others],
  }
}

function countOf({ operations }: Book, outcome: Operation['outcome']): number {
  return operations.filter((operation) => operation.outcome === outcome).length
}

function longestUnavailabilityMs({ operations }: Book): number {
  const nodes = new Set(operations.map(({ node }) => node))
  const longest = [...nodes].map((name) => silenceOf(operations.filter(({ node }) => node === name)))
  return Math.max(0, ...longest)
}

/** From the beginning of the first failure of a row to the answer that ends it; to the last failure where none does. */
function silenceOf(asked: readonly Operation[]): number {
  let sinceMs: number | null = null
  let longest = 0
  for (const { outcome, invokedAtMs, ackedAtMs } of asked.toSorted((a, b) => a.ackedAtMs - b.ackedAtMs)) {
    if (outcome === 'unknown') sinceMs = Math.min(sinceMs ?? invokedAtMs, invokedAtMs)
    if (sinceMs !== null) longest = Math.max(longest, ackedAtMs - sinceMs)
    if (outcome !== 'unknown') sinceMs = null
  }
  return longest
}

function recoveryMs({ operations, marks }: Book): number | null {
  const ended = marks.filter(({ mark }) => mark === 'fault.ended')
  const each = ended.map(({ atMs }) => {
    const next = marks.find((mark) => mark.mark === 'fault.begun' && mark.atMs > atMs)
    const after = operations.filter(
      ({ invokedAtMs }) => invokedAtMs >= atMs && invokedAtMs < (next?.atMs ?? Number.POSITIVE_INFINITY),
    )
    return recoveryOf(after, atMs)
  })
  return each.reduce<number | null>(
    (longest, one) => (longest === null || one === null ? null : Math.max(longest, one)),
    0,
  )
}

function recoveryOf(after: readonly Operation[], atMs: number): number | null {
  const lastFailure = after.findLast(({ outcome }) => outcome === 'unknown')
  const sinceMs = lastFailure?.invokedAtMs ?? atMs
  const answers = after.filter(({ outcome, invokedAtMs }) => outcome !== 'unknown' && invokedAtMs >= sinceMs)
  if (answers.length === 0) return null
  return least(answers.map(({ ackedAtMs }) => ackedAtMs)) - atMs
}
