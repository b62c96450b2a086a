import type { UserId } from '../../ids.ts'
import type { Store } from '../store.ts'
import type { SqliteDatabase } from './driver.ts'
import type { History } from './history.ts'
import { prepareQuery } from './query.ts'
import { LIVES_AT } from './rows.ts'

type CloseAccount = (close: Parameters<Store['closeAccount']>[0]) => boolean

export function prepareCloseAccount(db: SqliteDatabase, history: History): CloseAccount {
  const selectUser = prepareQuery<unknown>(db, 'SELECT 1 FROM users WHERE id = ? AND closed_at_ms IS NULL')
  const eraseOwner = prepareEraseOwner(db)
  const eraseSessions = prepareEraseSessions(db)

  return ({ userId, atMs, events }) => {
    if (selectUser.one(userId) === undefined) return false
    overwritingFreed(db, () => {
      eraseOwner(userId, atMs)
      eraseSessions(userId, atMs)
    })
    history.appendEvents(events)
    history.appendChange(atMs, userId, null)
    return true
  }
}

type Erase = (userId: UserId, atMs: number) => void

function prepareEraseOwner(db: SqliteDatabase): Erase {
  const eraseUser = prepareQuery(
    db,
    `UPDATE users SET nickname = NULL, avatar_url = NULL, phone = NULL, banned_at_ms = NULL, closed_at_ms = ?
      WHERE id = ?`,
  )
  const deleteIdentities = prepareQuery(db, 'DELETE FROM identities WHERE user_id = ?')
  const eraseEvents = prepareQuery(
    db,
    `UPDATE events SET request_id = NULL, ip = NULL, facts = '{}' WHERE user_id = ?`,
  )
  return (userId, atMs) => {
    eraseUser.run(atMs, userId)
    deleteIdentities.run(userId)
    eraseEvents.run(userId)
  }
}

/** Hashes stay, so that who holds a token is told that the account is closed; seeds would bring tokens back. */
function prepareEraseSessions(db: SqliteDatabase): Erase {
  const end = prepareQuery(
    db,
    `UPDATE sessions SET ended_at_ms = ?, end_reason = 'user_deleted' WHERE user_id = ? AND ${LIVES_AT}`,
  )
  const erase = prepareQuery(
    db,
    `UPDATE sessions SET openid = '', device = NULL, renewal_seed = NULL WHERE user_id = ?`,
  )
  const wipeSeeds = prepareQuery(
    db,
    `UPDATE retired_tokens SET seed = NULL
      WHERE selector IN (SELECT selector FROM sessions WHERE user_id = ?)`,
  )
  return (userId, atMs) => {
    end.run(atMs, userId, atMs, atMs)
    erase.run(userId)
    wipeSeeds.run(userId)
  }
}

/** What a person asked to be forgotten does not stay in the file's free space. */
function overwritingFreed(db: SqliteDatabase, erase: () => void): void {
  db.exec('PRAGMA secure_delete = ON')
  try {
    erase()
  } finally {
    db.exec('PRAGMA secure_delete = FAST')
  }
}
