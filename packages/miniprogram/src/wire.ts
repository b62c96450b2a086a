// What Yaopai's server says to a mini program, written out, so that the declarations stand alone where the package is
// installed without the server. wire.test.ts holds them to the server's own.

/** What to do about an error. */
export type ErrorClass = 'relogin' | 'signed_out' | 'denied' | 'retry' | 'input' | 'config'

/** The server's codes, described in docs/errors.md. */
export type ErrorCode =
  | 'invalid_request'
  | 'unknown_app'
  | 'app_mismatch'
  | 'missing_token'
  | 'invalid_token'
  | 'expired'
  | 'idle_timeout'
  | 'replaced'
  | 'logged_out'
  | 'revoked_by_user'
  | 'revoked_by_admin'
  | 'reuse_detected'
  | 'user_deleted'
  | 'code_invalid'
  | 'code_used'
  | 'login_blocked'
  | 'banned'
  | 'app_disabled'
  | 'insufficient_scope'
  | 'reauth_required'
  | 'not_found'
  | 'method_not_allowed'
  | 'conflict'
  | 'payload_too_large'
  | 'unsupported_media_type'
  | 'session_key_stale'
  | 'rate_limited'
  | 'internal'
  | 'wechat_misconfigured'
  | 'wechat_unavailable'
  | 'wechat_quota'
  | 'store_unavailable'

export interface DeviceView {
  readonly id: string | null
  readonly brand: string | null
  readonly model: string | null
  readonly platform: string | null
  readonly label: string | null
}

export interface SessionView {
  readonly id: `ses_${string}`
  readonly appid: string
  /** ISO 8601 in UTC, as all times here. */
  readonly createdAt: string
  /** The absolute end, which nothing extends. */
  readonly expiresAt: string
  readonly idleSeconds: number
  readonly device: DeviceView
}

export interface UserView {
  readonly id: `usr_${string}`
  readonly nickname: string | null
  readonly avatarUrl: string | null
  /** Masked: `156****1234`. */
  readonly phone: string | null
  readonly createdAt: string
}
