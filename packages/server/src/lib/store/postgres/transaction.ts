import type { PgClient } from './driver.ts'
import { PostgresFault } from './errors.ts'
import type { Limits } from './limits.ts'
import { HISTORY, TRANSACTION_NUMBER, type TransactionName } from './outcome.ts'
import { Sql } from './sql.ts'

/**
 * How a transaction ended, and whether its connection can be used again. `failed`: nothing was written. `unknown`:
 * COMMIT was sent, and no answer came.
 */
export type TransactionEnd<Result> =
  | { readonly kind: 'done'; readonly value: Result; readonly isSound: boolean }
  | { readonly kind: 'failed'; readonly error: unknown; readonly isSound: boolean }
  | {
      readonly kind: 'unknown'
      readonly value: Result
      readonly error: unknown
      /** By this name another connection finds out what became of it. */
      readonly name: TransactionName
      readonly isSound: false
    }

/** Of the server at the other end of each connection: none outlives a crash, and so it is asked for once. */
const histories = new WeakMap<PgClient, string>()

/**
 * A write transaction. READ COMMITTED, with locks taken on purpose: each statement sees what was committed before it
 * began, so what a lock protects is read by a statement of its own, after the one that took the lock.
 */
export class Transaction extends Sql {
  readonly #client: PgClient
  readonly #limits: Limits
  #isUndone = false

  constructor(client: PgClient, limits: Limits) {
    super(client, limits)
    this.#client = client
    this.#limits = limits
  }

  /** Says the outcome of a transaction of which nothing shall be kept. */
  undo<Outcome>(outcome: Outcome): Outcome {
    this.#isUndone = true
    return outcome
  }

  async play<Result>(work: (tx: Transaction) => Promise<Result>): Promise<TransactionEnd<Result>> {
    try {
      const name = await this.#begin()
      const value = await work(this)
      if (this.#isUndone) return { kind: 'done', value, isSound: await this.#rollBack() }
      return await this.#commit(value, name)
    } catch (error) {
      const isGone = error instanceof PostgresFault && error.kind === 'gone'
      return { kind: 'failed', error, isSound: !isGone && (await this.#rollBack()) }
    }
  }

  /** One round trip: the rules of this transaction, whatever the database's defaults, and its name. */
  async #begin(): Promise<TransactionName> {
    const known = histories.get(this.#client)
    const { rows } = await this.script(beginScript(this.#limits, known === undefined))
    const [row] = rows as { readonly number: string; readonly history?: string }[]
    const history = known ?? row?.history
    if (row === undefined || history === undefined)
      throw new PostgresFault(new Error('The transaction has no number'), 'other')
    histories.set(this.#client, history)
    return { number: row.number, history }
  }

  async #commit<Result>(value: Result, name: TransactionName): Promise<TransactionEnd<Result>> {
    try {
      await this.script('COMMIT')
      return { kind: 'done', value, isSound: true }
    } catch (error) {
      return { kind: 'unknown', value, error, name, isSound: false }
    }
  }

  /** Whether that worked. Where it does not, the connection is closed, and the server does it by itself. */
  async #rollBack(): Promise<boolean> {
    try {
      await this.script('ROLLBACK')
      return true
    } catch {
      return false
    }
  }
}

/**
 * A database with `synchronous_commit = off` would say that a commit is done before it is on disk. All other settings
 * wait for the disk here, and how far they also wait for others is the operator's own choice.
 */
function beginScript({ lockMs, statementMs, idleInTransactionMs }: Limits, isNew: boolean): string {
  return `BEGIN ISOLATION LEVEL READ COMMITTED;
    SELECT set_config('lock_timeout', '${lockMs}', true), set_config('statement_timeout', '${statementMs}', true),
      set_config('idle_in_transaction_session_timeout', '${idleInTransactionMs}', true),
      CASE current_setting('synchronous_commit') WHEN 'off' THEN set_config('synchronous_commit', 'on', true) END,
      ${TRANSACTION_NUMBER} AS number${isNew ? `, ${HISTORY} AS history` : ''}`
}
