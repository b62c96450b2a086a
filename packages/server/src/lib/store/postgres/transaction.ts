import type { Deadline } from '../sql/deadline.ts'
import type { SqlTransaction } from '../sql/transaction.ts'
import type { PgClient } from './driver.ts'
import type { PostgresLimits } from './limits.ts'
import { TRANSACTION_NUMBER, wasCommitted } from './outcome.ts'
import { Sql } from './sql.ts'

/**
 * A write transaction. READ COMMITTED, with locks taken on purpose: each statement sees what was committed before it
 * began, so what a lock protects is read by a statement of its own, after the one that took the lock.
 */
export class Transaction extends Sql implements SqlTransaction<Sql> {
  readonly #limits: PostgresLimits
  /** By this another connection finds out what became of it. */
  #number = ''
  isUndone = false

  constructor(client: PgClient, limits: PostgresLimits, deadline: Deadline) {
    super(client, limits, deadline)
    this.#limits = limits
  }

  undo<Outcome>(outcome: Outcome): Outcome {
    this.isUndone = true
    return outcome
  }

  /** One round trip: the rules of this transaction, whatever the database's defaults, and its number. */
  async begin(): Promise<void> {
    const { rows } = await this.script(beginScript(this.#limits))
    const [row] = rows as { readonly number: string }[]
    this.#number = row?.number ?? ''
  }

  async commit(): Promise<void> {
    await this.script('COMMIT')
  }

  async rollBack(): Promise<void> {
    await this.script('ROLLBACK')
  }

  /** The server is asked what became of it. */
  isRefusal(): boolean {
    return false
  }

  wasCommitted(sql: Sql): Promise<boolean> {
    return wasCommitted(sql, this.#number)
  }
}

/**
 * A database with `synchronous_commit = off` would say that a commit is done before it is on disk. All other settings
 * wait for the disk here, and how far they also wait for others is the operator's own choice.
 */
function beginScript({ lockMs, statementMs, idleInTransactionMs }: PostgresLimits): string {
  return `BEGIN ISOLATION LEVEL READ COMMITTED;
    SELECT set_config('lock_timeout', '${lockMs}', true), set_config('statement_timeout', '${statementMs}', true),
      set_config('idle_in_transaction_session_timeout', '${idleInTransactionMs}', true),
      CASE current_setting('synchronous_commit') WHEN 'off' THEN set_config('synchronous_commit', 'on', true) END,
      ${TRANSACTION_NUMBER} AS number`
}
