import { systemClock } from '../../packages/server/src/lib/clock.ts'
import { newEventId, newUserId } from '../../packages/server/src/lib/ids.ts'
import { systemRandom } from '../../packages/server/src/lib/random.ts'
import { DEFAULT_POLICY, deadlinesOf } from '../../packages/server/src/lib/session/lifetime.ts'
import { newSelector, sessionIdOf } from '../../packages/server/src/lib/session/selector.ts'
import type { LoginPlan, LoginQuery } from '../../packages/server/src/lib/store/store.ts'
import { APPID } from '../peers/yaopai.ts'

const CODE_ROW_MS = 86_400_000
const SEALED = `v1.k1.${'A'.repeat(16)}.${'B'.repeat(54)}`
const EVENTS = ['user.created', 'identity.created', 'login.succeeded'] as const

export function queryOf(number: number): LoginQuery {
  const openid = `onew_${String(number).padStart(23, '0')}`
  return { platform: 'wechat', appid: APPID, openid, unionid: null, unionScope: 'default' }
}

/** All that the login of a new user writes: code, user, identity with its key, session, three events. */
export function newLogin(number: number): LoginPlan {
  const nowMs = systemClock.nowMs()
  const userId = newUserId(systemClock, systemRandom)
  const selector = newSelector(nowMs, systemRandom)
  const owned = {
    platform: 'wechat',
    appid: APPID,
    openid: queryOf(number).openid,
    userId,
    createdAtMs: nowMs,
  } as const
  const user = {
    id: userId,
    nickname: null,
    avatarUrl: null,
    phone: null,
    createdAtMs: nowMs,
    bannedAtMs: null,
  }
  const code = { hash: systemRandom.bytes(32), usedAtMs: nowMs, seed: systemRandom.bytes(32), isNew: true }
  return {
    code: { ...code, forgetAfterMs: nowMs + CODE_ROW_MS },
    user: { kind: 'create', record: user },
    identity: {
      kind: 'create',
      record: { ...owned, unionid: null, unionScope: 'default', keyRing: [SEALED], version: 1 },
    },
    seenSelectors: [],
    endSessions: [],
    session: {
      ...owned,
      selector,
      tokenHash: Buffer.from(systemRandom.bytes(32)),
      device: { id: null, brand: null, model: null, platform: null, label: null },
      idleSeconds: DEFAULT_POLICY.idleSeconds,
      ...deadlinesOf(nowMs, DEFAULT_POLICY),
      endedAtMs: null,
      endReason: null,
    },
    events: EVENTS.map((type) => ({
      id: newEventId(systemClock, systemRandom),
      atMs: nowMs,
      type,
      appid: APPID,
      userId,
      sessionId: sessionIdOf(selector),
      requestId: `req_${'0'.repeat(16)}`,
      ip: '203.0.113.7',
      facts: {},
    })),
  }
}
