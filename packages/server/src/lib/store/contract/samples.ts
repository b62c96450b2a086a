import { createHash } from 'node:crypto'
import type { EventRecord } from '../../events.ts'
import { base62, type EventId, type UserId } from '../../ids.ts'
import type { IdentityRecord, SessionRecord, UserRecord } from '../../records.ts'
import type { LoginPlan, LoginQuery, RenewalStart, Store, SweepOrder, TokenPromotion } from '../store.ts'

/** Records for the suite, told apart by a number: the same number gives the same record again. */

export const NOW_MS = 1_800_000_000_000
export const HOUR_MS = 3_600_000
export const APPID = 'wxa1b2c3d4e5f60718'
export const OTHER_APPID = 'wxffffffffffffffff'
const SCOPE = 'default'

export function sampleUserId(n: number): UserId {
  return `usr_${base62(BigInt(n), 16)}`
}

export function sampleEventId(n: number): EventId {
  return `evt_${base62(BigInt(n), 16)}`
}

export function sampleSelector(n: number): number {
  return NOW_MS * 4096 + n
}

export function sampleHash(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

export function sampleUser(n: number, change: Partial<UserRecord> = {}): UserRecord {
  return {
    id: sampleUserId(n),
    nickname: `nickname-${n}`,
    avatarUrl: `https://thirdwx.qlogo.cn/avatar-${n}`,
    phone: `+86156000${String(n).padStart(5, '0')}`,
    createdAtMs: NOW_MS + n,
    bannedAtMs: null,
    ...change,
  }
}

export function sampleIdentity(n: number, change: Partial<IdentityRecord> = {}): IdentityRecord {
  return {
    platform: 'wechat',
    appid: APPID,
    openid: `openid-${n}`,
    userId: sampleUserId(n),
    unionid: null,
    unionScope: SCOPE,
    keyRing: [`sealed-key-${n}`],
    createdAtMs: NOW_MS + n,
    version: 1,
    ...change,
  }
}

/** Session `n` of user `n`; another user's by `change`. */
export function sampleSession(n: number, change: Partial<SessionRecord> = {}): SessionRecord {
  return {
    selector: sampleSelector(n),
    tokenHash: sampleHash(`token-${n}`),
    userId: sampleUserId(n),
    platform: 'wechat',
    appid: APPID,
    openid: `openid-${n}`,
    device: {
      id: `device-${n}`,
      brand: `brand-${n}`,
      model: `model-${n}`,
      platform: `os-${n}`,
      label: `label-${n}`,
    },
    createdAtMs: NOW_MS,
    idleSeconds: 259_200,
    idleDeadlineMs: NOW_MS + 73 * HOUR_MS,
    absoluteDeadlineMs: NOW_MS + 720 * HOUR_MS,
    endedAtMs: null,
    endReason: null,
    ...change,
  }
}

/** An event of user 1, unless `change` says otherwise. */
export function sampleEvent(n: number, change: Partial<EventRecord> = {}): EventRecord {
  return {
    id: sampleEventId(n),
    atMs: NOW_MS + n,
    type: 'login.succeeded',
    appid: APPID,
    userId: sampleUserId(1),
    sessionId: 'ses_00000000000001',
    requestId: `request-${n}`,
    ip: '203.0.113.7',
    facts: { count: n, fresh: true, via: 'code' },
    ...change,
  }
}

/** The login that makes user, identity and session `n`. */
export function firstLogin(n: number, change: Partial<LoginPlan> = {}): LoginPlan {
  return {
    code: {
      hash: sampleHash(`code-${n}`),
      usedAtMs: NOW_MS,
      seed: sampleHash(`seed-${n}`),
      isNew: true,
      forgetAfterMs: NOW_MS + 24 * HOUR_MS,
    },
    user: { kind: 'create', record: sampleUser(n) },
    identity: { kind: 'create', record: sampleIdentity(n) },
    seenSelectors: [],
    endSessions: [],
    session: sampleSession(n),
    events: [],
    ...change,
  }
}

/** A further login `n` of user `user`, whose identity stays as it is. */
export function laterLogin(n: number, user: number, change: Partial<LoginPlan> = {}): LoginPlan {
  const openid = `openid-${user}`
  return firstLogin(n, {
    user: { kind: 'keep', id: sampleUserId(user) },
    identity: { kind: 'keep', key: { platform: 'wechat', appid: APPID, openid }, expectedVersion: 1 },
    session: sampleSession(n, { userId: sampleUserId(user), openid }),
    ...change,
  })
}

export function queryOf(n: number, change: Partial<LoginQuery> = {}): LoginQuery {
  return {
    platform: 'wechat',
    appid: APPID,
    openid: `openid-${n}`,
    unionid: null,
    unionScope: SCOPE,
    ...change,
  }
}

/** The renewal of session `n` that goes from its `step`-th token to the next; the first token is number 0. */
export function sampleRenewal(n: number, step = 0, change: Partial<RenewalStart> = {}): RenewalStart {
  return {
    selector: sampleSelector(n),
    tokenHash: sampleTokenHash(n, step),
    nextHash: sampleTokenHash(n, step + 1),
    seed: sampleHash(`renewal-seed-${n}-${step}`),
    atMs: NOW_MS,
    events: [],
    ...change,
  }
}

/** The first use of the token that `sampleRenewal` with the same numbers made. */
export function samplePromotion(n: number, step = 0, change: Partial<TokenPromotion> = {}): TokenPromotion {
  const nextHash = sampleTokenHash(n, step + 1)
  return { selector: sampleSelector(n), nextHash, atMs: NOW_MS, goodUntilMs: NOW_MS + 30_000, ...change }
}

export function sampleTokenHash(n: number, step: number): Buffer {
  return sampleHash(step === 0 ? `token-${n}` : `token-${n}-${step}`)
}

/** A sweep to which nothing is old enough, but for what `change` says. */
export function sweepOrder(change: Partial<SweepOrder> = {}): SweepOrder {
  return {
    nowMs: 0,
    sessionsBeforeMs: 0,
    eventsBeforeMs: 0,
    changesBeforeMs: 0,
    changesKept: 0,
    seedsBeforeMs: 0,
    limit: 1_000,
    ...change,
  }
}

export async function eventsOf(store: Store, n: number): Promise<EventRecord[]> {
  return store.listEvents({ userId: sampleUserId(n), limit: 1_000 })
}

/** The selectors named by `changes` after `afterSeq`; null stands for all of a user. */
export async function changedSelectors(store: Store, afterSeq = 0): Promise<(number | null)[]> {
  const changes = await store.listChanges({ afterSeq, limit: 10_000 })
  return changes.map((change) => change.selector)
}

export async function lastSeq(store: Store): Promise<number> {
  const changes = await store.listChanges({ afterSeq: 0, limit: 1_000_000 })
  return changes.at(-1)?.seq ?? 0
}
