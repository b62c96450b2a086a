import { type Machine, nowMs } from '../machine.ts'
import { type AccessToken, joinKey } from '../state/world.ts'
import { issueToken, stableToken, tokenAnswer } from './access-token.ts'
import { errorAnswer, type WechatAnswer } from './error-answer.ts'
import { readJsonBody } from './json-body.ts'
import { withinDailyQuota, withinMinuteQuota } from './quota.ts'
import { type Refusal, refuse } from './refusal.ts'
import { judgeTokenCaller } from './token-caller.ts'
import type { WechatRequest } from './wechat-request.ts'

export const STABLE_TOKEN_PATH = '/cgi-bin/stable_token'

type Verdict = { ok: true; token: AccessToken } | Refusal

function judgeQuotas(machine: Machine, appid: string): Refusal | undefined {
  const { stableTokenMinuteQuota, stableTokenDailyQuota } = machine.world.settings
  const key = joinKey(STABLE_TOKEN_PATH, appid)
  if (!withinMinuteQuota(machine, key, stableTokenMinuteQuota)) return refuse(45011)
  return withinDailyQuota(machine, key, stableTokenDailyQuota) ? undefined : refuse(45009)
}

function isTooSoon(machine: Machine, appid: string): boolean {
  const lastMs = machine.world.forcedRefreshAtMs.get(appid)
  const { forcedRefreshMinSeconds } = machine.world.settings
  return lastMs !== undefined && nowMs(machine) < lastMs + forcedRefreshMinSeconds * 1000
}

function usualToken(machine: Machine, appid: string): Verdict {
  return { ok: true, token: stableToken(machine, appid) ?? issueToken(machine, appid, 'stable') }
}

function forcedToken(machine: Machine, appid: string): Verdict {
  if (isTooSoon(machine, appid)) return usualToken(machine, appid)
  const key = joinKey(STABLE_TOKEN_PATH, 'force_refresh', appid)
  if (!withinDailyQuota(machine, key, machine.world.settings.forcedRefreshDailyQuota)) return refuse(45009)
  machine.world.forcedRefreshAtMs.set(appid, nowMs(machine))
  return { ok: true, token: issueToken(machine, appid, 'stable', 'diesNow') }
}

/**
 * `POST /cgi-bin/stable_token`: the same token for all who ask, until five minutes before its end. `force_refresh` kills
 * the old one at once. Tokens of `/cgi-bin/token` live beside it untouched.
 *
 * @see https://developers.weixin.qq.com/miniprogram/dev/server/API/mp-access-token/api_getstableaccesstoken.html
 */
export function stableAccessToken(machine: Machine, request: WechatRequest): WechatAnswer {
  const body = readJsonBody(request)
  if (!body.ok) return errorAnswer(machine, STABLE_TOKEN_PATH, body.errcode)
  const { appid, secret, grant_type: grantType, force_refresh } = body.fields
  const { ip } = request
  const caller = judgeTokenCaller(machine, { appid, secret, grantType }, ip)
  if (!caller.ok) return errorAnswer(machine, STABLE_TOKEN_PATH, caller.errcode, { ip })
  const verdict =
    judgeQuotas(machine, caller.appid) ??
    (force_refresh === true ? forcedToken : usualToken)(machine, caller.appid)
  if (!verdict.ok) return errorAnswer(machine, STABLE_TOKEN_PATH, verdict.errcode, { appid: caller.appid })
  return tokenAnswer(machine, verdict.token)
}
