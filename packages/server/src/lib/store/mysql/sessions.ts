import type { UserId } from '../../ids.ts'
import type { SessionEnd, SessionRecord, StoredSession } from '../../records.ts'
import { type SessionRow, type StoredSessionRow, sessionOf, storedSessionOf } from '../sql/rows.ts'
import type { EndUserSessions, Store } from '../store.ts'
import { appendChanges } from './changes.ts'
import { appendEvents } from './history.ts'
import { isSession, livesAt, SESSION_COLUMNS, STORED_SESSION_COLUMNS } from './rows.ts'
import type { Session } from './session.ts'
import { type Query, sql } from './sql.ts'
import type { Transaction } from './transaction.ts'
import { lockUser } from './users.ts'

export async function findSession(session: Session, selector: number): Promise<StoredSession | null> {
  const row = await session.first<StoredSessionRow>(
    sql`SELECT ${STORED_SESSION_COLUMNS} FROM yaopai_sessions JOIN yaopai_users ON yaopai_users.id = user_id
      WHERE ${isSession(selector)}`,
  )
  return row === undefined ? null : storedSessionOf(row)
}

export async function listSessions(
  session: Session,
  userId: UserId,
  nowMs: number,
): Promise<SessionRecord[]> {
  const rows = await session.rows<SessionRow>(
    sql`SELECT ${SESSION_COLUMNS} FROM yaopai_sessions WHERE user_id = ${userId} AND ${livesAt(nowMs)}
      ORDER BY selector DESC`,
  )
  return rows.map(sessionOf)
}

/** One row, judged and written by one statement: who comes second waits for its lock and judges it anew. */
export async function touchSession(
  tx: Transaction,
  { selector, idleDeadlineMs, nowMs }: { selector: number; idleDeadlineMs: number; nowMs: number },
): Promise<void> {
  const [touch, owner] = await tx.ask([
    sql`UPDATE yaopai_sessions SET idle_deadline_ms = ${idleDeadlineMs}
      WHERE ${isSession(selector)} AND idle_deadline_ms < ${idleDeadlineMs} AND ${livesAt(nowMs)}`,
    selectOwner(selector),
  ])
  const row = owner?.first<{ userId: UserId }>()
  if (touch?.written !== 1 || row === undefined) return tx.undo(undefined)
  appendChanges(tx, [{ atMs: nowMs, userId: row.userId, selector }])
}

export function selectOwner(selector: number): Query {
  return sql`SELECT user_id AS userId FROM yaopai_sessions WHERE ${isSession(selector)}`
}

/** Writes nothing where the user has no such session that lives at that time. Who calls appends the change. */
export function endOne(userId: UserId, { selector, atMs, reason }: SessionEnd): Query {
  return sql`UPDATE yaopai_sessions SET ended_at_ms = ${atMs}, end_reason = ${reason}
    WHERE ${isSession(selector)} AND user_id = ${userId} AND ${livesAt(atMs)}`
}

export async function endSession(tx: Transaction, one: Parameters<Store['endSession']>[0]): Promise<boolean> {
  const { userId, atMs, selector, events } = one
  const [end] = await tx.ask([endOne(userId, one)])
  if (end?.written !== 1) return tx.undo(false)
  appendEvents(tx, events)
  appendChanges(tx, [{ atMs, userId, selector }])
  return true
}

/**
 * Under the user's lock, as all who write several sessions: two that took them in different order would block. They are
 * found without locks and written one by one, by their primary keys: a lock that came by another index would meet those
 * of acts on a single session in the opposite order.
 */
export async function endUserSessions(tx: Transaction, order: EndUserSessions): Promise<number> {
  const { userId, exceptSelector, atMs, events } = order
  const [, living] = await tx.ask([
    lockUser(userId),
    sql`SELECT selector FROM yaopai_sessions WHERE user_id = ${userId} AND ${livesAt(atMs)} ORDER BY selector`,
  ])
  const found = living?.rows<{ selector: number }>().map(({ selector }) => selector) ?? []
  const selectors = found.filter((selector) => selector !== exceptSelector)
  if (selectors.length === 0) return tx.undo(0)
  const ends = await tx.ask(selectors.map((selector) => endOne(userId, { ...order, selector })))
  const ended = selectors.filter((_, place) => ends[place]?.written === 1)
  if (ended.length === 0) return tx.undo(0)
  appendEvents(tx, events)
  appendChanges(
    tx,
    ended.map((selector) => ({ atMs, userId, selector })),
  )
  return ended.length
}
