import type { SweepOrder } from '../store.ts'
import type { SqliteDatabase } from './driver.ts'
import { prepareQuery } from './query.ts'

type Sweep = (order: SweepOrder) => number

/** Each statement walks an index from its oldest end and stops at the limit. */
export function prepareSweep(db: SqliteDatabase): Sweep {
  const dropSessions = prepareQuery(
    db,
    `DELETE FROM sessions WHERE selector IN (SELECT selector FROM sessions
      WHERE coalesce(ended_at_ms, min(idle_deadline_ms, absolute_deadline_ms)) < ? LIMIT ?)`,
  )
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
      dropSessions.run(order.sessionsBeforeMs, limit) +
      dropCodes.run(order.nowMs, limit) +
      dropOpenData.run(order.nowMs, limit) +
      dropEvents.run(order.eventsBeforeMs, limit) +
      dropChanges.run(order.changesBeforeMs, limit) +
      wipeSeeds.run(order.seedsBeforeMs, limit)
    )
  }
}
