import type { SweepOrder } from '../store.ts'
import { sweepOutcomes } from './outcome.ts'
import { type Query, sql } from './sql.ts'
import type { Transaction } from './transaction.ts'

/** From the oldest end of an index up to the limit. Where two nodes sweep at once, one waits for the other's rows. */
function turns({ limit, ...order }: SweepOrder): Query[] {
  const { nowMs, eventsBeforeMs, changesBeforeMs, changesKept, seedsBeforeMs } = order
  // In a table of its own: MySQL reads none that it deletes from.
  const last = sql`(SELECT seq FROM (SELECT MAX(seq) - ${changesKept} AS seq FROM yaopai_changes) AS newest)`
  const drop = (table: Query, isOver: Query) => sql`DELETE FROM ${table} WHERE ${isOver} LIMIT ${limit}`
  const wipe = (table: Query, seed: Query, isOver: Query) =>
    sql`UPDATE ${table} SET ${seed} = NULL WHERE ${isOver} LIMIT ${limit}`
  return [
    drop(sql`yaopai_codes`, sql`forget_after_ms < ${nowMs} ORDER BY forget_after_ms`),
    drop(sql`yaopai_open_data`, sql`forget_after_ms < ${nowMs} ORDER BY forget_after_ms`),
    drop(sql`yaopai_events`, sql`at_ms < ${eventsBeforeMs} ORDER BY at_ms`),
    drop(sql`yaopai_changes`, sql`at_ms < ${changesBeforeMs} AND seq <= ${last} ORDER BY at_ms`),
    wipe(sql`yaopai_codes`, sql`seed`, sql`seed_used_at_ms < ${seedsBeforeMs} ORDER BY seed_used_at_ms`),
    wipe(sql`yaopai_retired_tokens`, sql`seed`, sql`seed_until_ms <= ${nowMs} ORDER BY seed_until_ms`),
    wipe(sql`yaopai_sessions`, sql`renewal_seed`, sql`seed_ends_at_ms < ${nowMs} ORDER BY seed_ends_at_ms`),
  ]
}

/** Rows of connections that are long gone are nobody's business, and do not count. */
export async function sweep(tx: Transaction, order: SweepOrder): Promise<number> {
  const answers = await tx.ask([...dropSessions(order), ...turns(order), sweepOutcomes(order.limit)])
  return answers.slice(0, -1).reduce((sum, { written }) => sum + written, 0)
}

/**
 * Of the oldest sessions first what hangs on them, then those on which nothing hangs any more. A DELETE of several tables
 * knows no LIMIT, so that stands in a table of its own, which the server makes first.
 */
function dropSessions({ sessionsBeforeMs, limit }: SweepOrder): Query[] {
  const oldest = sql`(SELECT bucket, selector FROM yaopai_sessions WHERE ends_at_ms < ${sessionsBeforeMs}
    ORDER BY ends_at_ms, selector LIMIT ${limit}) AS oldest`
  const hanging = sql`(SELECT bucket, selector, token_hash FROM ${oldest}
    JOIN yaopai_retired_tokens USING (bucket, selector) LIMIT ${limit}) AS hanging`
  return [
    sql`DELETE yaopai_retired_tokens FROM ${hanging}
      JOIN yaopai_retired_tokens USING (bucket, selector, token_hash)`,
    sql`DELETE yaopai_sessions FROM ${oldest} JOIN yaopai_sessions USING (bucket, selector)
      LEFT JOIN yaopai_retired_tokens USING (bucket, selector) WHERE yaopai_retired_tokens.selector IS NULL`,
  ]
}
