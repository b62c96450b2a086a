import { Secret } from '../secret.ts'
import type { WechatFailure } from './code-to-session.ts'
import { parseObject } from './parse-object.ts'
import type { WechatAnswer, WechatTransport } from './transport.ts'

/** A token for calls of WeChat's server APIs, and how long it still lives. */
export interface StableToken {
  readonly token: Secret
  readonly lifeSeconds: number
}

export type StableTokenResult =
  | { readonly ok: true; readonly value: StableToken }
  | { readonly ok: false; readonly failure: WechatFailure }

/** WeChat asks for room of 512 characters at least. */
const TOKEN = /^[\x21-\x7e]{1,2048}$/
const RID = /[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}/
const MAX_LIFE_SECONDS = 86_400

/**
 * `POST /cgi-bin/stable_token` (获取稳定版接口调用凭据): the same token for all who ask, until five minutes before its
 * end. `isForced` makes a new one and kills the old one at once; WeChat takes that twenty times a day.
 */
export async function stableToken(
  input: { readonly appid: string; readonly secret: Secret; readonly isForced: boolean },
  send: WechatTransport,
): Promise<StableTokenResult> {
  const json = {
    grant_type: 'client_credential',
    appid: input.appid,
    secret: input.secret.reveal(),
    ...(input.isForced ? { force_refresh: true } : {}),
  }
  return processStableTokenResponse(
    await send({ path: '/cgi-bin/stable_token', query: new URLSearchParams(), json }),
  )
}

export function processStableTokenResponse(answer: WechatAnswer): StableTokenResult {
  if (answer.kind === 'no_answer') return fail(answer)
  if (answer.kind === 'unreadable') return fail({ kind: 'unexpected_body', cause: answer.cause })
  const body = parseObject(answer.body)
  const { errcode = 0, errmsg, access_token: token, expires_in: lifeSeconds } = body ?? {}
  if (typeof errcode === 'number' && Number.isSafeInteger(errcode) && errcode !== 0)
    return fail({ kind: 'refused', errcode, rid: ridOf(errmsg) })
  if (answer.status !== 200) return fail({ kind: 'unexpected_status', status: answer.status })
  if (errcode !== 0) return fail({ kind: 'unexpected_body', cause: 'errcode is not a whole number' })
  if (typeof token !== 'string' || !TOKEN.test(token))
    return fail({ kind: 'unexpected_body', cause: 'no access_token' })
  if (!isLife(lifeSeconds)) return fail({ kind: 'unexpected_body', cause: 'no expires_in' })
  return { ok: true, value: { token: new Secret(token), lifeSeconds } }
}

function isLife(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 1 && Number(value) <= MAX_LIFE_SECONDS
}

function ridOf(errmsg: unknown): string | null {
  return typeof errmsg === 'string' ? (RID.exec(errmsg)?.[0] ?? null) : null
}

function fail(failure: WechatFailure): StableTokenResult {
  return { ok: false, failure }
}
