import { type Book, endsOf, forbids, least, type SessionBook } from './book.ts'
import type { Operation } from './history.ts'

/** A rule that the history breaks, and where. */
export interface Violation {
  readonly rule: 'i' | 'ii' | 'iii' | 'iv' | 'v' | 'vi'
  readonly what: string
  readonly operations: readonly Operation[]
}

/** How long after an acknowledged end another node may still accept. */
export const BOUND_MS = 1_000

/** (i) Every acknowledged login validates, or something may have ended it. */
export function lostLogins(book: Book): Violation[] {
  const found: Violation[] = []
  for (const session of acknowledged(book)) {
    const refused = session.validates.filter((asked) => asked.outcome === 'refused')
    const lost = refused.find((asked) => !mayBeRefused(book, session, asked))
    if (lost !== undefined) found.push({ rule: 'i', what: `${session.name} was lost`, operations: [lost] })
    else if (!isAccountedFor(book, session))
      found.push({ rule: 'i', what: `${session.name} was never asked for`, operations: session.logins })
  }
  return found
}

function acknowledged(book: Book): SessionBook[] {
  return [...book.sessions.values()].filter(({ logins }) => logins.length > 0)
}

function isAccountedFor(book: Book, session: SessionBook): boolean {
  const isAnswered = session.validates.some(({ outcome }) => outcome !== 'unknown')
  return isAnswered || endsOf(book, session).length > 0
}

function mayBeRefused(
  book: Book,
  session: SessionBook,
  asked: Operation,
  ends: readonly Operation[] = endsOf(book, session),
): boolean {
  if (ends.some(({ invokedAtMs }) => invokedAtMs <= asked.ackedAtMs)) return true
  if (isRenewed(session, asked)) return true
  const [login] = session.logins
  if (login === undefined) return true
  if (login.mayExpireAtMs !== null && login.mayExpireAtMs <= asked.ackedAtMs) return true
  return isReplaced(book, login, asked)
}

/** A token that another one has followed. */
function isRenewed({ renewals }: SessionBook, asked: Operation): boolean {
  return renewals.some(({ token, invokedAtMs }) => token === asked.token && invokedAtMs <= asked.ackedAtMs)
}

function isReplaced(book: Book, { user, device, session }: Operation, asked: Operation): boolean {
  if (user === null || device === null) return false
  return (book.logins.get(user) ?? []).some(
    (later) => later.device === device && later.session !== session && later.invokedAtMs <= asked.ackedAtMs,
  )
}

/** (ii) Nothing that began after an acknowledged end was accepted: at once on that node, within the bound on others. */
export function wrongAccepts(book: Book): Violation[] {
  const found: Violation[] = []
  for (const session of book.sessions.values()) {
    const ends = endsOf(book, session)
    for (const asked of session.validates) {
      if (asked.outcome !== 'ok') continue
      const end = ends.find((one) => isOver(one, asked) && forbids(book, session, one, asked))
      if (end !== undefined)
        found.push({
          rule: 'ii',
          what: `${session.name} was accepted after its end`,
          operations: [end, asked],
        })
    }
  }
  return found
}

function isOver(end: Operation, asked: Operation): boolean {
  const isKnownThere = end.node === asked.node || end.node === '*'
  return asked.invokedAtMs > end.ackedAtMs + (isKnownThere ? 0 : BOUND_MS)
}

/** (iii) No token speaks for two users. */
export function sharedTokens(book: Book): Violation[] {
  const shown = book.operations.filter(({ outcome }) => outcome === 'ok')
  const pairs = shown.flatMap((operation) => [
    { key: operation.token, value: operation.user, operation },
    { key: operation.nextToken, value: operation.user, operation },
  ])
  return doubles(pairs, 'iii', 'a token of two users')
}

