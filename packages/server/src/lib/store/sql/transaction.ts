import { isFault } from './faults.ts'

/** What a store's transaction does. Its work asks statements of it, as of the view that it extends. */
export interface SqlTransaction<View> {
  readonly isUndone: boolean
  /** Says the outcome of a transaction of which nothing shall be kept. */
  undo<Outcome>(outcome: Outcome): Outcome
  begin(): Promise<void>
  commit(): Promise<void>
  rollBack(): Promise<void>
  /** Whether such a failure of `commit` says that nothing was written. */
  isRefusal(error: unknown): boolean
  /** After a commit without an answer, on another connection. @throws DatabaseFault when that cannot be found out */
  wasCommitted(view: View): Promise<boolean>
}

/**
 * How a transaction ended, and whether its connection can be used again. `failed`: nothing was written. `unknown`:
 * COMMIT was sent, and no answer came.
 */
export type TransactionEnd<Result> =
  | { readonly kind: 'done'; readonly value: Result; readonly isSound: boolean }
  | { readonly kind: 'failed'; readonly error: unknown; readonly isSound: boolean }
  | { readonly kind: 'unknown'; readonly value: Result; readonly error: unknown; readonly isSound: boolean }

export async function play<View, Tx extends SqlTransaction<View>, Result>(
  tx: Tx,
  work: (tx: Tx) => Promise<Result>,
): Promise<TransactionEnd<Result>> {
  try {
    await tx.begin()
    const value = await work(tx)
    if (tx.isUndone) return { kind: 'done', value, isSound: await isRolledBack(tx) }
    return await commit(tx, value)
  } catch (error) {
    return { kind: 'failed', error, isSound: await isSoundAfter(tx, error) }
  }
}

async function commit<Result>(tx: SqlTransaction<never>, value: Result): Promise<TransactionEnd<Result>> {
  try {
    await tx.commit()
    return { kind: 'done', value, isSound: true }
  } catch (error) {
    const isSound = await isSoundAfter(tx, error)
    return { kind: tx.isRefusal(error) ? 'failed' : 'unknown', value, error, isSound }
  }
}

async function isSoundAfter(tx: SqlTransaction<never>, error: unknown): Promise<boolean> {
  return !isFault(error, 'gone') && (await isRolledBack(tx))
}

/** Where that does not work, the connection is closed, and the server does it by itself. */
function isRolledBack(tx: SqlTransaction<never>): Promise<boolean> {
  return tx.rollBack().then(
    () => true,
    () => false,
  )
}
