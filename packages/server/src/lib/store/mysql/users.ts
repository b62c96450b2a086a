import type { UserId } from '../../ids.ts'
import type { IdentityKey, IdentityRecord, UserRecord } from '../../records.ts'
import { AFTER_ALL_IDS } from '../sql/rows.ts'
import type { ProfileChange, Store } from '../store.ts'
import { appendChanges } from './changes.ts'
import { appendEvents } from './history.ts'
import { identityKeyOf } from './keys.ts'
import { IDENTITY_COLUMNS, USER_COLUMNS } from './rows.ts'
import type { Session } from './session.ts'
import { type Query, sql } from './sql.ts'
import type { Transaction } from './transaction.ts'

export async function findUser(session: Session, userId: UserId): Promise<UserRecord | null> {
  return (await session.first<UserRecord>(selectUser(userId))) ?? null
}

function selectUser(userId: UserId): Query {
  return sql`SELECT ${USER_COLUMNS} FROM yaopai_users WHERE id = ${userId} AND closed_at_ms IS NULL`
}

/**
 * The user as the last to hold this lock left them; no row when there is none or it was closed. Whoever writes more of
 * a person than one session holds it, so that logins, bans and closings of one person come one after the other.
 */
export function lockUser(userId: UserId): Query {
  return sql`${selectUser(userId)} FOR UPDATE`
}

export async function findIdentity(session: Session, key: IdentityKey): Promise<IdentityRecord | null> {
  const select = sql`SELECT ${IDENTITY_COLUMNS} FROM yaopai_identities WHERE id_key = ${identityKeyOf(key)}`
  return (await session.first<IdentityRecord>(select)) ?? null
}

export function listIdentities(session: Session, userId: UserId): Promise<IdentityRecord[]> {
  return session.rows<IdentityRecord>(
    sql`SELECT ${IDENTITY_COLUMNS} FROM yaopai_identities WHERE user_id = ${userId} ORDER BY created_at_ms, appid`,
  )
}

/** LOCATE goes by bytes here, since what it looks for came as bytes. */
export function listUsers(session: Session, query: Parameters<Store['listUsers']>[0]): Promise<UserRecord[]> {
  const { before = AFTER_ALL_IDS, search, limit } = query
  const matches = search === undefined ? sql`` : sql`AND (id = ${search} OR LOCATE(${search}, nickname) > 0)`
  return session.rows<UserRecord>(
    sql`SELECT ${USER_COLUMNS} FROM yaopai_users WHERE closed_at_ms IS NULL AND id < ${before} ${matches}
      ORDER BY id DESC LIMIT ${limit}`,
  )
}

export async function updateProfile(
  tx: Transaction,
  { userId, events, ...given }: ProfileChange,
  nowMs: number,
): Promise<UserRecord | null> {
  const user = await tx.first<UserRecord>(lockUser(userId))
  if (user === undefined) return tx.undo(null)
  const { nickname = user.nickname, avatarUrl = user.avatarUrl } = given
  if (nickname === user.nickname && avatarUrl === user.avatarUrl) return tx.undo(user)
  tx.atLast(
    sql`UPDATE yaopai_users SET nickname = ${nickname}, avatar_url = ${avatarUrl} WHERE id = ${userId}`,
  )
  appendEvents(tx, events)
  appendChanges(tx, [{ atMs: nowMs, userId, selector: null }])
  return { ...user, nickname, avatarUrl }
}

export async function setUserBan(
  tx: Transaction,
  { userId, bannedAtMs, events }: Parameters<Store['setUserBan']>[0],
  nowMs: number,
): Promise<boolean> {
  const user = await tx.first<UserRecord>(lockUser(userId))
  if (user === undefined) return tx.undo(false)
  const isBanned = user.bannedAtMs !== null
  if (isBanned === (bannedAtMs !== null)) return tx.undo(true)
  tx.atLast(sql`UPDATE yaopai_users SET banned_at_ms = ${bannedAtMs} WHERE id = ${userId}`)
  appendEvents(tx, events)
  appendChanges(tx, [{ atMs: nowMs, userId, selector: null }])
  return true
}