/** (iv) A code makes one session at most. */
export function doubleCodes(book: Book): Violation[] {
  const logins = book.operations.filter(({ kind, outcome }) => kind === 'login' && outcome === 'ok')
  const pairs = logins.map((operation) => ({ key: operation.code, value: operation.session, operation }))
  return doubles(pairs, 'iv', 'a code of two sessions')
}

interface Pair {
  readonly key: string | null
  readonly value: string | null
  readonly operation: Operation
}

function doubles(pairs: readonly Pair[], rule: Violation['rule'], what: string): Violation[] {
  const first = new Map<string, Pair>()
  const found: Violation[] = []
  for (const pair of pairs) {
    if (pair.key === null || pair.value === null) continue
    const before = first.get(pair.key)
    if (before === undefined) first.set(pair.key, pair)
    else if (before.value !== pair.value)
      found.push({ rule, what, operations: [before.operation, pair.operation] })
  }
  return found
}

/**
 * (v) What is unknown may have happened or not, but it is one of them. Who was once refused does not come back, and
 * who is accepted after the recovery is not refused later for something that was under way before it.
 */
export function unstableOutcomes(book: Book): Violation[] {
  return [...book.sessions.values()].flatMap((session) => [
    ...cameBack(book, session),
    ...endedLate(book, session),
  ])
}

function cameBack(book: Book, session: SessionBook): Violation[] {
  const refused = session.validates.filter(({ outcome }) => outcome === 'refused')
  const sinceMs = least(refused.map(({ ackedAtMs }) => ackedAtMs))
  // What began before anything was refused needs no comparing: of a session that lived long that is nearly all.
  const found = session.validates.filter(
    ({ outcome, invokedAtMs }) => outcome === 'ok' && invokedAtMs > sinceMs,
  )
  return found.flatMap((asked) => {
    const before = refused.find(
      (one) => one.token === asked.token && isOver(one, asked) && !freed(book, session, one, asked),
    )
    if (before === undefined) return []
    return [{ rule: 'v' as const, what: `${session.name} came back`, operations: [before, asked] }]
  })
}

function freed({ unbans }: Book, { user }: SessionBook, refused: Operation, asked: Operation): boolean {
  return unbans.some(
    (unban) =>
      unban.user === user && unban.ackedAtMs > refused.invokedAtMs && unban.invokedAtMs <= asked.ackedAtMs,
  )
}

function endedLate(book: Book, session: SessionBook): Violation[] {
  const recovered = book.marks.filter(({ mark }) => mark === 'recovered')
  return recovered.flatMap(({ atMs }) => {
    const isSettled = ({ invokedAtMs }: Operation) => invokedAtMs > atMs + BOUND_MS
    const accepted = session.validates.find((asked) => asked.outcome === 'ok' && isSettled(asked))
    if (accepted === undefined) return []
    const ends = endsOf(book, session)
    const newEnds = ends.filter(({ invokedAtMs }) => invokedAtMs > atMs)
    if (newEnds.length === ends.length) return []
    const later = session.validates.find(
      (asked) =>
        asked.outcome === 'refused' &&
        asked.token === accepted.token &&
        asked.invokedAtMs > accepted.ackedAtMs &&
        !mayBeRefused(book, session, asked, newEnds),
    )
    if (later === undefined) return []
    return [{ rule: 'v' as const, what: `${session.name} ended late`, operations: [accepted, later] }]
  })
}

/** (vi) The server's own history holds each acknowledged event once. */
export function auditFaults(book: Book): Violation[] {
  if (book.audit.length === 0) return []
  const times = new Map<string, number>()
  for (const name of book.audit) times.set(name, (times.get(name) ?? 0) + 1)
  const asked = book.operations.filter(({ outcome, audit }) => outcome === 'ok' && audit !== null)
  const expected = new Map(asked.map((operation) => [operation.audit ?? '', operation]))
  return [...expected].flatMap(([name, operation]) => {
    const count = times.get(name) ?? 0
    if (count === 1) return []
    return [{ rule: 'vi' as const, what: `${name} is told ${count} times`, operations: [operation] }]
  })
}
