import type { SessionEnd } from '../../records.ts'
import type { LoginPlan } from '../store.ts'
import { appendChange } from './changes.ts'
import { appendEvents } from './history.ts'
import { unionLockOf } from './locks.ts'
import { selectUnionUser } from './login-facts.ts'
import { sessionValues } from './rows.ts'
import { endOne } from './sessions.ts'
import { statement } from './sql.ts'
import type { Transaction } from './transaction.ts'
import { lockUser } from './users.ts'

const INSERT_CODE = statement(
  `INSERT INTO yaopai.codes (hash, selector, used_at_ms, seed, is_new, forget_after_ms)
   VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING`,
)
const LOCK_UNION = statement('SELECT pg_advisory_xact_lock($1::bigint)')
const SELECT_UNION_USER = statement(selectUnionUser('$1', '$2'))
const INSERT_USER = statement(
  `INSERT INTO yaopai.users (id, nickname, avatar_url, phone, created_at_ms, banned_at_ms)
   VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING`,
)
const INSERT_IDENTITY = statement(
  `INSERT INTO yaopai.identities
     (platform, appid, openid, user_id, unionid, union_scope, key_ring, created_at_ms, version)
   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING`,
)
const UPDATE_IDENTITY = statement(
  `UPDATE yaopai.identities SET user_id = $5, unionid = $6, union_scope = $7, key_ring = $8, version = version + 1
    WHERE platform = $1 AND appid = $2 AND openid = $3 AND version = $4`,
)
const LOCK_IDENTITY = statement(
  `SELECT 1 FROM yaopai.identities
    WHERE platform = $1 AND appid = $2 AND openid = $3 AND version = $4 FOR NO KEY UPDATE`,
)
const SELECT_UNSEEN = statement(
  `SELECT 1 FROM yaopai.sessions WHERE user_id = $1 AND ended_at_ms IS NULL AND platform = $2 AND appid = $3
      AND selector <> ALL ($4::bigint[]) LIMIT 1`,
)
const LOCK_UNENDED = statement(
  `SELECT selector FROM yaopai.sessions WHERE user_id = $1 AND ended_at_ms IS NULL AND selector = ANY ($2::bigint[])
    ORDER BY selector FOR NO KEY UPDATE`,
)
const INSERT_SESSION = statement(
  `INSERT INTO yaopai.sessions (bucket, selector, token_hash, user_id, platform, appid, openid, device, created_at_ms,
     idle_seconds, idle_deadline_ms, absolute_deadline_ms, ended_at_ms, end_reason)
   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) ON CONFLICT DO NOTHING`,
)

/**
 * Each step takes the lock under which what it says stays true until the commit, always in this order: code, unionid,
 * user, identity, sessions. So logins of one person come one after the other, whichever nodes they come to, and none
 * waits in a circle. Where a key is there already, or is just being written by somebody else, the step waits for that
 * and then finds it taken.
 */
export async function recordLogin(
  tx: Transaction,
  plan: LoginPlan,
): Promise<'recorded' | 'code_used' | 'conflict'> {
  if (!(await spendCode(tx, plan))) return tx.undo('code_used')
  const isWritten =
    (await takeUser(tx, plan)) &&
    (await takeIdentity(tx, plan)) &&
    (await sessionsFit(tx, plan)) &&
    (await tx.run(INSERT_SESSION, ...sessionValues(plan.session))) === 1
  if (!isWritten) return tx.undo('conflict')
  await appendEvents(tx, plan.events)
  await giveWay(tx, plan)
  return 'recorded'
}

/** First all sessions, then all changes: nothing is locked any more once a change is written. */
async function giveWay(tx: Transaction, { session, endSessions }: LoginPlan): Promise<void> {
  const ended: SessionEnd[] = []
  for (const end of endSessions) if (await endOne(tx, session.userId, end)) ended.push(end)
  for (const { atMs, selector } of ended) await appendChange(tx, { atMs, userId: session.userId, selector })
}

async function spendCode(tx: Transaction, { code, session }: LoginPlan): Promise<boolean> {
  if (code === null) return true
  const { hash, usedAtMs, seed, isNew, forgetAfterMs } = code
  return (await tx.run(INSERT_CODE, hash, session.selector, usedAtMs, seed, isNew, forgetAfterMs)) === 1
}

async function takeUser(tx: Transaction, { user, identity }: LoginPlan): Promise<boolean> {
  const isNewToUnion = await takeUnion(tx, identity)
  if (user.kind === 'keep') return (await lockUser(tx, user.id))?.bannedAtMs === null
  if (!isNewToUnion) return false
  const { id, nickname, avatarUrl, phone, createdAtMs, bannedAtMs } = user.record
  return (await tx.run(INSERT_USER, id, nickname, avatarUrl, phone, createdAtMs, bannedAtMs)) === 1
}

/**
 * Whether no user who is there has the unionid of an identity that is made. The lock is for all who give an identity a
 * unionid: two apps may meet the same new person at the same moment, and neither has a row yet that the other could see.
 */
async function takeUnion(tx: Transaction, identity: LoginPlan['identity']): Promise<boolean> {
  if (identity.kind === 'keep' || identity.record.unionid === null) return true
  const { unionScope, unionid } = identity.record
  await tx.all(LOCK_UNION, unionLockOf(unionScope, unionid))
  return identity.kind === 'update' || (await tx.one(SELECT_UNION_USER, unionScope, unionid)) === undefined
}

async function takeIdentity(tx: Transaction, { identity }: LoginPlan): Promise<boolean> {
  const { platform, appid, openid } = identity.kind === 'keep' ? identity.key : identity.record
  const key = [platform, appid, openid]
  if (identity.kind === 'keep') {
    return (await tx.one(LOCK_IDENTITY, ...key, identity.expectedVersion)) !== undefined
  }
  const { userId, unionid, unionScope, createdAtMs, version } = identity.record
  const owner = [userId, unionid, unionScope, JSON.stringify(identity.record.keyRing)]
  if (identity.kind === 'update') {
    return (await tx.run(UPDATE_IDENTITY, ...key, identity.expectedVersion, ...owner)) === 1
  }
  return (await tx.run(INSERT_IDENTITY, ...key, ...owner, createdAtMs, version)) === 1
}

/** Under the user's lock no session is added; those that are to end are locked too, since any act may end one. */
async function sessionsFit(tx: Transaction, plan: LoginPlan): Promise<boolean> {
  const { userId, platform, appid } = plan.session
  const seen = [...plan.seenSelectors]
  if (plan.user.kind === 'keep') {
    const unseen = await tx.one(SELECT_UNSEEN, userId, platform, appid, seen)
    if (unseen !== undefined) return false
  }
  const ending = [...new Set(plan.endSessions.map(({ selector }) => selector))]
  if (ending.length === 0) return true
  return (await tx.all(LOCK_UNENDED, userId, ending)).length === ending.length
}
