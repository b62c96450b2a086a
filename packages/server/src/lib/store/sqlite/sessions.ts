import type { UserId } from '../../ids.ts'
import type { SessionEnd, SessionRecord, StoredSession } from '../../records.ts'
import type { EndUserSessions, Store } from '../store.ts'
import type { SqliteDatabase } from './driver.ts'
import type { History } from './history.ts'
import { prepareArrayQuery, prepareQuery } from './query.ts'
import {
  LIVES_AT,
  SESSION_COLUMNS,
  type SessionRow,
  STORED_SESSION_COLUMNS,
  type StoredSessionRow,
  sessionOf,
  storedSessionOf,
} from './rows.ts'

export interface Sessions {
  findSession(selector: number): StoredSession | null
  listSessions(userId: UserId, nowMs: number): SessionRecord[]
  touchSession(selector: number, idleDeadlineMs: number, nowMs: number): void
  /** False when the user has no such session that lives at that time. */
  endOne(userId: UserId, end: SessionEnd): boolean
  endSession(end: Parameters<Store['endSession']>[0]): boolean
  endUserSessions(end: EndUserSessions): number
}

const STORED_SESSION = `
  SELECT ${STORED_SESSION_COLUMNS} FROM sessions JOIN users ON users.id = sessions.user_id WHERE selector = ?`

export function prepareSessions(db: SqliteDatabase, history: History): Sessions {
  const selectStored = prepareArrayQuery<StoredSessionRow>(db, STORED_SESSION)
  const selectLiving = prepareArrayQuery<SessionRow>(
    db,
    `SELECT ${SESSION_COLUMNS} FROM sessions WHERE user_id = ? AND ${LIVES_AT} ORDER BY selector DESC`,
  )
  return {
    ...prepareTouch(db, history),
    ...prepareEnds(db, history),
    findSession(selector) {
      const row = selectStored.one(selector)
      return row === undefined ? null : storedSessionOf(row)
    },
    listSessions: (userId, nowMs) => selectLiving.all(userId, nowMs, nowMs).map(sessionOf),
  }
}

function prepareTouch(db: SqliteDatabase, history: History): Pick<Sessions, 'touchSession'> {
  const touch = prepareQuery<{ user_id: UserId }>(
    db,
    `UPDATE sessions SET idle_deadline_ms = ?
      WHERE selector = ? AND idle_deadline_ms < ? AND ${LIVES_AT} RETURNING user_id`,
  )
  return {
    touchSession(selector, idleDeadlineMs, nowMs) {
      const row = touch.one(idleDeadlineMs, selector, idleDeadlineMs, nowMs, nowMs)
      if (row !== undefined) history.appendChange(nowMs, row.user_id, selector)
    },
  }
}

function prepareEnds(
  db: SqliteDatabase,
  history: History,
): Pick<Sessions, 'endOne' | 'endSession' | 'endUserSessions'> {
  const end = prepareQuery(
    db,
    `UPDATE sessions SET ended_at_ms = ?, end_reason = ? WHERE selector = ? AND user_id = ? AND ${LIVES_AT}`,
  )
  const selectLiving = prepareQuery<{ selector: number }>(
    db,
    `SELECT selector FROM sessions WHERE user_id = ? AND selector IS NOT ? AND ${LIVES_AT} ORDER BY selector`,
  )

  function endOne(userId: UserId, { selector, reason, atMs }: SessionEnd): boolean {
    if (end.run(atMs, reason, selector, userId, atMs, atMs) === 0) return false
    history.appendChange(atMs, userId, selector)
    return true
  }

  return {
    endOne,
    endSession(one) {
      const isEnded = endOne(one.userId, one)
      if (isEnded) history.appendEvents(one.events)
      return isEnded
    },
    endUserSessions({ userId, exceptSelector, reason, atMs, events }) {
      const living = selectLiving.all(userId, exceptSelector, atMs, atMs)
      for (const { selector } of living) endOne(userId, { selector, reason, atMs })
      if (living.length > 0) history.appendEvents(events)
      return living.length
    },
  }
}
