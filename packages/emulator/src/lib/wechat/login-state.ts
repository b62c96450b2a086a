import { createHmac } from 'node:crypto'
import type { Machine } from '../machine.ts'
import type { SessionKey } from '../state/world.ts'
import { judgeAccessToken } from './access-token.ts'
import { openidOf } from './open-id.ts'
import { type Refusal, refuse } from './refusal.ts'
import { livingKey } from './session-key.ts'
import type { WechatRequest } from './wechat-request.ts'

interface LoginState {
  ok: true
  appid: string
  user: string
  openid: string
  key: SessionKey
}

/** What stands in for a session_key that is not there: one path says so, the other calls the signature wrong. */
type KeylessErrcode = 87007 | 87009

/**
 * 用户登录态签名: hex(hmac_sha256(session_key, body)). The key is the session_key's base64 text, not the bytes it stands
 * for; a GET signs the empty text.
 *
 * @see https://developers.weixin.qq.com/minigame/dev/guide/open-ability/http-signature.html
 */
export function signLoginState(sessionKey: string, body: Buffer | string): string {
  return createHmac('sha256', sessionKey).update(body).digest('hex')
}

export function userOfOpenid(machine: Machine, appid: string, openid: string): string | undefined {
  const { idSeed, users } = machine.world
  return [...users.keys()].find((user) => openidOf(idSeed, appid, user) === openid)
}

/** What the caller did instead, where it is one of the usual mistakes. */
function mistakeIn(signature: string, sessionKey: string, body: Buffer): string | undefined {
  const decoded = createHmac('sha256', Buffer.from(sessionKey, 'base64')).update(body).digest('hex')
  if (signature === decoded) return 'signed with the decoded session_key; sign with its base64 text'
  const swapped = createHmac('sha256', body).update(sessionKey).digest('hex')
  if (signature === swapped) return 'session_key and body are swapped; the session_key is the key'
  if (body.length > 0 && signature === signLoginState(sessionKey, ''))
    return 'the signature leaves out the body'
  return undefined
}

function isSignedBy(machine: Machine, { query, body }: WechatRequest, sessionKey: string): boolean {
  const signature = query.get('signature')?.toLowerCase() ?? ''
  if (signature === signLoginState(sessionKey, body)) return true
  const mistake = mistakeIn(signature, sessionKey, body)
  if (mistake !== undefined) machine.log(`87009: ${mistake}`)
  return false
}

/** Who is meant, and does the caller hold the living session_key? The openid counts in the query alone. */
export function judgeLoginState(
  machine: Machine,
  request: WechatRequest,
  keylessErrcode: KeylessErrcode,
): LoginState | Refusal {
  const { query } = request
  const caller = judgeAccessToken(machine, query)
  if (!caller.ok) return caller
  const { appid } = caller
  const openid = query.get('openid') ?? ''
  const user = userOfOpenid(machine, appid, openid)
  if (user === undefined) return refuse(40003)
  if (query.get('sig_method') !== 'hmac_sha256') return refuse(87008)
  const key = livingKey(machine, { appid, user })
  if (!key) return refuse(keylessErrcode)
  return isSignedBy(machine, request, key.sessionKey) ? { ok: true, appid, user, openid, key } : refuse(87009)
}
