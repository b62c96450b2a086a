import type { EndReason } from './errors.ts'
import type { UserId } from './ids.ts'

/** A person. */
export interface UserRecord {
  readonly id: UserId
  readonly nickname: string | null
  readonly avatarUrl: string | null
  /** In E.164; leaves the server masked. */
  readonly phone: string | null
  readonly createdAtMs: number
  readonly bannedAtMs: number | null
}

export type Platform = 'wechat'

/** openid differs from app to app, so it names nobody without its appid. */
export interface IdentityKey {
  readonly platform: Platform
  readonly appid: string
  readonly openid: string
}

/** What ties a user to one app. */
export interface IdentityRecord extends IdentityKey {
  readonly userId: UserId
  readonly unionid: string | null
  readonly unionScope: string
  /** The newest three session_keys, sealed, newest first. */
  readonly keyRing: readonly string[]
  readonly createdAtMs: number
  /** Grows by one with each write: who writes says which version was read. */
  readonly version: number
}

/** What a client says of the device it runs on. Hints for the user's own list, never proof. */
export interface DeviceRecord {
  readonly id: string | null
  readonly brand: string | null
  readonly model: string | null
  readonly platform: string | null
  readonly label: string | null
}

/** One login on one device. */
export interface SessionRecord {
  /** 53-bit primary key, also inside the token. */
  readonly selector: number
  /** SHA-256 of the whole token. */
  readonly tokenHash: Uint8Array
  readonly userId: UserId
  readonly platform: Platform
  readonly appid: string
  /** Empty once the account was closed. */
  readonly openid: string
  readonly device: DeviceRecord
  readonly createdAtMs: number
  readonly idleSeconds: number
  readonly idleDeadlineMs: number
  readonly absoluteDeadlineMs: number
  readonly endedAtMs: number | null
  readonly endReason: EndReason | null
}

/** A session as authentication reads it, with its user's state and how far its renewal is. */
export interface StoredSession extends SessionRecord {
  readonly user: UserRecord
  /** Null while no token waits for its first use. */
  readonly pending: PendingRenewal | null
  /** How many renewals were begun so far. */
  readonly renewals: number
}

/** A renewal whose token nobody has used yet. */
export interface PendingRenewal {
  readonly nextHash: Uint8Array
  /** Under this the token is derived again; null once the session is over. */
  readonly seed: Uint8Array | null
}

/** A token that a session had before. */
export interface RetiredToken {
  /** Until then, and not at that moment any more, it opens what its successor opens. */
  readonly goodUntilMs: number
  /** Under this its successor is derived again; null once its time is over. */
  readonly seed: Uint8Array | null
}

export interface UsedCode {
  readonly selector: number
  readonly usedAtMs: number
  readonly seed: Uint8Array | null
  readonly isNew: boolean
}

/** `selector` null: all sessions of the user may have changed (a ban, a closing). */
export interface ChangeRecord {
  readonly seq: number
  readonly atMs: number
  readonly userId: UserId
  readonly selector: number | null
}

/** What a login needs to know of the sessions that the user already has in this app. */
export interface LivingSession {
  readonly selector: number
  readonly deviceId: string | null
  readonly idleDeadlineMs: number
  readonly absoluteDeadlineMs: number
}

/** A session that an act ends. */
export interface SessionEnd {
  readonly selector: number
  readonly reason: EndReason
  readonly atMs: number
}
