import type { UserId } from '../../ids.ts'
import type { IdentityKey, IdentityRecord, UserRecord } from '../../records.ts'
import type { ProfileChange, Store } from '../store.ts'
import type { SqliteDatabase } from './driver.ts'
import { AFTER_ALL_IDS, type History } from './history.ts'
import { prepareQuery } from './query.ts'
import { IDENTITY_COLUMNS, type IdentityRow, identityOf, USER_COLUMNS, type UserRow, userOf } from './rows.ts'

export interface Users {
  findUser(userId: UserId): UserRecord | null
  findIdentity(key: IdentityKey): IdentityRecord | null
  listIdentities(userId: UserId): IdentityRecord[]
  listUsers(query: Parameters<Store['listUsers']>[0]): UserRecord[]
  updateProfile(change: ProfileChange, nowMs: number): UserRecord | null
  setUserBan(change: Parameters<Store['setUserBan']>[0], nowMs: number): boolean
}

export function prepareUsers(db: SqliteDatabase, history: History): Users {
  const selectUser = prepareQuery<UserRow>(
    db,
    `SELECT ${USER_COLUMNS} FROM users WHERE id = ? AND closed_at_ms IS NULL`,
  )
  const updateUser = prepareQuery(db, 'UPDATE users SET nickname = ?, avatar_url = ? WHERE id = ?')
  const updateBan = prepareQuery(db, 'UPDATE users SET banned_at_ms = ? WHERE id = ?')

  function findUser(userId: UserId): UserRecord | null {
    const row = selectUser.one(userId)
    return row === undefined ? null : userOf(row)
  }

  return {
    ...prepareIdentities(db),
    ...prepareUserList(db),
    findUser,
    updateProfile({ userId, events, ...given }, nowMs) {
      const user = findUser(userId)
      if (user === null) return null
      const { nickname = user.nickname, avatarUrl = user.avatarUrl } = given
      if (nickname === user.nickname && avatarUrl === user.avatarUrl) return user
      updateUser.run(nickname, avatarUrl, userId)
      history.appendEvents(events)
      history.appendChange(nowMs, userId, null)
      return { ...user, nickname, avatarUrl }
    },
    setUserBan({ userId, bannedAtMs, events }, nowMs) {
      const user = findUser(userId)
      if (user === null) return false
      const isBanned = user.bannedAtMs !== null
      if (isBanned === (bannedAtMs !== null)) return true
      updateBan.run(bannedAtMs, userId)
      history.appendEvents(events)
      history.appendChange(nowMs, userId, null)
      return true
    },
  }
}

function prepareIdentities(db: SqliteDatabase): Pick<Users, 'findIdentity' | 'listIdentities'> {
  const selectIdentity = prepareQuery<IdentityRow>(
    db,
    `SELECT ${IDENTITY_COLUMNS} FROM identities WHERE platform = ? AND appid = ? AND openid = ?`,
  )
  const selectIdentities = prepareQuery<IdentityRow>(
    db,
    `SELECT ${IDENTITY_COLUMNS} FROM identities WHERE user_id = ? ORDER BY created_at_ms, appid`,
  )
  return {
    findIdentity({ platform, appid, openid }) {
      const row = selectIdentity.one(platform, appid, openid)
      return row === undefined ? null : identityOf(row)
    },
    listIdentities: (userId) => selectIdentities.all(userId).map(identityOf),
  }
}

function prepareUserList(db: SqliteDatabase): Pick<Users, 'listUsers'> {
  const selectPage = prepareQuery<UserRow>(
    db,
    `SELECT ${USER_COLUMNS} FROM users WHERE closed_at_ms IS NULL AND id < ? ORDER BY id DESC LIMIT ?`,
  )
  const searchPage = prepareQuery<UserRow>(
    db,
    `SELECT ${USER_COLUMNS} FROM users WHERE closed_at_ms IS NULL AND id < ?
       AND (id = ? OR instr(nickname, ?) > 0) ORDER BY id DESC LIMIT ?`,
  )
  return {
    listUsers({ before = AFTER_ALL_IDS, search, limit }) {
      const rows =
        search === undefined ? selectPage.all(before, limit) : searchPage.all(before, search, search, limit)
      return rows.map(userOf)
    },
  }
}
