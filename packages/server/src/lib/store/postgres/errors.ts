import { DatabaseError } from '../database-error.ts'

/** A database that this store cannot run on: nothing is damaged, but this is not the one, or not as it must be. */
export class UnsuitableDatabaseError extends DatabaseError {
  constructor(message: string, cause?: unknown) {
    super(message, 78, cause)
  }
}

/**
 * `gone`: the connection, or the server behind it; another connection may work. `moved`: two transactions were in
 * each other's way, and this one was undone. `taken`: a key is there already. `late`: another transaction's lock was
 * not to be had in time. `other`: whatever else the server refuses.
 */
export type FaultKind = 'gone' | 'moved' | 'taken' | 'late' | 'other'

/** What the driver threw, judged once. Its cause becomes that of the `StoreUnavailableError` that a caller gets. */
export class PostgresFault extends Error {
  readonly kind: FaultKind

  constructor(error: unknown, kind = kindOf(error)) {
    super('PostgreSQL', { cause: bare(error) })
    this.name = 'PostgresFault'
    this.kind = kind
  }
}

/** By the server's five-letter codes, see appendix A of its manual. 25006: the server only reads, so it is not the one
 * to write to any more; another connection may reach its successor. */
const KINDS: Readonly<Record<string, FaultKind>> = {
  '23505': 'taken',
  '25006': 'gone',
  '25P03': 'gone',
  '40001': 'moved',
  '40P01': 'moved',
  '53300': 'gone',
  '55P03': 'late',
  '57P01': 'gone',
  '57P02': 'gone',
  '57P03': 'gone',
  '57P05': 'gone',
}

/** An error without a code is not the server's, but of the way to it. */
function kindOf(error: unknown): FaultKind {
  const code = sqlStateOf(error)
  if (code === null || code.startsWith('08')) return 'gone'
  return KINDS[code] ?? 'other'
}

function sqlStateOf(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return null
  return 'severity' in error && /^[0-9A-Z]{5}$/.test(error.code) ? error.code : null
}

/** Of these two classes the server quotes values of the rows it complains of, and no openid belongs in a log. */
const QUOTES_VALUES = /^2[23]/

function bare(error: unknown): unknown {
  const code = sqlStateOf(error)
  if (code === null || !(error instanceof Error)) return error
  const reason = QUOTES_VALUES.test(code) ? 'a value does not fit, or its key is taken' : error.message
  return new RefusedError(code, reason)
}

/** What the server refused, by its code, without the values that it was about. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError'
  readonly code: string

  constructor(code: string, reason: string) {
    super(`PostgreSQL refused (${code}): ${reason}`)
    this.code = code
  }
}

export function isTaken(error: unknown): boolean {
  return error instanceof RefusedError && KINDS[error.code] === 'taken'
}

/** This user has no right to it. */
export function isForbidden(error: unknown): boolean {
  return error instanceof RefusedError && error.code === '42501'
}
