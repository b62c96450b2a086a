import type { UserId } from '../../ids.ts'
import type { SessionEnd, SessionRecord, StoredSession } from '../../records.ts'
import { type SessionRow, type StoredSessionRow, sessionOf, storedSessionOf } from '../sql/rows.ts'
import type { EndUserSessions, Store } from '../store.ts'
import { appendChange } from './changes.ts'
import { appendEvents } from './history.ts'
import { alreadySo } from './probe.ts'
import { livesAt, SESSION_COLUMNS, STORED_SESSION_COLUMNS } from './rows.ts'
import { atSelector, type Sql, statement } from './sql.ts'
import type { Transaction } from './transaction.ts'
import { lockUser } from './users.ts'

const SELECT_STORED = statement(
  `SELECT ${STORED_SESSION_COLUMNS} FROM yaopai.sessions JOIN yaopai.users ON users.id = sessions.user_id
    WHERE ${atSelector('$1')}`,
)
const SELECT_MANY = statement(
  `SELECT ${STORED_SESSION_COLUMNS} FROM unnest($1::bigint[]) AS wanted (wanted_selector)
     JOIN yaopai.sessions ON bucket = (wanted_selector % 256)::smallint AND selector = wanted_selector
     JOIN yaopai.users ON users.id = sessions.user_id`,
)
const SELECT_LIVING = statement(
  `SELECT ${SESSION_COLUMNS} FROM yaopai.sessions WHERE user_id = $1 AND ${livesAt('$2')} ORDER BY selector DESC`,
)
const TOUCH = statement(
  `UPDATE yaopai.sessions SET idle_deadline_ms = $2
    WHERE ${atSelector('$1')} AND idle_deadline_ms < $2 AND ${livesAt('$3')} RETURNING user_id AS "userId"`,
)
const END_ONE = statement(
  `UPDATE yaopai.sessions SET ended_at_ms = $3, end_reason = $4
    WHERE ${atSelector('$1')} AND user_id = $2 AND ${livesAt('$3')}`,
)
const END_ALL = statement(
  `UPDATE yaopai.sessions SET ended_at_ms = $3, end_reason = $4
    WHERE user_id = $1 AND selector IS DISTINCT FROM $2 AND ${livesAt('$3')} RETURNING selector`,
)

export async function findSession(sql: Sql, selector: number): Promise<StoredSession | null> {
  const row = await sql.one<StoredSessionRow>(SELECT_STORED, selector)
  return row === undefined ? null : storedSessionOf(row)
}

/** By selector; those that are not there are left out. */
export async function findSessions(
  sql: Sql,
  selectors: readonly number[],
): Promise<Map<number, StoredSession>> {
  const rows = await sql.all<StoredSessionRow>(SELECT_MANY, [...new Set(selectors)])
  return new Map(rows.map((row) => [row.selector, storedSessionOf(row)]))
}

export async function listSessions(sql: Sql, userId: UserId, nowMs: number): Promise<SessionRecord[]> {
  const rows = await sql.all<SessionRow>(SELECT_LIVING, userId, nowMs)
  return rows.map(sessionOf)
}

/** One row, judged and written by one statement: who comes second waits for its lock and judges it anew. */
export async function touchSession(
  tx: Transaction,
  { selector, idleDeadlineMs, nowMs }: { selector: number; idleDeadlineMs: number; nowMs: number },
): Promise<void> {
  const row = await tx.one<{ userId: UserId }>(TOUCH, selector, idleDeadlineMs, nowMs)
  if (row === undefined) return tx.undo(undefined)
  await appendChange(tx, { atMs: nowMs, userId: row.userId, selector })
}

/** False when the user has no such session that lives at that time. Who calls appends the change. */
export async function endOne(tx: Transaction, userId: UserId, end: SessionEnd): Promise<boolean> {
  return (await tx.run(END_ONE, end.selector, userId, end.atMs, end.reason)) > 0
}

export async function endSession(tx: Transaction, one: Parameters<Store['endSession']>[0]): Promise<boolean> {
  const { userId, atMs, selector, events } = one
  if (!(await endOne(tx, userId, one))) return alreadySo(tx, false)
  await appendEvents(tx, events)
  await appendChange(tx, { atMs, userId, selector })
  return true
}

/** Under the user's lock, as all who write several sessions: two that took them in different order would block. */
export async function endUserSessions(tx: Transaction, order: EndUserSessions): Promise<number> {
  const { userId, exceptSelector, reason, atMs, events } = order
  await lockUser(tx, userId)
  const ended = await tx.all<{ selector: number }>(END_ALL, userId, exceptSelector, atMs, reason)
  if (ended.length === 0) return alreadySo(tx, 0)
  await appendEvents(tx, events)
  const selectors = ended.map(({ selector }) => selector).sort((a, b) => a - b)
  for (const selector of selectors) await appendChange(tx, { atMs, userId, selector })
  return ended.length
}
