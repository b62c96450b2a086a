import type { AppConfig } from './config.ts'
import { type Decision, decide } from './identity/decide.ts'
import { ringWith } from './identity/key-ring.ts'
import { newUserId } from './ids.ts'
import type { LoginRequest, LoginResult } from './login.ts'
import type { IdentityKey, SessionRecord, UserRecord } from './records.ts'
import { newEvent, type Services } from './services.ts'
import { deadlinesOf } from './session/lifetime.ts'
import { sessionsToReplace } from './session/replace.ts'
import { newSelector } from './session/selector.ts'
import { deriveSecret, formatToken, hashToken } from './session/token.ts'
import type { LoginFacts, LoginPlan } from './store/store.ts'
import type { WechatSession } from './wechat/code-to-session.ts'

const SECRET_BYTES = 32
/** WeChat forgets codes after five minutes; by then the row is of no more use, a day leaves room for its clocks. */
const CODE_ROW_MS = 86_400_000

export interface Arrived {
  readonly app: AppConfig
  readonly request: LoginRequest
  readonly wechat: WechatSession
  /** Null: this code may come again. */
  readonly codeHash: Buffer | null
}

type PlannedLogin =
  | { readonly ok: true; readonly plan: LoginPlan; readonly login: Extract<LoginResult, { ok: true }> }
  | { readonly ok: false; readonly reason: 'banned' }

/** Reads the facts, lets identity and session decide, and writes down all that the login will change. */
export async function planLogin(services: Services, arrived: Arrived): Promise<PlannedLogin> {
  const { app, wechat } = arrived
  const key: IdentityKey = { platform: 'wechat', appid: app.appid, openid: wechat.openid }
  const facts = await services.store.findLoginFacts({
    ...key,
    unionid: wechat.unionid,
    unionScope: app.openPlatform,
  })
  const decision = decideWho(services, arrived, key, facts)
  if (!decision.ok) return decision

  const badge = makeBadge(services, arrived)
  const session = makeSession(arrived, badge, decision, services.clock.nowMs())
  const endSessions = sessionsToReplace(facts.sessions, {
    deviceId: session.device.id,
    nowMs: session.createdAtMs,
    policy: app.policy,
  })
  const isNew = decision.user.kind === 'create'
  const plan: LoginPlan = {
    code: codeRow(arrived, badge, session, isNew),
    user: decision.user,
    identity: decision.identity,
    seenSelectors: facts.sessions.map(({ selector }) => selector),
    endSessions,
    session,
    events: eventsOf(services, arrived, {
      decision,
      session,
      endedSelectors: endSessions.map((end) => end.selector),
    }),
  }
  return {
    ok: true,
    plan,
    login: { ok: true, token: badge.token, session, user: userOf(decision, facts), isNew },
  }
}

function decideWho(services: Services, arrived: Arrived, key: IdentityKey, facts: LoginFacts): Decision {
  return decide(facts, {
    key,
    unionid: arrived.wechat.unionid,
    unionScope: arrived.app.openPlatform,
    newKeyRing: ringWith(facts.identity?.keyRing ?? [], arrived.wechat.sessionKey, key, services.vault),
    nowMs: services.clock.nowMs(),
    // Drawn when it is read: few logins make a user.
    get newUserId() {
      return newUserId(services.clock, services.random)
    },
    nickname: arrived.request.nickname,
  })
}

interface Badge {
  readonly selector: number
  readonly token: string
  readonly seed: Buffer | null
}

/** With a nonce the secret can be derived again for a retry; without one it is random and gone. */
function makeBadge(services: Services, { request }: Arrived): Badge {
  const selector = newSelector(services.clock.nowMs(), services.random)
  const bytes = services.random.bytes(SECRET_BYTES)
  if (request.nonce === null) return { selector, token: formatToken('yp1_', selector, bytes), seed: null }
  const secret = deriveSecret(bytes, [request.appid, request.code, request.nonce])
  return { selector, token: formatToken('yp1_', selector, secret), seed: bytes }
}

function makeSession(
  { app, request, wechat }: Arrived,
  badge: Badge,
  decision: Extract<Decision, { ok: true }>,
  nowMs: number,
): SessionRecord {
  return {
    selector: badge.selector,
    tokenHash: hashToken(badge.token),
    userId: decision.user.kind === 'create' ? decision.user.record.id : decision.user.id,
    platform: 'wechat',
    appid: app.appid,
    openid: wechat.openid,
    device: request.device,
    createdAtMs: nowMs,
    idleSeconds: app.policy.idleSeconds,
    ...deadlinesOf(nowMs, app.policy),
    endedAtMs: null,
    endReason: null,
  }
}

function codeRow(
  { codeHash }: Arrived,
  badge: Badge,
  session: SessionRecord,
  isNew: boolean,
): LoginPlan['code'] {
  if (codeHash === null) return null
  const usedAtMs = session.createdAtMs
  return { hash: codeHash, usedAtMs, seed: badge.seed, isNew, forgetAfterMs: usedAtMs + CODE_ROW_MS }
}

function userOf(decision: Extract<Decision, { ok: true }>, facts: LoginFacts): UserRecord {
  if (decision.user.kind === 'create') return decision.user.record
  const user = facts.user ?? facts.unionUser
  if (user === null) throw new Error('A login kept a user whom the store did not name')
  return user
}

interface Outcome {
  readonly decision: Extract<Decision, { ok: true }>
  readonly session: SessionRecord
  readonly endedSelectors: readonly number[]
}

function eventsOf(services: Services, { request }: Arrived, outcome: Outcome): LoginPlan['events'] {
  const { decision, session } = outcome
  const subject = { appid: session.appid, userId: session.userId, selector: session.selector }
  const event = (type: Parameters<typeof newEvent>[2], more: Partial<Parameters<typeof newEvent>[3]> = {}) =>
    newEvent(services, request.origin, type, { ...subject, ...more })
  const conflict = decision.unionConflictWith
  return [
    ...(decision.user.kind === 'create' ? [event('user.created')] : []),
    ...(decision.identity.kind === 'create' ? [event('identity.created')] : []),
    ...(conflict === null ? [] : [event('identity.union_conflict', { facts: { otherUser: conflict } })]),
    ...outcome.endedSelectors.map((selector) =>
      event('session.ended', { selector, facts: { reason: 'replaced' } }),
    ),
    event('login.succeeded'),
  ]
}
