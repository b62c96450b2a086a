import type { EndReason } from '../../errors.ts'
import type { EventRecord } from '../../events.ts'
import type { UserId } from '../../ids.ts'
import type {
  ChangeRecord,
  IdentityRecord,
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
  'selector, token_hash, user_id, platform, appid, openid, device_id, device_brand, device_model, ' +
  'device_platform, device_label, sessions.created_at_ms AS created_at_ms, idle_seconds, idle_deadline_ms, ' +
  'absolute_deadline_ms, ended_at_ms, end_reason'

export interface SessionRow {
  readonly selector: number
  readonly token_hash: Uint8Array
  readonly user_id: UserId
  readonly platform: Platform
  readonly appid: string
  readonly openid: string
  readonly device_id: string | null
  readonly device_brand: string | null
  readonly device_model: string | null
  readonly device_platform: string | null
  readonly device_label: string | null
  readonly created_at_ms: number
  readonly idle_seconds: number
  readonly idle_deadline_ms: number
  readonly absolute_deadline_ms: number
  readonly ended_at_ms: number | null
  readonly end_reason: EndReason | null
}

export function sessionOf(row: SessionRow): SessionRecord {
  return {
    selector: row.selector,
    tokenHash: row.token_hash,
    userId: row.user_id,
    platform: row.platform,
    appid: row.appid,
    openid: row.openid,
    device: {
      id: row.device_id,
      brand: row.device_brand,
      model: row.device_model,
      platform: row.device_platform,
      label: row.device_label,
    },
    createdAtMs: row.created_at_ms,
    idleSeconds: row.idle_seconds,
    idleDeadlineMs: row.idle_deadline_ms,
    absoluteDeadlineMs: row.absolute_deadline_ms,
    endedAtMs: row.ended_at_ms,
    endReason: row.end_reason,
  }
}

/** In the order of the columns of `sessions`. */
export function sessionValues(session: SessionRecord): SqlValue[] {
  const { device } = session
  return [
    session.selector,
    session.tokenHash,
    session.userId,
    session.platform,
    session.appid,
    session.openid,
    device.id,
    device.brand,
    device.model,
    device.platform,
    device.label,
    session.createdAtMs,
    session.idleSeconds,
    session.idleDeadlineMs,
    session.absoluteDeadlineMs,
    session.endedAtMs,
    session.endReason,
  ]
}

export interface StoredSessionRow extends SessionRow {
  readonly nickname: string | null
  readonly avatar_url: string | null
  readonly phone: string | null
  readonly user_created_at_ms: number
  readonly banned_at_ms: number | null
}

export function storedSessionOf(row: StoredSessionRow): StoredSession {
  const user = userOf({ ...row, id: row.user_id, created_at_ms: row.user_created_at_ms })
  return { ...sessionOf(row), user }
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
