import type { HistoryLine, Mark, Operation } from './history.ts'

/** A history, put in order for the rules. */
export interface Book {
  readonly operations: readonly Operation[]
  readonly marks: readonly Mark[]
  readonly audit: readonly string[]
  /** By what `sessionNameOf` says, in the order in which they began. */
  readonly sessions: ReadonlyMap<string, SessionBook>
  /** Whatever may have ended a session (all but what was refused), by the name of the session or of its user. */
  readonly ends: ReadonlyMap<string, readonly Operation[]>
  /** Logins that were not refused, by user. */
  readonly logins: ReadonlyMap<string, readonly Operation[]>
  readonly unbans: readonly Operation[]
}

export interface SessionBook {
  readonly name: string
  readonly user: string | null
  /** Acknowledged ones: a retry of the same code gives the same session again. */
  readonly logins: readonly Operation[]
  readonly validates: readonly Operation[]
  readonly renewals: readonly Operation[]
}

const ENDING = new Set(['revoke', 'revokeUser', 'ban'])

export function bookOf(lines: readonly HistoryLine[]): Book {
  const operations = lines
    .filter((line): line is Operation => line.kind !== 'mark' && line.kind !== 'audit')
    .sort((a, b) => a.invokedAtMs - b.invokedAtMs)
  const notRefused = operations.filter(({ outcome }) => outcome !== 'refused')
  return {
    operations,
    marks: lines.filter((line): line is Mark => line.kind === 'mark'),
    audit: lines.flatMap((line) => (line.kind === 'audit' ? [line.name] : [])),
    sessions: sessionsOf(operations),
    ends: groupedBy(
      notRefused.filter(({ kind }) => ENDING.has(kind)),
      ({ kind, session, user }) => (kind === 'revoke' ? session : user),
    ),
    logins: groupedBy(
      notRefused.filter(({ kind }) => kind === 'login'),
      ({ user }) => user,
    ),
    unbans: notRefused.filter(({ kind }) => kind === 'unban'),
  }
}

function sessionsOf(operations: readonly Operation[]): Map<string, SessionBook> {
  const ofToken = new Map<string, string>()
  for (const { token, nextToken, session } of operations) {
    if (token !== null && session !== null) ofToken.set(token, session)
    if (nextToken !== null && session !== null) ofToken.set(nextToken, session)
  }
  const asked = operations.filter(({ kind }) => !ENDING.has(kind) && kind !== 'unban')
  const grouped = groupedBy(asked, ({ session, token }) =>
    token === null ? null : (session ?? ofToken.get(token) ?? `token ${token}`),
  )
  return new Map([...grouped].map(([name, asked]) => [name, sessionOf(name, asked)]))
}

function groupedBy(
  operations: readonly Operation[],
  nameOf: (operation: Operation) => string | null,
): Map<string, Operation[]> {
  const groups = new Map<string, Operation[]>()
  for (const operation of operations) {
    const name = nameOf(operation)
    if (name === null) continue
    const group = groups.get(name)
    if (group === undefined) groups.set(name, [operation])
    else group.push(operation)
  }
  return groups
}

function sessionOf(name: string, asked: readonly Operation[]): SessionBook {
  const of = (kind: Operation['kind']) => asked.filter((operation) => operation.kind === kind)
  return {
    name,
    user: asked.find(({ user }) => user !== null)?.user ?? null,
    logins: of('login').filter(({ outcome }) => outcome === 'ok'),
    validates: of('validate'),
    renewals: of('renew').filter(({ outcome }) => outcome !== 'refused'),
  }
}

/** The ends that are meant for the session. */
export function endsOf({ ends }: Book, { name, user }: SessionBook): Operation[] {
  const ofUser = user === null ? [] : (ends.get(user) ?? [])
  return [...(ends.get(name) ?? []), ...ofUser.filter(({ exceptSession }) => exceptSession !== name)]
}

/**
 * Had the session to be refused by an answer begun this long after the end was acknowledged? One that began after
 * `revokeUser` is not meant by it; a ban means all, until it is lifted.
 */
export function forbids(book: Book, session: SessionBook, end: Operation, asked: Operation): boolean {
  if (end.outcome !== 'ok') return false
  if (end.kind === 'revoke') return true
  if (end.kind === 'ban') return !isLifted(book, end, asked)
  const loginAckedAtMs = least(session.logins.map(({ ackedAtMs }) => ackedAtMs))
  return loginAckedAtMs <= end.invokedAtMs
}

function isLifted({ unbans }: Book, ban: Operation, asked: Operation): boolean {
  return unbans.some(
    ({ user, invokedAtMs, ackedAtMs }) =>
      user === ban.user && ackedAtMs > ban.invokedAtMs && invokedAtMs <= asked.ackedAtMs,
  )
}

/** Infinity where there is none. Not by `Math.min(...)`, which throws where there are a hundred thousand. */
export function least(values: readonly number[]): number {
  return values.reduce((lowest, value) => Math.min(lowest, value), Number.POSITIVE_INFINITY)
}
