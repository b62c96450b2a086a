import { Secret } from '../secret.ts'
import { parseObject } from './parse-object.ts'
import type { WechatAnswer, WechatRequest, WechatTransport } from './transport.ts'

export interface CodeToSessionInput {
  readonly appid: string
  readonly secret: Secret
  readonly code: string
}

/** Who WeChat says it is. */
export interface WechatSession {
  readonly openid: string
  /** Only for apps that are bound to a 开放平台 account. */
  readonly unionid: string | null
  readonly sessionKey: Secret
}

/** The four ways in which asking WeChat can fail; there is no fifth. */
export type WechatFailure =
  | { readonly kind: 'no_answer'; readonly sent: boolean; readonly cause: string }
  | { readonly kind: 'refused'; readonly errcode: number; readonly rid: string | null }
  | { readonly kind: 'unexpected_status'; readonly status: number }
  | { readonly kind: 'unexpected_body'; readonly cause: string }

export type CodeToSessionResult =
  | { readonly ok: true; readonly session: WechatSession }
  | { readonly ok: false; readonly failure: WechatFailure }

const OPENID = /^[A-Za-z0-9_-]{1,128}$/
const RID = /[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}/
const SESSION_KEY_BYTES = 16

/**
 * Changes a login code for who it is, `GET /sns/jscode2session` (小程序登录凭证校验). The code works once: it is
 * asked a second time only when the first request surely never left this machine.
 */
export async function codeToSession(
  input: CodeToSessionInput,
  send: WechatTransport,
): Promise<CodeToSessionResult> {
  const first = processCodeToSessionResponse(await codeToSessionRequest(input, send))
  if (first.ok || first.failure.kind !== 'no_answer' || first.failure.sent) return first
  return processCodeToSessionResponse(await codeToSessionRequest(input, send))
}

function codeToSessionRequest(input: CodeToSessionInput, send: WechatTransport): Promise<WechatAnswer> {
  const query = new URLSearchParams({
    appid: input.appid,
    secret: input.secret.reveal(),
    js_code: input.code,
    grant_type: 'authorization_code',
  })
  const request: WechatRequest = { path: '/sns/jscode2session', query }
  return send(request)
}

/**
 * Judges what came back. WeChat answers 200 for refusals too, says `text/plain`, and leaves `errcode` out on
 * success, so the body alone decides: a session is `openid` and `session_key` there and `errcode` absent or 0.
 */
export function processCodeToSessionResponse(answer: WechatAnswer): CodeToSessionResult {
  if (answer.kind === 'no_answer') return fail(answer)
  if (answer.kind === 'unreadable') return fail({ kind: 'unexpected_body', cause: answer.cause })
  const body = parseObject(answer.body)
  const { errcode = 0, errmsg } = body ?? {}
  if (isErrcode(errcode) && errcode !== 0) return fail({ kind: 'refused', errcode, rid: ridOf(errmsg) })
  if (answer.status !== 200) return fail({ kind: 'unexpected_status', status: answer.status })
  if (body === null) return unexpectedBody('not a JSON object')
  if (errcode !== 0) return unexpectedBody('errcode is not a whole number')
  return pickSession(body)
}

function pickSession(body: Readonly<Record<string, unknown>>): CodeToSessionResult {
  const { openid, session_key: sessionKey } = body
  const unionid = body['unionid'] === '' ? null : (body['unionid'] ?? null)
  if (typeof openid !== 'string' || !OPENID.test(openid)) return unexpectedBody('no openid')
  if (typeof sessionKey !== 'string' || !isSessionKey(sessionKey)) return unexpectedBody('no session_key')
  if (unionid !== null && (typeof unionid !== 'string' || !OPENID.test(unionid))) {
    return unexpectedBody('unionid of a wrong form')
  }
  return { ok: true, session: { openid, unionid, sessionKey: new Secret(sessionKey) } }
}

function isErrcode(value: unknown): value is number {
  return Number.isSafeInteger(value)
}

/** Base64 of 16 bytes, written the one right way: it becomes an AES key. */
function isSessionKey(text: string): boolean {
  const decoded = Buffer.from(text, 'base64')
  return decoded.length === SESSION_KEY_BYTES && decoded.toString('base64') === text
}

/** Of errmsg only the request id is kept, for WeChat's support; its words are not relied on. */
function ridOf(errmsg: unknown): string | null {
  return typeof errmsg === 'string' ? (RID.exec(errmsg)?.[0] ?? null) : null
}

function fail(failure: WechatFailure): CodeToSessionResult {
  return { ok: false, failure }
}

function unexpectedBody(cause: string): CodeToSessionResult {
  return fail({ kind: 'unexpected_body', cause })
}
