import type { UserId } from '../../ids.ts'
import type { SessionEnd, SessionRecord, StoredSession } from '../../records.ts'

import type { EndUserSessions, Store } from '../store.ts'
import { appendAll, appendChange, copySession, type Tables, unendedSessions, userOf } from './tables.ts'

interface Touch {
  readonly selector: number
  readonly idleDeadlineMs: number
  readonly atMs: number
}

export function findSession(tables: Tables, selector: number): StoredSession | null {
  const session = tables.sessions.get(selector)
  const user = session && tables.users.get(session.userId)
  if (session === undefined || user === undefined) return null
  return { ...copySession(session), user: userOf(user) }
}

export function touchSession(tables: Tables, touch: Touch): void {
  const { selector, idleDeadlineMs, atMs } = touch
  const session = tables.sessions.get(selector)
  if (session === undefined || session.endedAtMs !== null || session.idleDeadlineMs >= idleDeadlineMs) return
  tables.sessions.set(selector, { ...session, idleDeadlineMs })
  appendChange(tables, { atMs, userId: session.userId, selector })
}

export function endSession(tables: Tables, end: Parameters<Store['endSession']>[0]): boolean {
  const session = tables.sessions.get(end.selector)
  if (session === undefined || session.userId !== end.userId || session.endedAtMs !== null) return false
  endOne(tables, session, end)
  appendAll(tables, end.events)
  return true
}

export function endUserSessions(tables: Tables, end: EndUserSessions): number {
  const ended = unendedSessions(tables, end.userId).filter((one) => one.selector !== end.exceptSelector)
  for (const session of ended) endOne(tables, session, { ...end, selector: session.selector })
  if (ended.length > 0) appendAll(tables, end.events)
  return ended.length
}

export function listSessions(tables: Tables, userId: UserId, nowMs: number): SessionRecord[] {
  return unendedSessions(tables, userId)
    .filter((session) => nowMs < session.idleDeadlineMs && nowMs < session.absoluteDeadlineMs)
    .sort((a, b) => b.selector - a.selector)
    .map(copySession)
}

function endOne(tables: Tables, session: SessionRecord, end: SessionEnd): void {
  const { selector, userId } = session
  tables.sessions.set(selector, { ...session, endedAtMs: end.atMs, endReason: end.reason })
  appendChange(tables, { atMs: end.atMs, userId, selector })
}
