import type { LoginPlan } from '../store.ts'
import type { SqliteDatabase } from './driver.ts'
import type { History } from './history.ts'
import type { LoginReads } from './logins.ts'
import { prepareQuery } from './query.ts'
import { IDENTITY_COLUMNS, sessionValues } from './rows.ts'
import type { Sessions } from './sessions.ts'

type RecordLogin = (plan: LoginPlan) => 'recorded' | 'code_used' | 'conflict'

interface Parts {
  readonly reads: LoginReads
  readonly sessions: Sessions
  readonly history: History
}

/** To be called in a write transaction: nobody else writes between the checks and what follows. */
export function prepareRecordLogin(db: SqliteDatabase, { reads, sessions, history }: Parts): RecordLogin {
  const insertCode = prepareQuery(
    db,
    'INSERT OR IGNORE INTO codes (hash, selector, used_at_ms, seed, is_new, forget_after_ms) VALUES (?, ?, ?, ?, ?, ?)',
  )
  const insertUser = prepareQuery(
    db,
    'INSERT INTO users (id, nickname, avatar_url, phone, created_at_ms, banned_at_ms) VALUES (?, ?, ?, ?, ?, ?)',
  )
  const insertSession = prepareQuery(
    db,
    `INSERT INTO sessions (selector, token_hash, user_id, platform, appid, openid, device, created_at_ms,
       idle_seconds, idle_deadline_ms, absolute_deadline_ms, ended_at_ms, end_reason)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const writeIdentity = prepareWriteIdentity(db)

  return (plan) => {
    const { code, user, session } = plan
    if (!reads.fits(plan))
      return code !== null && reads.findCode(code.hash) !== null ? 'code_used' : 'conflict'
    if (code !== null) {
      const { hash, usedAtMs, seed, isNew, forgetAfterMs } = code
      const selector = session.selector
      if (insertCode.run(hash, selector, usedAtMs, seed, isNew ? 1 : 0, forgetAfterMs) === 0)
        return 'code_used'
    }
    if (user.kind === 'create') {
      const { id, nickname, avatarUrl, phone, createdAtMs, bannedAtMs } = user.record
      insertUser.write(id, nickname, avatarUrl, phone, createdAtMs, bannedAtMs)
    }
    writeIdentity(plan.identity)
    for (const end of plan.endSessions) sessions.endOne(session.userId, end)
    insertSession.write(...sessionValues(session))
    history.appendEvents(plan.events)
    return 'recorded'
  }
}

function prepareWriteIdentity(db: SqliteDatabase): (identity: LoginPlan['identity']) => void {
  const insert = prepareQuery(
    db,
    `INSERT INTO identities (${IDENTITY_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const update = prepareQuery(
    db,
    `UPDATE identities SET user_id = ?, unionid = ?, union_scope = ?, key_ring = ?, version = version + 1
      WHERE platform = ? AND appid = ? AND openid = ?`,
  )
  // Naming a column that an index holds would write that index, too, also where the value stays.
  const updateRing = prepareQuery(
    db,
    `UPDATE identities SET key_ring = ?, version = version + 1 WHERE platform = ? AND appid = ? AND openid = ?
        AND user_id = ? AND unionid IS ? AND union_scope = ?`,
  )
  return (identity) => {
    if (identity.kind === 'keep') return
    const { platform, appid, openid, userId, unionid, unionScope, createdAtMs, version } = identity.record
    const keyRing = JSON.stringify(identity.record.keyRing)
    if (identity.kind === 'update') {
      if (updateRing.run(keyRing, platform, appid, openid, userId, unionid, unionScope) > 0) return
      update.run(userId, unionid, unionScope, keyRing, platform, appid, openid)
      return
    }
    insert.write(platform, appid, openid, userId, unionid, unionScope, keyRing, createdAtMs, version)
  }
}
