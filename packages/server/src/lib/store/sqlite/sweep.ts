import type { SweepOrder } from '../store.ts'
import type { SqliteDatabase } from './driver.ts'
import { prepareQuery } from './query.ts'

/** A turn takes about so long, so that a login that waits behind it waits no longer. */
const TURN_MS = { least: 2, most: 4 }
const ROWS = { least: 32, first: 128, most: 4_096 }

export interface SweepTurn {
  readonly rows: number
  /** At most so many rows of each kind were looked for; as many or more were found: there may be more. */
  readonly limit: number
}

/**
 * One turn of a sweep: never more rows of each kind than ordered, and on a slow disk or with large rows fewer.
 * @param nowMs a monotonic clock
 */
export function prepareSweep(
  db: SqliteDatabase,
  nowMs: () => number = () => performance.now(),
): (order: SweepOrder) => SweepTurn {
  const dropOver = prepareDropOver(db)
  let rowsATurn = ROWS.first
  return (order) => {
    const limit = Math.min(order.limit, rowsATurn)
    const startedAt = nowMs()
    const rows = dropOver({ ...order, limit })
    const tookMs = nowMs() - startedAt
    if (tookMs > TURN_MS.most) rowsATurn = Math.max(ROWS.least, Math.ceil(rowsATurn / 2))
    else if (tookMs < TURN_MS.least && rows >= rowsATurn) rowsATurn = Math.min(ROWS.most, rowsATurn * 2)
    return { rows, limit }
  }
}

type Forget = (beforeMs: number, limit: number) => number

function prepareDropOver(db: SqliteDatabase): (order: SweepOrder) => number {
  const drop = (table: string, key: string, isOver: string): Forget =>
    prepareForget(db, { change: `DELETE FROM ${table}`, table, key, isOver })
  const dropSessions = prepareDropSessions(db)
  const dropCodes = drop('codes', 'hash', 'forget_after_ms < ?')
  const dropOpenData = drop('open_data', 'hash', 'forget_after_ms < ?')
  const dropEvents = drop('events', 'id', 'at_ms < ?')
  const dropChanges = prepareDropChanges(db)
  const wipeSeeds = prepareWipeSeeds(db)

  return ({ limit, ...order }) => {
    return (
      dropSessions(order.sessionsBeforeMs, limit) +
      dropCodes(order.nowMs, limit) +
      dropOpenData(order.nowMs, limit) +
      dropEvents(order.eventsBeforeMs, limit) +
      dropChanges(order, limit) +
      wipeSeeds.ofCodes(order.seedsBeforeMs, limit) +
      wipeSeeds.ofRetired(order.nowMs, limit) +
      wipeSeeds.ofSessions(order.nowMs, limit)
    )
  }
}

interface ForgetSql {
  readonly change: string
  readonly table: string
  readonly key: string
  readonly isOver: string
}

/**
 * Walks an index from its oldest end and stops at the limit. In most turns most kinds have nothing that is over: the
 * change would make its list of keys, a table in memory, only to find that out.
 */
function prepareForget(db: SqliteDatabase, { change, table, key, isOver }: ForgetSql): Forget {
  const selectAny = prepareQuery<unknown>(db, `SELECT 1 FROM ${table} WHERE ${isOver} LIMIT 1`)
  const forget = prepareQuery(
    db,
    `${change} WHERE (${key}) IN (SELECT ${key} FROM ${table} WHERE ${isOver} LIMIT ?)`,
  )
  return (beforeMs, limit) => (selectAny.one(beforeMs) === undefined ? 0 : forget.run(beforeMs, limit))
}

const ENDED_AT = 'coalesce(ended_at_ms, min(idle_deadline_ms, absolute_deadline_ms))'

/**
 * Of the oldest ones first what hangs on them; they themselves once nothing does. One step along the index finds where
 * they end, and all up to there go, which costs less than a list of their keys.
 */
function prepareDropSessions(db: SqliteDatabase): Forget {
  const selectLast = prepareQuery<{ ended_at_ms: number; selector: number }>(
    db,
    `SELECT ${ENDED_AT} AS ended_at_ms, selector FROM sessions WHERE ${ENDED_AT} < ?
      ORDER BY ${ENDED_AT}, selector LIMIT 1 OFFSET ?`,
  )
  const upToLast = `${ENDED_AT} <= ?1 AND (${ENDED_AT} < ?1 OR sessions.selector <= ?2)`
  const hanging = `sessions CROSS JOIN retired_tokens USING (selector) WHERE ${upToLast}`
  const selectAnyRetired = prepareQuery<unknown>(db, `SELECT 1 FROM ${hanging} LIMIT 1`)
  const dropRetired = prepareQuery(
    db,
    `DELETE FROM retired_tokens WHERE (selector, token_hash) IN (
       SELECT selector, retired_tokens.token_hash FROM ${hanging} LIMIT ?3)`,
  )
  const dropSessions = prepareQuery(db, `DELETE FROM sessions WHERE ${upToLast}`)
  return (beforeMs, limit) => {
    const all = { ended_at_ms: beforeMs - 1, selector: Number.MAX_SAFE_INTEGER }
    const { ended_at_ms: endedAtMs, selector } = selectLast.one(beforeMs, limit - 1) ?? all
    const isBare = selectAnyRetired.one(endedAtMs, selector) === undefined
    const retired = isBare ? 0 : dropRetired.run(endedAtMs, selector, limit)
    return retired >= limit ? retired : retired + dropSessions.run(endedAtMs, selector)
  }
}

function prepareDropChanges(db: SqliteDatabase): (order: Omit<SweepOrder, 'limit'>, limit: number) => number {
  const selectNewest = prepareQuery<{ seq: number | null }>(db, 'SELECT max(seq) AS seq FROM changes')
  const dropUpTo = prepareQuery(
    db,
    `DELETE FROM changes WHERE seq IN (SELECT seq FROM changes WHERE at_ms < ? AND seq <= ? LIMIT ?)`,
  )
  return ({ changesBeforeMs, changesKept }, limit) => {
    const last = (selectNewest.one()?.seq ?? 0) - changesKept
    return last < 1 ? 0 : dropUpTo.run(changesBeforeMs, last, limit)
  }
}

/** Codes and retired tokens stay when they can no more be derived again, and so do sessions that are over. */
function prepareWipeSeeds(db: SqliteDatabase): {
  readonly [Kind in 'ofCodes' | 'ofRetired' | 'ofSessions']: Forget
} {
  return {
    ofCodes: prepareForget(db, {
      change: 'UPDATE codes SET seed = NULL',
      table: 'codes',
      key: 'hash',
      isOver: 'seed IS NOT NULL AND used_at_ms < ?',
    }),
    ofRetired: prepareForget(db, {
      change: 'UPDATE retired_tokens SET seed = NULL',
      table: 'retired_tokens',
      key: 'selector, token_hash',
      isOver: 'seed IS NOT NULL AND good_until_ms <= ?',
    }),
    ofSessions: prepareForget(db, {
      change: 'UPDATE sessions SET renewal_seed = NULL',
      table: 'sessions',
      key: 'selector',
      isOver: `renewal_seed IS NOT NULL AND ${ENDED_AT} < ?`,
    }),
  }
}
