/** What a client does about an error: the contract's six classes. */
export type ErrorClass = 'relogin' | 'signed_out' | 'denied' | 'retry' | 'input' | 'config'

interface ErrorRow {
  readonly status: number
  readonly class: ErrorClass
  /** Short and fixed: problem+json's `title`. */
  readonly title: string
  readonly titleZh: string
}

/**
 * Every code that a response can carry. `docs/errors.md` describes each of them, and a test holds the two
 * lists together.
 */
export const ERROR_CODES = {
  invalid_request: row(400, 'input', 'The request does not fit', '请求不符合要求'),
  unknown_app: row(400, 'config', 'No such app is configured', '没有配置这个小程序'),
  app_mismatch: row(400, 'config', 'The request comes from another app', '请求来自另一个小程序'),
  missing_token: row(401, 'relogin', 'No token was sent', '请求没有携带登录态'),
  invalid_token: row(401, 'relogin', 'The token is not valid', '登录态无效'),
  expired: row(401, 'relogin', 'The session has reached its end', '登录态已到期'),
  idle_timeout: row(401, 'relogin', 'The session was idle for too long', '登录态因长时间未使用而失效'),
  replaced: row(401, 'relogin', 'A newer login took the place of this session', '已被新的登录取代'),
  logged_out: row(401, 'signed_out', 'The user logged out', '用户已退出登录'),
  revoked_by_user: row(
    401,
    'signed_out',
    'The user ended this session from another device',
    '用户在其他设备上结束了此登录',
  ),
  revoked_by_admin: row(401, 'signed_out', 'An administrator ended this session', '管理员结束了此登录'),
  reuse_detected: row(401, 'signed_out', 'An old token was used again', '旧的登录态被重复使用'),
  user_deleted: row(401, 'signed_out', 'The account was closed', '账号已注销'),
  code_invalid: row(401, 'relogin', 'WeChat does not know this code', '微信不认可此 code'),
  code_used: row(401, 'relogin', 'This code was used before', '此 code 已被使用'),
  login_blocked: row(403, 'denied', 'WeChat blocked this login', '微信拦截了此次登录'),
  banned: row(403, 'denied', 'The user is banned', '用户已被封禁'),
  app_disabled: row(403, 'denied', 'The app is frozen', '小程序已被停用'),
  insufficient_scope: row(403, 'denied', 'The API key lacks the scope', 'API key 权限不足'),
  reauth_required: row(403, 'relogin', 'A fresh login is needed for this step', '此操作需要重新登录'),
  not_found: row(404, 'input', 'There is nothing here', '资源不存在'),
  method_not_allowed: row(405, 'input', 'The route does not take this method', '不支持此请求方法'),
  conflict: row(409, 'input', 'The request conflicts with what is there', '请求与现状冲突'),
  payload_too_large: row(413, 'input', 'The body is too large', '请求体过大'),
  unsupported_media_type: row(415, 'input', 'The body has the wrong content type', '不支持的内容类型'),
  session_key_stale: row(
    422,
    'relogin',
    'No kept session_key opens the data',
    '没有可用的 session_key 能解开数据',
  ),
  rate_limited: row(429, 'retry', 'Too many requests', '请求过于频繁'),
  internal: row(500, 'retry', 'Something went wrong here', '服务器内部错误'),
  wechat_misconfigured: row(502, 'config', 'WeChat refused this server', '微信拒绝了服务器的配置'),
  wechat_unavailable: row(503, 'retry', 'WeChat cannot be reached', '微信暂时不可用'),
  wechat_quota: row(503, 'retry', 'WeChat limits this app', '微信接口调用超出限额'),
  store_unavailable: row(503, 'retry', 'The store cannot be reached', '存储暂时不可用'),
} as const satisfies Record<string, ErrorRow>

function row(status: number, errorClass: ErrorClass, title: string, titleZh: string): ErrorRow {
  return { status, class: errorClass, title, titleZh }
}

export type ErrorCode = keyof typeof ERROR_CODES

/** The codes with which a login can be refused. */
export type LoginRefusal = Extract<
  ErrorCode,
  | 'unknown_app'
  | 'app_disabled'
  | 'banned'
  | 'code_invalid'
  | 'code_used'
  | 'login_blocked'
  | 'wechat_misconfigured'
  | 'wechat_quota'
  | 'wechat_unavailable'
>

/** Why a session was ended by an act; kept with the session as its tombstone. */
export type EndReason = Extract<
  ErrorCode,
  'replaced' | 'logged_out' | 'revoked_by_user' | 'revoked_by_admin' | 'reuse_detected' | 'user_deleted'
>

/** Why a token opens nothing. */
export const TOKEN_REFUSALS = [
  'missing_token',
  'invalid_token',
  'expired',
  'idle_timeout',
  'replaced',
  'logged_out',
  'revoked_by_user',
  'revoked_by_admin',
  'reuse_detected',
  'user_deleted',
  'banned',
  'app_disabled',
] as const satisfies readonly ErrorCode[]

export type TokenRefusal = (typeof TOKEN_REFUSALS)[number]

interface YaopaiErrorOptions {
  /** For the client: what is wrong and the cure, never a secret. */
  readonly detail?: string
  /** The field of the request that does not fit. */
  readonly field?: string
  readonly retryAfterSeconds?: number
  readonly cause?: unknown
}

/** An error that becomes a problem+json answer; `code` says which. */
export class YaopaiError extends Error {
  override readonly name = 'YaopaiError'
  readonly code: ErrorCode
  readonly detail: string | undefined
  readonly field: string | undefined
  readonly retryAfterSeconds: number | undefined

  constructor(code: ErrorCode, options: YaopaiErrorOptions = {}) {
    super(options.detail ?? ERROR_CODES[code].title, { cause: options.cause })
    this.code = code
    this.detail = options.detail
    this.field = options.field
    this.retryAfterSeconds = options.retryAfterSeconds
  }
}

/**
 * The store could not do what was asked and nothing of it was written, but for what `Store` says of lost commits: the
 * caller answers 503.
 */
export class StoreUnavailableError extends YaopaiError {
  constructor(cause: unknown) {
    super('store_unavailable', { retryAfterSeconds: 1, cause })
  }
}
