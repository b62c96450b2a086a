import type { UserId } from '../../ids.ts'
import type { UserRecord } from '../../records.ts'
import type { ProfileChange, Store } from '../store.ts'
import {
  appendAll,
  appendChange,
  identitiesOf,
  identityKeyOf,
  livesAt,
  openUser,
  type Tables,
  userOf,
} from './tables.ts'

export function listUsers(tables: Tables, query: Parameters<Store['listUsers']>[0]): UserRecord[] {
  const { before, search, limit } = query
  return [...tables.users.values()]
    .filter((user) => user.closedAtMs === null && (before === undefined || user.id < before))
    .filter((user) => search === undefined || user.id === search || user.nickname?.includes(search))
    .sort((a, b) => (a.id < b.id ? 1 : -1))
    .slice(0, limit)
    .map(userOf)
}

export function updateProfile(tables: Tables, change: ProfileChange, nowMs: number): UserRecord | null {
  const user = openUser(tables, change.userId)
  if (user === null) return null
  const { nickname = user.nickname, avatarUrl = user.avatarUrl } = change
  if (nickname === user.nickname && avatarUrl === user.avatarUrl) return user
  const changed = { ...user, nickname, avatarUrl }
  tables.users.set(user.id, { ...changed, closedAtMs: null })
  appendAll(tables, change.events)
  appendChange(tables, { atMs: nowMs, userId: user.id, selector: null })
  return changed
}

export function setUserBan(
  tables: Tables,
  change: Parameters<Store['setUserBan']>[0],
  nowMs: number,
): boolean {
  const user = openUser(tables, change.userId)
  if (user === null) return false
  const isBanned = user.bannedAtMs !== null
  if (isBanned === (change.bannedAtMs !== null)) return true
  tables.users.set(user.id, { ...user, bannedAtMs: change.bannedAtMs, closedAtMs: null })
  appendAll(tables, change.events)
  appendChange(tables, { atMs: nowMs, userId: user.id, selector: null })
  return true
}

export function closeAccount(tables: Tables, close: Parameters<Store['closeAccount']>[0]): boolean {
  const { userId, atMs } = close
  const user = openUser(tables, userId)
  if (user === null) return false
  const erased = { nickname: null, avatarUrl: null, phone: null, bannedAtMs: null }
  tables.users.set(userId, { ...user, ...erased, closedAtMs: atMs })
  for (const identity of identitiesOf(tables, userId)) tables.identities.delete(identityKeyOf(identity))
  eraseSessions(tables, userId, atMs)
  eraseEvents(tables, userId)
  appendAll(tables, close.events)
  appendChange(tables, { atMs, userId, selector: null })
  return true
}

function eraseSessions(tables: Tables, userId: UserId, atMs: number): void {
  const device = { id: null, brand: null, model: null, platform: null, label: null }
  for (const session of tables.sessions.values()) {
    if (session.userId !== userId) continue
    const end = livesAt(session, atMs) ? ({ endedAtMs: atMs, endReason: 'user_deleted' } as const) : {}
    const pending = session.pending && { ...session.pending, seed: null }
    tables.sessions.set(session.selector, { ...session, ...end, openid: '', device, pending })
  }
  for (const [key, retired] of tables.retiredTokens) {
    const isTheirs = tables.sessions.get(retired.selector)?.userId === userId
    if (isTheirs) tables.retiredTokens.set(key, { ...retired, seed: null })
  }
}

function eraseEvents(tables: Tables, userId: UserId): void {
  for (const event of tables.events.values()) {
    if (event.userId !== userId) continue
    tables.events.set(event.id, { ...event, requestId: null, ip: null, facts: {} })
  }
}
