import type { SessionRecord } from '../../records.ts'
import { deviceText } from '../sql/rows.ts'
import type { PgValue } from './driver.ts'
import { bucketOf } from './sql.ts'

/** Columns under the names that the records give them: a row of these is the record. */

export const USER_COLUMNS = `id, nickname, avatar_url AS "avatarUrl", phone, users.created_at_ms AS "createdAtMs",
  banned_at_ms AS "bannedAtMs"`

export const IDENTITY_COLUMNS = `platform, appid, openid, user_id AS "userId", unionid, union_scope AS "unionScope",
  key_ring AS "keyRing", created_at_ms AS "createdAtMs", version`

export const SESSION_COLUMNS = `selector, token_hash AS "tokenHash", user_id AS "userId", platform, appid, openid,
  device, sessions.created_at_ms AS "createdAtMs", idle_seconds AS "idleSeconds",
  idle_deadline_ms AS "idleDeadlineMs", absolute_deadline_ms AS "absoluteDeadlineMs", ended_at_ms AS "endedAtMs",
  end_reason AS "endReason"`

/** A session's columns, and those of its user that the session does not have under the same name. */
export const STORED_SESSION_COLUMNS = `${SESSION_COLUMNS}, nickname, avatar_url AS "avatarUrl", phone,
  users.created_at_ms AS "userCreatedAtMs", banned_at_ms AS "bannedAtMs", next_hash AS "nextHash",
  renewal_seed AS "renewalSeed", renewals`

export const EVENT_COLUMNS = `id, at_ms AS "atMs", type, appid, user_id AS "userId", session_id AS "sessionId",
  request_id AS "requestId", ip, facts`

export const CHANGE_COLUMNS = 'seq, at_ms AS "atMs", user_id AS "userId", selector'

/** Neither an act nor its time has ended it by then. */
export function livesAt(moment: `$${number}`): string {
  return `ended_at_ms IS NULL AND idle_deadline_ms > ${moment} AND absolute_deadline_ms > ${moment}`
}

/** In the order of the table's columns, as far as a login knows them. */
export function sessionValues(session: SessionRecord): PgValue[] {
  return [
    bucketOf(session.selector),
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
