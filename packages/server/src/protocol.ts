/**
 * What goes over the wire, for servers and clients alike. Times are ISO 8601 in UTC, durations whole seconds.
 */
import type { ErrorClass, ErrorCode } from './lib/errors.ts'
import type { SessionId, UserId } from './lib/ids.ts'

export type { ErrorClass, ErrorCode, SessionId, UserId }

export interface DeviceView {
  readonly id: string | null
  readonly brand: string | null
  readonly model: string | null
  readonly platform: string | null
  readonly label: string | null
}

export interface SessionView {
  readonly id: SessionId
  readonly appid: string
  readonly createdAt: string
  /** The absolute end, which nothing extends. */
  readonly expiresAt: string
  readonly idleSeconds: number
  readonly device: DeviceView
}

export interface UserView {
  readonly id: UserId
  readonly nickname: string | null
  readonly avatarUrl: string | null
  /** Masked: `156****1234`. */
  readonly phone: string | null
  readonly createdAt: string
}

/** Answer of `POST /login`. */
export interface LoginView {
  readonly token: string
  readonly expiresAt: string
  readonly idleSeconds: number
  readonly renewAfter: string
  readonly session: SessionView
  readonly user: UserView
  readonly isNew: boolean
}

/** Answer of `POST /session/renew`. */
export interface RenewView {
  /** Good at once; the one it follows stays good until this one is first used, and 30 seconds more. */
  readonly token: string
  /** The absolute end, as before. */
  readonly expiresAt: string
  readonly idleSeconds: number
  readonly renewAfter: string
}

/** Body of every error: `application/problem+json`, RFC 9457. */
export interface Problem {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly code: ErrorCode
  readonly class: ErrorClass
  readonly detail?: string
  readonly field?: string
  readonly retryAfterSeconds?: number
  /** As in the log of Yaopai. A refusal that a back end made without Yaopai's answer has none. */
  readonly requestId?: string
}

/** Answer of `POST /verify`: who calls, or what to hand on to the client as it is. */
export type VerifyView =
  | { readonly ok: true; readonly user: UserView; readonly session: SessionView }
  | { readonly ok: false; readonly problem: Problem; readonly wwwAuthenticate: string }
