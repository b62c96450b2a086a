import type { SweepOrder } from '../store.ts'
import { type Statement, statement } from './sql.ts'
import type { Transaction } from './transaction.ts'

/**
 * Rows of which something is over, from the oldest end of an index up to the limit. What somebody else holds is left
 * for the next time, so that two nodes that sweep at once share the work and never wait for each other. Materialized:
 * else PostgreSQL may run the select several times, and each time the limit begins anew.
 */
function overIn(table: string, keys: readonly string[], isOver: string): string {
  return `WITH found AS MATERIALIZED (SELECT ${keys.join(', ')} FROM yaopai.${table} WHERE ${isOver} LIMIT $2
    FOR UPDATE SKIP LOCKED)`
}

function isFound(table: string, keys: readonly string[]): string {
  return keys.map((key) => `${table}.${key} = found.${key}`).join(' AND ')
}

function dropWhere(table: string, key: string, isOver: string): Statement {
  return statement(
    `${overIn(table, [key], isOver)} DELETE FROM yaopai.${table} USING found WHERE ${isFound(table, [key])}`,
  )
}

function wipeWhere(table: string, keys: readonly string[], seed: string, isOver: string): Statement {
  return statement(
    `${overIn(table, keys, `${seed} IS NOT NULL AND ${isOver}`)}
     UPDATE yaopai.${table} SET ${seed} = NULL FROM found WHERE ${isFound(table, keys)}`,
  )
}

const ENDED_AT = 'coalesce(ended_at_ms, least(idle_deadline_ms, absolute_deadline_ms))'

const RETIRED_KEY = ['bucket', 'selector', 'token_hash']

/** Of the oldest sessions first what hangs on them, then those on which nothing hangs any more. */
const OLDEST_SESSIONS = `WITH oldest AS MATERIALIZED (SELECT bucket, selector FROM yaopai.sessions WHERE ${ENDED_AT} < $1
  ORDER BY ${ENDED_AT}, selector LIMIT $2 FOR UPDATE SKIP LOCKED)`
const DROP_RETIRED = statement(
  `${OLDEST_SESSIONS}, found AS MATERIALIZED (SELECT bucket, selector, token_hash FROM yaopai.retired_tokens
     WHERE (bucket, selector) IN (SELECT bucket, selector FROM oldest) LIMIT $2)
   DELETE FROM yaopai.retired_tokens USING found WHERE ${isFound('retired_tokens', RETIRED_KEY)}`,
)
const DROP_BARE = statement(
  `${OLDEST_SESSIONS} DELETE FROM yaopai.sessions USING oldest
    WHERE sessions.bucket = oldest.bucket AND sessions.selector = oldest.selector
    AND NOT EXISTS (SELECT 1 FROM yaopai.retired_tokens
      WHERE retired_tokens.bucket = sessions.bucket AND retired_tokens.selector = sessions.selector)`,
)
const DROP_CODES = dropWhere('codes', 'hash', 'forget_after_ms < $1')
const DROP_OPEN_DATA = dropWhere('open_data', 'hash', 'forget_after_ms < $1')
const DROP_EVENTS = dropWhere('events', 'id', 'at_ms < $1')
const DROP_CHANGES = dropWhere(
  'changes',
  'seq',
  'at_ms < $1 AND seq <= (SELECT max(seq) FROM yaopai.changes) - $3',
)
const WIPE_CODES = wipeWhere('codes', ['hash'], 'seed', 'used_at_ms < $1')
const WIPE_RETIRED = wipeWhere('retired_tokens', RETIRED_KEY, 'seed', 'good_until_ms <= $1')
const WIPE_SESSIONS = wipeWhere('sessions', ['bucket', 'selector'], 'renewal_seed', `${ENDED_AT} < $1`)

export async function sweep(tx: Transaction, { limit, ...order }: SweepOrder): Promise<number> {
  const turns: readonly (readonly [Statement, number, ...number[]])[] = [
    [DROP_RETIRED, order.sessionsBeforeMs],
    [DROP_BARE, order.sessionsBeforeMs],
    [DROP_CODES, order.nowMs],
    [DROP_OPEN_DATA, order.nowMs],
    [DROP_EVENTS, order.eventsBeforeMs],
    [DROP_CHANGES, order.changesBeforeMs, order.changesKept],
    [WIPE_CODES, order.seedsBeforeMs],
    [WIPE_RETIRED, order.nowMs],
    [WIPE_SESSIONS, order.nowMs],
  ]
  let swept = 0
  for (const [turn, beforeMs, ...more] of turns) swept += await tx.run(turn, beforeMs, limit, ...more)
  return swept
}
