import { DatabaseError } from '../database-error.ts'

/** A database that a store cannot run on: nothing is damaged, but this is not the one, or not as it must be. */
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
export class DatabaseFault extends Error {
  override readonly name = 'DatabaseFault'
  readonly kind: FaultKind

  constructor(kind: FaultKind, cause: unknown) {
    super('The database', { cause })
    this.kind = kind
  }
}

/** What the server refused, by its own code, without the values that it was about: no openid belongs in a log. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError'
  readonly kind: FaultKind
  readonly code: string | number

  constructor(message: string, { kind, code }: Pick<RefusedError, 'kind' | 'code'>) {
    super(message)
    this.kind = kind
    this.code = code
  }
}

export function isFault(error: unknown, kind: FaultKind): boolean {
  return error instanceof DatabaseFault && error.kind === kind
}

/** What the server refused by this fault; null where it was not the server, or no fault. */
export function refusalIn(error: unknown): RefusedError | null {
  return error instanceof DatabaseFault && error.cause instanceof RefusedError ? error.cause : null
}
