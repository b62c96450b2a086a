import type { Machine } from '../machine.ts'
import { errorAnswer, jsonAnswer, type WechatAnswer } from './error-answer.ts'
import { judgeLoginState } from './login-state.ts'
import { replaceKey } from './session-key.ts'
import type { WechatRequest } from './wechat-request.ts'

export const RESET_SESSION_KEY_PATH = '/wxa/resetusersessionkey'

/**
 * `GET /wxa/resetusersessionkey`: a new session_key, which lives no longer than the old one would have.
 *
 * @see https://developers.weixin.qq.com/miniprogram/dev/server/API/user-login/api_resetusersessionkey.html
 */
export function resetSessionKey(machine: Machine, request: WechatRequest): WechatAnswer {
  const state = judgeLoginState(machine, request, 87007)
  if (!state.ok) return errorAnswer(machine, RESET_SESSION_KEY_PATH, state.errcode)
  const { appid, user, openid, key } = state
  const session_key = replaceKey(machine, { appid, user }, key).sessionKey
  return jsonAnswer(machine, { errcode: 0, errmsg: 'ok', openid, session_key }, { appid, openid })
}
