import type { UserId } from '../../ids.ts'
import type { PendingRenewal, SessionRecord, StoredSession } from '../../records.ts'
import type { EndUserSessions, Store } from '../store.ts'
import {
  appendAll,
  appendChange,
  copyBytes,
  copySession,
  endLiving,
  livesAt,
  type Tables,
  unendedSessions,
  userOf,
} from './tables.ts'

interface Touch {
  readonly selector: number
  readonly idleDeadlineMs: number
  readonly atMs: number
}

export function findSession(tables: Tables, selector: number): StoredSession | null {
  const session = tables.sessions.get(selector)
  const user = session && tables.users.get(session.userId)
  if (session === undefined || user === undefined) return null
  const { pending, renewals } = session
  return { ...copySession(session), pending: pending && copyPending(pending), renewals, user: userOf(user) }
}

function copyPending({ nextHash, seed }: PendingRenewal): PendingRenewal {
  return { nextHash: copyBytes(nextHash), seed: seed && copyBytes(seed) }
}

export function touchSession(tables: Tables, touch: Touch): void {
  const { selector, idleDeadlineMs, atMs } = touch
  const session = tables.sessions.get(selector)
  if (session === undefined || !livesAt(session, atMs) || session.idleDeadlineMs >= idleDeadlineMs) return
  tables.sessions.set(selector, { ...session, idleDeadlineMs })
  appendChange(tables, { atMs, userId: session.userId, selector })
}

export function endSession(tables: Tables, end: Parameters<Store['endSession']>[0]): boolean {
  if (tables.sessions.get(end.selector)?.userId !== end.userId || !endLiving(tables, end)) return false
  appendAll(tables, end.events)
  return true
}

export function endUserSessions(tables: Tables, end: EndUserSessions): number {
  const ended = unendedSessions(tables, end.userId)
    .filter(({ selector }) => selector !== end.exceptSelector)
    .filter(({ selector }) => endLiving(tables, { selector, reason: end.reason, atMs: end.atMs }))
  if (ended.length > 0) appendAll(tables, end.events)
  return ended.length
}

export function listSessions(tables: Tables, userId: UserId, nowMs: number): SessionRecord[] {
  return unendedSessions(tables, userId)
    .filter((session) => livesAt(session, nowMs))
    .sort((a, b) => b.selector - a.selector)
    .map(copySession)
}
