import type { UserId } from '../../ids.ts'
import type { IdentityKey, IdentityRecord, UserRecord } from '../../records.ts'
import { AFTER_ALL_IDS } from '../sql/rows.ts'
import type { ProfileChange, Store } from '../store.ts'
import { appendChange } from './changes.ts'
import { appendEvents } from './history.ts'
import { alreadySo } from './probe.ts'
import { IDENTITY_COLUMNS, USER_COLUMNS } from './rows.ts'
import { type Sql, statement } from './sql.ts'
import type { Transaction } from './transaction.ts'

const SELECT_USER = statement(
  `SELECT ${USER_COLUMNS} FROM yaopai.users WHERE id = $1 AND closed_at_ms IS NULL`,
)
const LOCK_USER = statement(`${SELECT_USER.text} FOR NO KEY UPDATE`)
const UPDATE_USER = statement('UPDATE yaopai.users SET nickname = $1, avatar_url = $2 WHERE id = $3')
const UPDATE_BAN = statement('UPDATE yaopai.users SET banned_at_ms = $1 WHERE id = $2')
const SELECT_IDENTITY = statement(
  `SELECT ${IDENTITY_COLUMNS} FROM yaopai.identities WHERE platform = $1 AND appid = $2 AND openid = $3`,
)
const SELECT_IDENTITIES = statement(
  `SELECT ${IDENTITY_COLUMNS} FROM yaopai.identities WHERE user_id = $1 ORDER BY created_at_ms, appid`,
)
const SELECT_PAGE = statement(
  `SELECT ${USER_COLUMNS} FROM yaopai.users WHERE closed_at_ms IS NULL AND id < $1 ORDER BY id DESC LIMIT $2`,
)
const SEARCH_PAGE = statement(
  `SELECT ${USER_COLUMNS} FROM yaopai.users WHERE closed_at_ms IS NULL AND id < $1
     AND (id = $2 OR strpos(nickname, $2) > 0) ORDER BY id DESC LIMIT $3`,
)

export async function findUser(sql: Sql, userId: UserId): Promise<UserRecord | null> {
  return (await sql.one<UserRecord>(SELECT_USER, userId)) ?? null
}

/**
 * The user as the last to hold this lock left them, null when there is none or it was closed. Whoever writes more of a
 * person than one session holds it, so that logins, bans and closings of one person come one after the other; rows
 * that only refer to the user are not kept waiting.
 */
export async function lockUser(tx: Transaction, userId: UserId): Promise<UserRecord | null> {
  return (await tx.one<UserRecord>(LOCK_USER, userId)) ?? null
}

export async function findIdentity(sql: Sql, key: IdentityKey): Promise<IdentityRecord | null> {
  return (await sql.one<IdentityRecord>(SELECT_IDENTITY, key.platform, key.appid, key.openid)) ?? null
}

export function listIdentities(sql: Sql, userId: UserId): Promise<IdentityRecord[]> {
  return sql.all<IdentityRecord>(SELECT_IDENTITIES, userId)
}

export function listUsers(sql: Sql, query: Parameters<Store['listUsers']>[0]): Promise<UserRecord[]> {
  const { before = AFTER_ALL_IDS, search, limit } = query
  if (search === undefined) return sql.all<UserRecord>(SELECT_PAGE, before, limit)
  return sql.all<UserRecord>(SEARCH_PAGE, before, search, limit)
}

export async function updateProfile(
  tx: Transaction,
  { userId, events, ...given }: ProfileChange,
  nowMs: number,
): Promise<UserRecord | null> {
  const user = await lockUser(tx, userId)
  if (user === null) return tx.undo(null)
  const { nickname = user.nickname, avatarUrl = user.avatarUrl } = given
  if (nickname === user.nickname && avatarUrl === user.avatarUrl) return tx.undo(user)
  await tx.run(UPDATE_USER, nickname, avatarUrl, userId)
  await appendEvents(tx, events)
  await appendChange(tx, { atMs: nowMs, userId, selector: null })
  return { ...user, nickname, avatarUrl }
}

export async function setUserBan(
  tx: Transaction,
  { userId, bannedAtMs, events }: Parameters<Store['setUserBan']>[0],
  nowMs: number,
): Promise<boolean> {
  const user = await lockUser(tx, userId)
  if (user === null) return tx.undo(false)
  const isBanned = user.bannedAtMs !== null
  if (isBanned === (bannedAtMs !== null)) return alreadySo(tx, true)
  await tx.run(UPDATE_BAN, bannedAtMs, userId)
  await appendEvents(tx, events)
  await appendChange(tx, { atMs: nowMs, userId, selector: null })
  return true
}
