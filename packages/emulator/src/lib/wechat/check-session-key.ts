import type { Machine } from '../machine.ts'
import { errorAnswer, jsonAnswer, type WechatAnswer } from './error-answer.ts'
import { judgeLoginState } from './login-state.ts'
import { renewKey } from './session-key.ts'
import type { WechatRequest } from './wechat-request.ts'

export const CHECK_SESSION_PATH = '/wxa/checksession'

/**
 * `GET /wxa/checksession`: does the caller hold the living session_key? A dead key is 87009 like a wrong one.
 *
 * @see https://developers.weixin.qq.com/miniprogram/dev/server/API/user-login/api_checksessionkey.html
 */
export function checkSessionKey(machine: Machine, request: WechatRequest): WechatAnswer {
  const state = judgeLoginState(machine, request, 87009)
  if (!state.ok) return errorAnswer(machine, CHECK_SESSION_PATH, state.errcode)
  const { appid, openid, key } = state
  renewKey(machine, key)
  return jsonAnswer(machine, { errcode: 0, errmsg: 'ok' }, { appid, openid })
}
