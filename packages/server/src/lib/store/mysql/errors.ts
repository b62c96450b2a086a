import { DatabaseError } from '../database-error.ts'

/** A database that this store cannot run on: nothing is damaged, but this is not the one, or not as it must be. */
export class UnsuitableDatabaseError extends DatabaseError {
  constructor(message: string, cause?: unknown) {
    super(message, 78, cause)
  }
}

/**
 * `gone`: the connection, or the server behind it; another connection may work. `moved`: two transactions were in
 * each other's way, and this one was undone. `late`: another transaction's lock was not to be had in time. `taken`: a
 * key is there already. `other`: whatever else the server refuses.
 */
export type FaultKind = 'gone' | 'moved' | 'late' | 'taken' | 'other'

/** What the driver threw, judged once. Its cause becomes that of the `StoreUnavailableError` that a caller gets. */
export class MysqlFault extends Error {
  readonly kind: FaultKind

  constructor(error: unknown, kind = kindOf(error)) {
    super('MySQL', { cause: bare(error) })
    this.name = 'MysqlFault'
    this.kind = kind
  }
}

/**
 * By the numbers that MySQL and MariaDB have in common, and some of one alone. A server that only reads (1290, 1792,
 * 1836) is not the one to write to any more; another connection may reach its successor.
 */
const KINDS: Readonly<Record<number, FaultKind>> = {
  1020: 'moved', // the row has changed since it was read (MariaDB)
  1040: 'gone', // too many connections
  1047: 'gone', // a node that has left its cluster (Galera)
  1053: 'gone', // shutting down
  1062: 'taken',
  1158: 'gone', // 1158 to 1161: the network
  1159: 'gone',
  1160: 'gone',
  1161: 'gone',
  1203: 'gone', // too many connections of this user
  1205: 'late',
  1213: 'moved',
  1226: 'gone', // this user's share is used up
  1290: 'gone',
  1317: 'gone', // somebody ended the statement
  1792: 'gone',
  1836: 'gone',
  1927: 'gone', // somebody ended the connection (MariaDB)
  3101: 'moved', // another node of the group was first (MySQL)
  3169: 'gone', // somebody ended the connection (MySQL)
  3572: 'late', // NOWAIT (MySQL; MariaDB says 1205)
  4031: 'gone', // silent for too long (MySQL)
  8002: 'moved', // TiDB: two transactions wrote the same
  8022: 'moved',
  8028: 'moved',
  9007: 'moved',
}

/** An error without a number is not the server's, but of the way to it. */
function kindOf(error: unknown): FaultKind {
  const number = numberOf(error)
  return number === null ? 'gone' : (KINDS[number] ?? 'other')
}

function numberOf(error: unknown): number | null {
  if (!(error instanceof Error) || !('errno' in error) || !('sqlState' in error)) return null
  return typeof error.errno === 'number' ? error.errno : null
}

/** The server quotes rows in its messages and the driver adds the whole statement: no openid belongs in a log. */
function bare(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  const number = numberOf(error)
  if (number !== null) return new RefusedError(number, code)
  const hint = code === '' || error.message.includes(code) ? '' : ` (${code})`
  return Object.assign(new Error(`${error.message}${hint}`), { code })
}

/** What the server refused, by its number, without the values that it was about. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError'
  readonly number: number

  constructor(number: number, code: string) {
    super(`MySQL refused (${number} ${code})`)
    this.number = number
  }
}

export function isTaken(error: unknown): boolean {
  return error instanceof RefusedError && KINDS[error.number] === 'taken'
}
