import { randomBytes } from 'node:crypto'
import { isFault } from '../sql/faults.ts'
import type { Session } from './session.ts'
import { type Query, sql } from './sql.ts'

/**
 * MySQL cannot be asked what became of a transaction. So each writes one row that says so: a connection has a row of
 * its own, and each transaction on it writes its number there. The row is there with the rest or not at all. It is
 * locked until the transaction is over, so who wants to know waits for it; and there are as few rows as connections,
 * where a row for each transaction would have to be swept.
 */
export class Outcomes {
  readonly #id = randomBytes(16)
  #last = 0

  /** The next transaction of this connection. */
  next(threadId: number | null): OutcomeMark {
    this.#last += 1
    return { id: this.#id, number: this.#last, threadId }
  }
}

export interface OutcomeMark {
  readonly id: Uint8Array
  readonly number: number
  readonly threadId: number | null
}

/** By the server's own clock, which is the only one that sweeps here. */
export function noteOutcome({ id, number }: OutcomeMark): Query {
  return sql`INSERT INTO yaopai_outcomes (id, number, at_s) VALUES (${id}, ${number}, UNIX_TIMESTAMP())
    ON DUPLICATE KEY UPDATE number = ${number}, at_s = UNIX_TIMESTAMP()`
}

const KEEP_SECONDS = 86_400

export function sweepOutcomes(limit: number): Query {
  return sql`DELETE FROM yaopai_outcomes WHERE at_s < UNIX_TIMESTAMP() - ${KEEP_SECONDS} LIMIT ${limit}`
}

/**
 * Whether a transaction was committed whose COMMIT got no answer. Where the server still holds its row, since COMMIT
 * never reached it, its connection is ended there and the transaction with it. That the row is locked here also says
 * that this is the server that knows the connection by its number.
 * @throws DatabaseFault when that cannot be found out
 */
export async function wasCommitted(session: Session, mark: OutcomeMark): Promise<boolean> {
  const select = sql`SELECT number FROM yaopai_outcomes WHERE id = ${mark.id} FOR UPDATE`
  try {
    return isIn(mark, await session.first(sql`${select} NOWAIT`))
  } catch (error) {
    if (!isFault(error, 'late') || mark.threadId === null) throw error
  }
  await end(session, mark.threadId)
  return isIn(mark, await session.first(select))
}

function isIn(mark: OutcomeMark, row: { readonly number: number } | undefined): boolean {
  return row !== undefined && row.number >= mark.number
}

/** It may have ended by itself meanwhile, or be another user's to end. */
async function end(session: Session, threadId: number): Promise<void> {
  await session.ask([sql`KILL ${threadId}`]).catch((error: unknown) => {
    if (!isFault(error, 'other')) throw error
  })
}
