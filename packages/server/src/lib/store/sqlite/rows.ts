import type { EndReason } from '../../errors.ts'
import type { EventRecord } from '../../events.ts'
import type { UserId } from '../../ids.ts'
import type {
  ChangeRecord,
  DeviceRecord,
  IdentityRecord,
  PendingRenewal,
  Platform,
  SessionRecord,
  StoredSession,
  UserRecord,
} from '../../records.ts'
import type { SqlValue } from './driver.ts'

/** Rows as SQLite gives them, and the records that they become. */

export const USER_COLUMNS = 'id, nickname, avatar_url, phone, created_at_ms, banned_at_ms'

export interface UserRow {
  readonly id: UserId
  readonly nickname: string | null
  readonly avatar_url: string | null
  readonly phone: string | null
  readonly created_at_ms: number
  readonly banned_at_ms: number | null
}

export function userOf(row: UserRow): UserRecord {
  return {
    id: row.id,
    nickname: row.nickname,
    avatarUrl: row.avatar_url,
    phone: row.phone,
    createdAtMs: row.created_at_ms,
    bannedAtMs: row.banned_at_ms,
  }
}

export const IDENTITY_COLUMNS =
  'platform, appid, openid, user_id, unionid, union_scope, key_ring, created_at_ms, version'

export interface IdentityRow {
  readonly platform: Platform
  readonly appid: string
  readonly openid: string
  readonly user_id: UserId
  readonly unionid: string | null
  readonly union_scope: string
  readonly key_ring: string
  readonly created_at_ms: number
  readonly version: number
}

export function identityOf(row: IdentityRow): IdentityRecord {
  return {
    platform: row.platform,
    appid: row.appid,
    openid: row.openid,
    userId: row.user_id,
    unionid: row.unionid,
    unionScope: row.union_scope,
    keyRing: JSON.parse(row.key_ring) as string[],
    createdAtMs: row.created_at_ms,
    version: row.version,
  }
}

export const SESSION_COLUMNS =
  'selector, token_hash, user_id, platform, appid, openid, device, sessions.created_at_ms, idle_seconds, ' +
  'idle_deadline_ms, absolute_deadline_ms, ended_at_ms, end_reason'

/** Neither an act nor its time has ended it; takes the same moment twice. */
export const LIVES_AT = 'ended_at_ms IS NULL AND idle_deadline_ms > ? AND absolute_deadline_ms > ?'

/** As an array, in the order of the columns: the hottest read pays for each name that a row has. */
export type SessionRow = readonly [
  selector: number,
  tokenHash: Uint8Array,
  userId: UserId,
  platform: Platform,
  appid: string,
  openid: string,
  device: string | null,
  createdAtMs: number,
  idleSeconds: number,
  idleDeadlineMs: number,
  absoluteDeadlineMs: number,
  endedAtMs: number | null,
  endReason: EndReason | null,
]

export function sessionOf(row: SessionRow): SessionRecord {
  return {
    selector: row[0],
    tokenHash: row[1],
    userId: row[2],
    platform: row[3],
    appid: row[4],
    openid: row[5],
    device: deviceOf(row[6]),
    createdAtMs: row[7],
    idleSeconds: row[8],
    idleDeadlineMs: row[9],
    absoluteDeadlineMs: row[10],
    endedAtMs: row[11],
    endReason: row[12],
  }
}

/** In the order of `SESSION_COLUMNS`. */
export function sessionValues(session: SessionRecord): SqlValue[] {
  return [
    session.selector,
    session.tokenHash,
    session.userId,
    session.platform,
    session.appid,
    session.openid,
    deviceText(session.device),
    session.createdAtMs,
    session.idleSeconds,
    session.idleDeadlineMs,
    session.absoluteDeadlineMs,
    session.endedAtMs,
    session.endReason,
  ]
}

export const STORED_SESSION_COLUMNS = `${SESSION_COLUMNS}, nickname, avatar_url, phone, users.created_at_ms, banned_at_ms, next_hash, renewal_seed, renewals`

export type StoredSessionRow = readonly [
  ...SessionRow,
  nickname: string | null,
  avatarUrl: string | null,
  phone: string | null,
  userCreatedAtMs: number,
  bannedAtMs: number | null,
  nextHash: Uint8Array | null,
  renewalSeed: Uint8Array | null,
  renewals: number,
]

/** In one step: an object that takes over the fields of another one is made anew with each of them. */
export function storedSessionOf(row: StoredSessionRow): StoredSession {
  return {
    selector: row[0],
    tokenHash: row[1],
    userId: row[2],
    platform: row[3],
    appid: row[4],
    openid: row[5],
    device: deviceOf(row[6]),
    createdAtMs: row[7],
    idleSeconds: row[8],
    idleDeadlineMs: row[9],
    absoluteDeadlineMs: row[10],
    endedAtMs: row[11],
    endReason: row[12],
    user: {
      id: row[2],
      nickname: row[13],
      avatarUrl: row[14],
      phone: row[15],
      createdAtMs: row[16],
      bannedAtMs: row[17],
    },
    pending: pendingOf(row[18], row[19]),
    renewals: row[20],
  }
}

function pendingOf(nextHash: Uint8Array | null, seed: Uint8Array | null): PendingRenewal | null {
  return nextHash === null ? null : { nextHash, seed }
}

const NO_DEVICE: DeviceRecord = { id: null, brand: null, model: null, platform: null, label: null }

export function deviceOf(text: string | null): DeviceRecord {
  if (text === null) return { ...NO_DEVICE }
  const [id = null, brand = null, model = null, platform = null, label = null] = JSON.parse(text) as (
    | string
    | null
  )[]
  return { id, brand, model, platform, label }
}

function deviceText({ id, brand, model, platform, label }: DeviceRecord): string | null {
  const parts = [id, brand, model, platform, label]
  return parts.every((part) => part === null) ? null : JSON.stringify(parts)
}

export interface EventRow {
  readonly id: EventRecord['id']
  readonly at_ms: number
  readonly type: EventRecord['type']
  readonly appid: string | null
  readonly user_id: UserId | null
  readonly session_id: EventRecord['sessionId']
  readonly request_id: string | null
  readonly ip: string | null
  readonly facts: string
}

export function eventOf(row: EventRow): EventRecord {
  return {
    id: row.id,
    atMs: row.at_ms,
    type: row.type,
    appid: row.appid,
    userId: row.user_id,
    sessionId: row.session_id,
    requestId: row.request_id,
    ip: row.ip,
    facts: JSON.parse(row.facts) as EventRecord['facts'],
  }
}

export interface ChangeRow {
  readonly seq: number
  readonly at_ms: number
  readonly user_id: UserId
  readonly selector: number | null
}

export function changeOf(row: ChangeRow): ChangeRecord {
  return { seq: row.seq, atMs: row.at_ms, userId: row.user_id, selector: row.selector }
}
