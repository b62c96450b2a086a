import type { IdentityRecord, LivingSession, SessionRecord, UserRecord } from '../lib/records.ts'
import { DEFAULT_POLICY, deadlinesOf } from '../lib/session/lifetime.ts'
import { newSelector } from '../lib/session/selector.ts'
import { NEW_YEAR_MS } from './moved-clock.ts'
import { createSeededRandom } from './seeded-random.ts'

const random = createSeededRandom('records')

export function sampleUser(differing: Partial<UserRecord> = {}): UserRecord {
  return {
    id: 'usr_00000000000alice',
    nickname: null,
    avatarUrl: null,
    phone: null,
    createdAtMs: NEW_YEAR_MS,
    bannedAtMs: null,
    ...differing,
  }
}

export function sampleIdentity(differing: Partial<IdentityRecord> = {}): IdentityRecord {
  return {
    platform: 'wechat',
    appid: 'wx0000000000000001',
    openid: 'o-alice',
    userId: 'usr_00000000000alice',
    unionid: null,
    unionScope: 'default',
    keyRing: [],
    createdAtMs: NEW_YEAR_MS,
    version: 1,
    ...differing,
  }
}

export function sampleSession(differing: Partial<SessionRecord> = {}): SessionRecord {
  const createdAtMs = differing.createdAtMs ?? NEW_YEAR_MS
  return {
    selector: newSelector(createdAtMs, random),
    tokenHash: Buffer.alloc(32, 7),
    userId: 'usr_00000000000alice',
    platform: 'wechat',
    appid: 'wx0000000000000001',
    openid: 'o-alice',
    device: { id: null, brand: null, model: null, platform: null, label: null },
    createdAtMs,
    idleSeconds: DEFAULT_POLICY.idleSeconds,
    ...deadlinesOf(createdAtMs, DEFAULT_POLICY),
    endedAtMs: null,
    endReason: null,
    ...differing,
  }
}

export function sampleLivingSession(differing: Partial<LivingSession> = {}): LivingSession {
  const { selector, device, idleDeadlineMs, absoluteDeadlineMs } = sampleSession()
  return { selector, deviceId: device.id, idleDeadlineMs, absoluteDeadlineMs, ...differing }
}
