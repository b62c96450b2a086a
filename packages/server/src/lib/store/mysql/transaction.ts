import type { Deadline } from '../sql/deadline.ts'
import { DatabaseFault, refusalIn } from '../sql/faults.ts'
import type { SqlTransaction } from '../sql/transaction.ts'
import type { MysqlConnection } from './driver.ts'
import { saysReadOnly } from './faults.ts'
import type { MysqlLimits } from './limits.ts'
import { noteOutcome, type OutcomeMark, wasCommitted } from './outcome.ts'
import { type Answer, Session } from './session.ts'
import { type Query, sql } from './sql.ts'

const BEGIN = sql`START TRANSACTION`
const COMMIT = sql`COMMIT`
const ROLLBACK = sql`ROLLBACK`

interface TransactionOptions {
  readonly limits: MysqlLimits
  readonly deadline: Deadline
  readonly mark: OutcomeMark
}

/**
 * A write transaction. READ COMMITTED, with locks taken on purpose: each statement sees what was committed before it
 * began, so what a lock protects is read by a statement after the one that took the lock.
 *
 * It travels in few round trips: the beginning goes with the first statements that are asked, and what nothing depends
 * on any more is kept to go with the commit.
 */
export class Transaction extends Session implements SqlTransaction<Session> {
  readonly #mark: OutcomeMark
  readonly #last: Query[] = []
  #hasBegun = false
  isUndone = false

  constructor(connection: MysqlConnection, { limits, deadline, mark }: TransactionOptions) {
    super(connection, limits, deadline)
    this.#mark = mark
  }

  /** The first statements bring it along. */
  async begin(): Promise<void> {}

  override async ask(queries: readonly Query[], answerMs?: number): Promise<Answer[]> {
    if (this.#hasBegun) return super.ask(queries, answerMs)
    this.#hasBegun = true
    const beginning = [BEGIN, noteOutcome(this.#mark)]
    return (await super.ask([...beginning, ...queries], answerMs)).slice(beginning.length)
  }

  /** Sent with the commit, in the order in which they came here. */
  atLast(...queries: readonly Query[]): void {
    this.#last.push(...queries)
  }

  undo<Outcome>(outcome: Outcome): Outcome {
    this.isUndone = true
    return outcome
  }

  async commit(): Promise<void> {
    await this.ask([...this.#last, COMMIT])
  }

  async rollBack(): Promise<void> {
    if (this.#hasBegun) await super.ask([ROLLBACK])
  }

  /** Refusals that only a statement before the commit can meet, or that say that the commit was undone. */
  isRefusal(error: unknown): boolean {
    if (!(error instanceof DatabaseFault)) return false
    const refusal = refusalIn(error)
    return (refusal !== null && saysReadOnly(refusal)) || ['moved', 'late', 'taken'].includes(error.kind)
  }

  wasCommitted(session: Session): Promise<boolean> {
    return wasCommitted(session, this.#mark)
  }
}
