import type { IdentityKey, LivingSession, UsedCode, UserRecord } from '../../records.ts'
import type { LoginFacts, LoginPlan, LoginQuery } from '../store.ts'
import type { SqliteDatabase } from './driver.ts'
import { prepareArrayQuery, prepareQuery } from './query.ts'
import { deviceOf, type UserRow, userOf } from './rows.ts'
import type { Users } from './users.ts'

/** What is read before a login and, once more, before it is written. */
export interface LoginReads {
  findCode(hash: Uint8Array): UsedCode | null
  findLoginFacts(query: LoginQuery): LoginFacts
  /** Whether the world is still as the plan saw it; a key that is taken shows when it is written. */
  fits(plan: LoginPlan): boolean
}

interface Statements {
  findCode(hash: Uint8Array): UsedCode | null
  findUnionUser(query: Pick<LoginQuery, 'unionid' | 'unionScope'>): UserRecord | null
  /** Of the identity, the session and the user that a login writes what is there already. */
  beforeWriting(key: IdentityKey, session: LoginPlan['session']): BeforeRow
  unended(userId: string, platform: string, appid: string): LivingSession[]
  unendedSelectors(userId: string, platform: string, appid: string): number[]
  isUnended(userId: string, selector: number): boolean
}

export function prepareLoginReads(db: SqliteDatabase, users: Users): LoginReads {
  const statements = { ...prepareFinds(db), ...prepareChecks(db) }
  return {
    findCode: statements.findCode,
    findLoginFacts: (query) => findLoginFacts(statements, users, query),
    fits: (plan) => fits(statements, plan),
  }
}

function findLoginFacts(statements: Statements, users: Users, query: LoginQuery): LoginFacts {
  const identity = users.findIdentity(query)
  const user = identity && users.findUser(identity.userId)
  const unionUser = statements.findUnionUser(query)
  const owner = user ?? unionUser
  const sessions = owner === null ? [] : statements.unended(owner.id, query.platform, query.appid)
  return { identity, user, unionUser, sessions }
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

interface LivingRow {
  readonly selector: number
  readonly device: string | null
  readonly idle_deadline_ms: number
  readonly absolute_deadline_ms: number
}

function prepareChecks(db: SqliteDatabase): Omit<Statements, 'findCode' | 'findUnionUser'> {
  const selectBefore = prepareArrayQuery<BeforeRow>(
    db,
    `SELECT (SELECT version FROM identities WHERE platform = ? AND appid = ? AND openid = ?),
       EXISTS (SELECT 1 FROM sessions WHERE selector = ?),
       EXISTS (SELECT 1 FROM users WHERE id = ? AND closed_at_ms IS NULL AND banned_at_ms IS NULL)`,
  )
  const unendedOf = 'user_id = ? AND ended_at_ms IS NULL AND platform = ? AND appid = ? ORDER BY selector'
  const selectUnended = prepareQuery<LivingRow>(
    db,
    `SELECT selector, device, idle_deadline_ms, absolute_deadline_ms FROM sessions WHERE ${unendedOf}`,
  )
  const selectSelectors = prepareArrayQuery<readonly [number]>(
    db,
    `SELECT selector FROM sessions WHERE ${unendedOf}`,
  )
  const selectUnendedOne = prepareQuery<unknown>(
    db,
    'SELECT 1 FROM sessions WHERE selector = ? AND user_id = ? AND ended_at_ms IS NULL',
  )
  return {
    beforeWriting: ({ platform, appid, openid }, { selector, userId }) =>
      selectBefore.one(platform, appid, openid, selector, userId) ?? [null, 0, 0],
    isUnended: (userId, selector) => selectUnendedOne.one(selector, userId) !== undefined,
    unended: (userId, platform, appid) => selectUnended.all(userId, platform, appid).map(livingOf),
    unendedSelectors: (userId, platform, appid) =>
      selectSelectors.all(userId, platform, appid).map(([selector]) => selector),
  }
}

function livingOf(row: LivingRow): LivingSession {
  return {
    selector: row.selector,
    deviceId: deviceOf(row.device).id,
    idleDeadlineMs: row.idle_deadline_ms,
    absoluteDeadlineMs: row.absolute_deadline_ms,
  }
}
