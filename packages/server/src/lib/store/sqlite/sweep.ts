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

/** Each statement walks an index from its oldest end and stops at the limit. */
function prepareDropOver(db: SqliteDatabase): (order: SweepOrder) => number {
  const dropSessions = prepareDropSessions(db)
  const wipeRenewalSeeds = prepareWipeRenewalSeeds(db)
  const dropCodes = prepareQuery(
    db,
    'DELETE FROM codes WHERE hash IN (SELECT hash FROM codes WHERE forget_after_ms < ? LIMIT ?)',
  )
  const dropOpenData = prepareQuery(
    db,
    'DELETE FROM open_data WHERE hash IN (SELECT hash FROM open_data WHERE forget_after_ms < ? LIMIT ?)',
  )
  const dropEvents = prepareQuery(
    db,
    'DELETE FROM events WHERE id IN (SELECT id FROM events WHERE at_ms < ? LIMIT ?)',
  )
  const dropChanges = prepareQuery(
    db,
    'DELETE FROM changes WHERE seq IN (SELECT seq FROM changes WHERE at_ms < ? LIMIT ?)',
  )
  const wipeSeeds = prepareQuery(
    db,
    `UPDATE codes SET seed = NULL WHERE hash IN (SELECT hash FROM codes
      WHERE seed IS NOT NULL AND used_at_ms < ? LIMIT ?)`,
  )

  return ({ limit, ...order }) => {
    return (
      dropSessions(order.sessionsBeforeMs, limit) +
      dropCodes.run(order.nowMs, limit) +
      dropOpenData.run(order.nowMs, limit) +
      dropEvents.run(order.eventsBeforeMs, limit) +
      dropChanges.run(order.changesBeforeMs, limit) +
      wipeSeeds.run(order.seedsBeforeMs, limit) +
      wipeRenewalSeeds(order.nowMs, limit)
    )
  }
}

const ENDED_AT = 'coalesce(ended_at_ms, min(idle_deadline_ms, absolute_deadline_ms))'

/**
 * Of the oldest ones first what hangs on them; they themselves once nothing does. One step along the index finds where
 * they end, and all up to there go, which costs less than a list of their keys.
 */
function prepareDropSessions(db: SqliteDatabase): (beforeMs: number, limit: number) => number {
  const selectLast = prepareQuery<{ ended_at_ms: number; selector: number }>(
    db,
    `SELECT ${ENDED_AT} AS ended_at_ms, selector FROM sessions WHERE ${ENDED_AT} < ?
      ORDER BY ${ENDED_AT}, selector LIMIT 1 OFFSET ?`,
  )
  const upToLast = `${ENDED_AT} <= ?1 AND (${ENDED_AT} < ?1 OR sessions.selector <= ?2)`
  const dropRetired = prepareQuery(
    db,
    `DELETE FROM retired_tokens WHERE (selector, token_hash) IN (
       SELECT selector, retired_tokens.token_hash FROM sessions CROSS JOIN retired_tokens USING (selector)
        WHERE ${upToLast} LIMIT ?3)`,
  )
  const dropSessions = prepareQuery(db, `DELETE FROM sessions WHERE ${upToLast}`)
  return (beforeMs, limit) => {
    const all = { ended_at_ms: beforeMs - 1, selector: Number.MAX_SAFE_INTEGER }
    const last = selectLast.one(beforeMs, limit - 1) ?? all
    const retired = dropRetired.run(last.ended_at_ms, last.selector, limit)
    if (retired >= limit) return retired
    return retired + dropSessions.run(last.ended_at_ms, last.selector)
  }
}

function prepareWipeRenewalSeeds(db: SqliteDatabase): (nowMs: number, limit: number) => number {
  const ofRetired = prepareQuery(
    db,
    `UPDATE retired_tokens SET seed = NULL WHERE (selector, token_hash) IN (
       SELECT selector, token_hash FROM retired_tokens WHERE seed IS NOT NULL AND good_until_ms <= ? LIMIT ?)`,
  )
  const ofSessions = prepareQuery(
    db,
    `UPDATE sessions SET renewal_seed = NULL WHERE selector IN (
       SELECT selector FROM sessions WHERE renewal_seed IS NOT NULL AND ${ENDED_AT} < ? LIMIT ?)`,
  )
  return (nowMs, limit) => ofRetired.run(nowMs, limit) + ofSessions.run(nowMs, limit)
}
