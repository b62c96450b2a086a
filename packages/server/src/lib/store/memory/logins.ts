import type { IdentityRecord, UserRecord } from '../../records.ts'
import type { LoginFacts, LoginPlan, LoginQuery } from '../store.ts'
import {
  appendAll,
  copySession,
  endLiving,
  hashKeyOf,
  identityKeyOf,
  openUser,
  type Tables,
  unendedSessions,
} from './tables.ts'

export function findLoginFacts(tables: Tables, query: LoginQuery): LoginFacts {
  const identity = tables.identities.get(identityKeyOf(query)) ?? null
  const user = identity && openUser(tables, identity.userId)
  const unionUser = oldestOfUnion(tables, query)
  const owner = user ?? unionUser
  const sessions = owner === null ? [] : unendedSessions(tables, owner.id)
  return {
    identity,
    user,
    unionUser,
    sessions: sessions
      .filter((session) => session.platform === query.platform && session.appid === query.appid)
      .sort((a, b) => a.selector - b.selector)
      .map(({ selector, device, idleDeadlineMs, absoluteDeadlineMs }) => {
        return { selector, deviceId: device.id, idleDeadlineMs, absoluteDeadlineMs }
      }),
  }
}

export function recordLogin(tables: Tables, plan: LoginPlan): 'recorded' | 'code_used' | 'conflict' {
  if (plan.code !== null && tables.codes.has(hashKeyOf(plan.code.hash))) return 'code_used'
  if (!fits(tables, plan)) return 'conflict'
  write(tables, plan)
  return 'recorded'
}

function oldestOfUnion(tables: Tables, query: Pick<LoginQuery, 'unionid' | 'unionScope'>): UserRecord | null {
  if (query.unionid === null) return null
  const users = [...tables.identities.values()]
    .filter((one) => one.unionid === query.unionid && one.unionScope === query.unionScope)
    .map((one) => openUser(tables, one.userId))
    .filter((user) => user !== null)
  return users.sort((a, b) => a.createdAtMs - b.createdAtMs || (a.id < b.id ? -1 : 1))[0] ?? null
}

/** Whether the world is still as the plan saw it. */
function fits(tables: Tables, plan: LoginPlan): boolean {
  if (tables.sessions.has(plan.session.selector)) return false
  return userFits(tables, plan) && identityFits(tables, plan) && sessionsFit(tables, plan)
}

function userFits(tables: Tables, plan: LoginPlan): boolean {
  if (plan.user.kind === 'create') {
    const union = plan.identity.kind === 'create' ? oldestOfUnion(tables, plan.identity.record) : null
    return !tables.users.has(plan.user.record.id) && union === null
  }
  const user = openUser(tables, plan.user.id)
  return user !== null && user.bannedAtMs === null
}

function identityFits(tables: Tables, plan: LoginPlan): boolean {
  const { identity } = plan
  const found = tables.identities.get(
    identityKeyOf(identity.kind === 'keep' ? identity.key : identity.record),
  )
  if (identity.kind === 'create') return found === undefined
  return found?.version === identity.expectedVersion
}

function sessionsFit(tables: Tables, plan: LoginPlan): boolean {
  const { userId, platform, appid } = plan.session
  const living = unendedSessions(tables, userId)
  const isSeen = living
    .filter((session) => session.platform === platform && session.appid === appid)
    .every((session) => plan.seenSelectors.includes(session.selector))
  return isSeen && plan.endSessions.every((end) => living.some((one) => one.selector === end.selector))
}

function write(tables: Tables, plan: LoginPlan): void {
  const { code, session } = plan
  if (code !== null) {
    const seed = code.seed && Uint8Array.from(code.seed)
    const hash = Uint8Array.from(code.hash)
    tables.codes.set(hashKeyOf(hash), { ...code, hash, seed, selector: session.selector })
  }
  if (plan.user.kind === 'create') {
    tables.users.set(plan.user.record.id, { ...plan.user.record, closedAtMs: null })
  }
  writeIdentity(tables, plan.identity)
  for (const end of plan.endSessions) endLiving(tables, end)
  tables.sessions.set(session.selector, { ...copySession(session), pending: null, renewals: 0 })
  appendAll(tables, plan.events)
}

function writeIdentity(tables: Tables, identity: LoginPlan['identity']): void {
  if (identity.kind === 'keep') return
  const version = identity.kind === 'update' ? identity.expectedVersion + 1 : identity.record.version
  const record: IdentityRecord = { ...identity.record, keyRing: [...identity.record.keyRing], version }
  tables.identities.set(identityKeyOf(record), record)
}
