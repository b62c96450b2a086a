import type { IdentityKey, UsedCode, UserRecord } from '../../records.ts'
import type { LoginPlan, LoginQuery } from '../store.ts'
import type { SqliteDatabase } from './driver.ts'
import { prepareArrayQuery, prepareQuery } from './query.ts'
import { type UserRow, userOf } from './rows.ts'

/** What is read before a login and, once more, before it is written. */
export interface LoginReads {
  findCode(hash: Uint8Array): UsedCode | null
  /** Whether the world is still as the plan saw it; a key that is taken shows when it is written. */
  fits(plan: LoginPlan): boolean
}

interface Statements {
  findCode(hash: Uint8Array): UsedCode | null
  findUnionUser(query: Pick<LoginQuery, 'unionid' | 'unionScope'>): UserRecord | null
  /** Of the identity, the session and the user that a login writes what is there already. */
  beforeWriting(key: IdentityKey, session: LoginPlan['session']): BeforeRow
  unendedSelectors(userId: string, platform: string, appid: string): number[]
  isUnended(userId: string, selector: number): boolean
}

export function prepareLoginReads(db: SqliteDatabase): LoginReads {
  const statements = { ...prepareFinds(db), ...prepareChecks(db) }
  return {
    findCode: statements.findCode,
    fits: (plan) => fits(statements, plan),
  }
}

/** Selectors are drawn, and many begin with the same millisecond: one that is taken is nothing rare under load. */
function fits(statements: Statements, plan: LoginPlan): boolean {
  const { user, identity, session } = plan
  const key = identity.kind === 'keep' ? identity.key : identity.record
  const [version, isTaken, isWelcome] = statements.beforeWriting(key, session)
  if (isTaken === 1 || version !== (identity.kind === 'create' ? null : identity.expectedVersion))
    return false
  if (user.kind === 'keep') return isWelcome === 1 && sessionsFit(statements, plan)
  const isAlone = identity.kind !== 'create' || statements.findUnionUser(identity.record) === null
  return isAlone && plan.endSessions.length === 0
}

function sessionsFit(statements: Statements, plan: LoginPlan): boolean {
  const { userId, platform, appid } = plan.session
  const unended = statements.unendedSelectors(userId, platform, appid)
  return (
    unended.every((selector) => plan.seenSelectors.includes(selector)) &&
    plan.endSessions.every(({ selector }) => statements.isUnended(userId, selector))
  )
}

interface CodeFound {
  readonly selector: number
  readonly used_at_ms: number
  readonly seed: Uint8Array | null
  readonly is_new: number
}

function prepareFinds(db: SqliteDatabase): Pick<Statements, 'findCode' | 'findUnionUser'> {
  const selectCode = prepareQuery<CodeFound>(
    db,
    'SELECT selector, used_at_ms, seed, is_new FROM codes WHERE hash = ?',
  )
  const selectUnionUser = prepareQuery<UserRow>(
    db,
    `SELECT id, nickname, avatar_url, phone, users.created_at_ms AS created_at_ms, banned_at_ms
       FROM identities JOIN users ON users.id = identities.user_id
      WHERE union_scope = ? AND unionid = ? AND closed_at_ms IS NULL
      ORDER BY users.created_at_ms, users.id LIMIT 1`,
  )
  return {
    findCode(hash) {
      const row = selectCode.one(hash)
      if (row === undefined) return null
      const { selector, used_at_ms: usedAtMs, seed, is_new: isNew } = row
      return { selector, usedAtMs, seed, isNew: isNew === 1 }
    },
    findUnionUser({ unionid, unionScope }) {
      const row = unionid === null ? undefined : selectUnionUser.one(unionScope, unionid)
      return row === undefined ? null : userOf(row)
    },
  }
}

type BeforeRow = readonly [version: number | null, isTaken: number, isWelcome: number]

function prepareChecks(db: SqliteDatabase): Omit<Statements, 'findCode' | 'findUnionUser'> {
  const selectBefore = prepareArrayQuery<BeforeRow>(
    db,
    `SELECT (SELECT version FROM identities WHERE platform = ? AND appid = ? AND openid = ?),
       EXISTS (SELECT 1 FROM sessions WHERE selector = ?),
       EXISTS (SELECT 1 FROM users WHERE id = ? AND closed_at_ms IS NULL AND banned_at_ms IS NULL)`,
  )
  const selectUnended = prepareArrayQuery<readonly [number]>(
    db,
    `SELECT selector FROM sessions
      WHERE user_id = ? AND ended_at_ms IS NULL AND platform = ? AND appid = ? ORDER BY selector`,
  )
  const selectUnendedOne = prepareQuery<unknown>(
    db,
    'SELECT 1 FROM sessions WHERE selector = ? AND user_id = ? AND ended_at_ms IS NULL',
  )
  return {
    beforeWriting: ({ platform, appid, openid }, { selector, userId }) =>
      selectBefore.one(platform, appid, openid, selector, userId) ?? [null, 0, 0],
    isUnended: (userId, selector) => selectUnendedOne.one(selector, userId) !== undefined,
    unendedSelectors: (userId, platform, appid) =>
      selectUnended.all(userId, platform, appid).map(([selector]) => selector),
  }
}
