import { createHash } from 'node:crypto'
import { systemClock } from '../../packages/server/src/lib/clock.ts'
import type { EventType } from '../../packages/server/src/lib/events.ts'
import { newEventId, newUserId, type UserId } from '../../packages/server/src/lib/ids.ts'
import { systemRandom } from '../../packages/server/src/lib/random.ts'
import type { SessionRecord } from '../../packages/server/src/lib/records.ts'
import { DEFAULT_POLICY, deadlinesOf } from '../../packages/server/src/lib/session/lifetime.ts'
import { newSelector, sessionIdOf } from '../../packages/server/src/lib/session/selector.ts'
import type { LoginPlan } from '../../packages/server/src/lib/store/store.ts'
import { APPID } from '../peers/yaopai.ts'
import { type Seeded, seededUser } from './seed.ts'

/** What the server hands to its store when somebody logs in for the first time: code, user, identity, session, events. */
export function firstLoginPlan(number: number): LoginPlan {
  const createdAtMs = Date.now()
  const id = newUserId(systemClock, systemRandom)
  const openid = `n${createHash('sha256').update(`${number}`).digest('base64url').slice(0, 27)}`
  const identity = { platform: 'wechat', appid: APPID, openid, userId: id, createdAtMs } as const
  const { keyRing } = seededUser(0, { sessions: 1, startMs: 0 })
  const record = { ...identity, unionid: null, unionScope: 'default', keyRing, version: 1 }
  const user = { id, nickname: null, avatarUrl: null, phone: null, createdAtMs, bannedAtMs: null }
  return {
    ...loginOf(id, openid, ['user.created', 'identity.created', 'login.succeeded']),
    user: { kind: 'create', record: user },
    identity: { kind: 'create', record },
    seenSelectors: [],
  }
}

/** The same for a user of the seeding, who comes again with a new session_key. */
export function laterLoginPlan(number: number, { startMs }: Seeded, sessions: number): LoginPlan {
  const { userId, openid, selector, keyRing } = seededUser(number, { sessions, startMs })
  const identity = {
    platform: 'wechat',
    appid: APPID,
    openid,
    userId,
    createdAtMs: startMs + number,
  } as const
  const ring = [...keyRing, ...keyRing]
  const record = { ...identity, unionid: null, unionScope: 'default', keyRing: ring, version: 2 }
  return {
    ...loginOf(userId, openid, ['login.succeeded']),
    user: { kind: 'keep', id: userId },
    identity: { kind: 'update', record, expectedVersion: 1 },
    seenSelectors: [selector],
  }
}

function loginOf(userId: UserId, openid: string, events: readonly EventType[]) {
  const nowMs = Date.now()
  const selector = newSelector(nowMs, systemRandom)
  const session: SessionRecord = {
    ...{ selector, tokenHash: systemRandom.bytes(32), userId, platform: 'wechat', appid: APPID, openid },
    device: { id: null, brand: null, model: null, platform: null, label: null },
    ...{ createdAtMs: nowMs, idleSeconds: DEFAULT_POLICY.idleSeconds, ...deadlinesOf(nowMs, DEFAULT_POLICY) },
    ...{ endedAtMs: null, endReason: null },
  }
  const [hash, seed] = [systemRandom.bytes(32), systemRandom.bytes(32)]
  const code = { hash, usedAtMs: nowMs, seed, isNew: true, forgetAfterMs: nowMs + 86_400_000 }
  return { code, endSessions: [], session, events: events.map((type) => eventOf(type, session)) }
}

function eventOf(type: EventType, { appid, userId, selector, createdAtMs }: SessionRecord) {
  const id = newEventId(systemClock, systemRandom)
  const origin = { requestId: 'req_0123456789abcdefghijkl', ip: '203.0.113.7' }
  return {
    id,
    atMs: createdAtMs,
    type,
    appid,
    userId,
    sessionId: sessionIdOf(selector),
    ...origin,
    facts: {},
  }
}
