import type { MysqlConnection } from './driver.ts'
import { MysqlFault } from './errors.ts'
import type { Limits } from './limits.ts'
import { noteOutcome, type OutcomeMark } from './outcome.ts'
import { type Answer, Session } from './session.ts'
import { type Query, sql } from './sql.ts'

/**
 * How a transaction ended, and whether its connection can be used again. `failed`: nothing was written. `unknown`:
 * COMMIT was sent, and no answer came.
 */
export type TransactionEnd<Result> =
  | { readonly kind: 'done'; readonly value: Result; readonly isSound: boolean }
  | { readonly kind: 'failed'; readonly error: unknown; readonly isSound: boolean }
  | { readonly kind: 'unknown'; readonly value: Result; readonly error: unknown; readonly isSound: boolean }

const BEGIN = sql`START TRANSACTION`
const COMMIT = sql`COMMIT`
const ROLLBACK = sql`ROLLBACK`

/**
 * A write transaction. READ COMMITTED, with locks taken on purpose: each statement sees what was committed before it
 * began, so what a lock protects is read by a statement after the one that took the lock.
 *
 * It travels in few round trips: the beginning goes with the first statements that are asked, and what nothing depends
 * on any more is kept to go with the commit.
 */
export class Transaction extends Session {
  readonly #mark: OutcomeMark
  readonly #last: Query[] = []
  #hasBegun = false
  #isUndone = false

  constructor(connection: MysqlConnection, limits: Limits, mark: OutcomeMark) {
    super(connection, limits)
    this.#mark = mark
  }

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

  /** Says the outcome of a transaction of which nothing shall be kept. */
  undo<Outcome>(outcome: Outcome): Outcome {
    this.#isUndone = true
    return outcome
  }

  async play<Result>(work: (tx: Transaction) => Promise<Result>): Promise<TransactionEnd<Result>> {
    try {
      const value = await work(this)
      if (this.#isUndone) return { kind: 'done', value, isSound: await this.#rollBack() }
      return await this.#commit(value)
    } catch (error) {
      return { kind: 'failed', error, isSound: !isGone(error) && (await this.#rollBack()) }
    }
  }

  async #commit<Result>(value: Result): Promise<TransactionEnd<Result>> {
    try {
      await this.ask([...this.#last, COMMIT])
      return { kind: 'done', value, isSound: true }
    } catch (error) {
      const isSound = !isGone(error) && (await this.#rollBack())
      return { kind: cameBeforeCommit(error) ? 'failed' : 'unknown', value, error, isSound }
    }
  }

  /** Whether that worked. Where it does not, the connection is closed, and the server does it by itself. */
  async #rollBack(): Promise<boolean> {
    if (!this.#hasBegun) return true
    try {
      await super.ask([ROLLBACK])
      return true
    } catch {
      return false
    }
  }
}

function isGone(error: unknown): boolean {
  return error instanceof MysqlFault && error.kind === 'gone'
}

/** Refusals that only a statement before the commit can meet, or that say that the commit was undone. */
function cameBeforeCommit(error: unknown): boolean {
  return (
    error instanceof MysqlFault && (error.kind === 'moved' || error.kind === 'late' || error.kind === 'taken')
  )
}
