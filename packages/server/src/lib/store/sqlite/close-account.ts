import type { Store } from '../store.ts'
import type { SqliteDatabase } from './driver.ts'
import type { History } from './history.ts'
import { prepareQuery } from './query.ts'
import { LIVES_AT } from './rows.ts'

type CloseAccount = (close: Parameters<Store['closeAccount']>[0]) => boolean

export function prepareCloseAccount(db: SqliteDatabase, history: History): CloseAccount {
  const eraseUser = prepareQuery(
    db,
    `UPDATE users SET nickname = NULL, avatar_url = NULL, phone = NULL, banned_at_ms = NULL, closed_at_ms = ?
      WHERE id = ?`,
  )
  const selectUser = prepareQuery<unknown>(db, 'SELECT 1 FROM users WHERE id = ? AND closed_at_ms IS NULL')
  const isThere = (userId: string): boolean => selectUser.one(userId) !== undefined
  const deleteIdentities = prepareQuery(db, 'DELETE FROM identities WHERE user_id = ?')
  const endSessions = prepareQuery(
    db,
    `UPDATE sessions SET ended_at_ms = ?, end_reason = 'user_deleted' WHERE user_id = ? AND ${LIVES_AT}`,
  )
  const eraseSessions = prepareQuery(db, `UPDATE sessions SET openid = '', device = NULL WHERE user_id = ?`)
  const eraseEvents = prepareQuery(
    db,
    `UPDATE events SET request_id = NULL, ip = NULL, facts = '{}' WHERE user_id = ?`,
  )

  return ({ userId, atMs, events }) => {
    if (!isThere(userId)) return false
    overwritingFreed(db, () => {
      eraseUser.run(atMs, userId)
      deleteIdentities.run(userId)
      endSessions.run(atMs, userId, atMs, atMs)
      eraseSessions.run(userId)
      eraseEvents.run(userId)
    })
    history.appendEvents(events)
    history.appendChange(atMs, userId, null)
    return true
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
