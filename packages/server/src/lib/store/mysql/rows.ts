import { bucketOf } from './keys.ts'
import { type Query, sql } from './sql.ts'

/** Columns under the names that the records give them: a row of these is the record. */

export const USER_COLUMNS = sql`id, nickname, avatar_url AS avatarUrl, phone, yaopai_users.created_at_ms AS createdAtMs,
  banned_at_ms AS bannedAtMs`

export const IDENTITY_COLUMNS = sql`platform, appid, openid, user_id AS userId, unionid, union_scope AS unionScope,
  key_ring AS keyRing, created_at_ms AS createdAtMs, version`

export const SESSION_COLUMNS = sql`selector, token_hash AS tokenHash, user_id AS userId, platform, appid, openid,
  device, yaopai_sessions.created_at_ms AS createdAtMs, idle_seconds AS idleSeconds,
  idle_deadline_ms AS idleDeadlineMs, absolute_deadline_ms AS absoluteDeadlineMs, ended_at_ms AS endedAtMs,
  end_reason AS endReason`

/** A session's columns, and those of its user that the session does not have under the same name. */
export const STORED_SESSION_COLUMNS = sql`${SESSION_COLUMNS}, nickname, avatar_url AS avatarUrl, phone,
  yaopai_users.created_at_ms AS userCreatedAtMs, banned_at_ms AS bannedAtMs, next_hash AS nextHash,
  renewal_seed AS renewalSeed, renewals`

export const EVENT_COLUMNS = sql`id, at_ms AS atMs, type, appid, user_id AS userId, session_id AS sessionId,
  request_id AS requestId, ip, facts`

export const CHANGE_COLUMNS = sql`seq, at_ms AS atMs, user_id AS userId, selector`

/** The one row of that session, by its whole primary key. */
export function isSession(selector: number): Query {
  return sql`bucket = ${bucketOf(selector)} AND selector = ${selector}`
}

/** Neither an act nor its time has ended it by then. */
export function livesAt(moment: number): Query {
  return sql`ended_at_ms IS NULL AND idle_deadline_ms > ${moment} AND absolute_deadline_ms > ${moment}`
}
