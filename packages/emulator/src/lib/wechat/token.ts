import type { Machine } from '../machine.ts'
import { joinKey } from '../state/world.ts'
import { issueToken, tokenAnswer } from './access-token.ts'
import { errorAnswer, type WechatAnswer } from './error-answer.ts'
import { withinDailyQuota } from './quota.ts'
import { judgeTokenCaller } from './token-caller.ts'
import type { WechatRequest } from './wechat-request.ts'

export const TOKEN_PATH = '/cgi-bin/token'

/**
 * `GET /cgi-bin/token`: a new access_token at every call; the one before works five minutes more, then it is 40001.
 *
 * @see https://developers.weixin.qq.com/miniprogram/dev/server/API/mp-access-token/api_getaccesstoken.html
 */
export function token(machine: Machine, { query, ip }: WechatRequest): WechatAnswer {
  const parameters = {
    appid: query.get('appid'),
    secret: query.get('secret'),
    grantType: query.get('grant_type'),
  }
  const caller = judgeTokenCaller(machine, parameters, ip)
  if (!caller.ok) return errorAnswer(machine, TOKEN_PATH, caller.errcode, { ip })
  const { appid } = caller
  if (!withinDailyQuota(machine, joinKey(TOKEN_PATH, appid), machine.world.settings.tokenDailyQuota)) {
    return errorAnswer(machine, TOKEN_PATH, 45009, { appid })
  }
  return tokenAnswer(machine, issueToken(machine, appid, 'plain'))
}
