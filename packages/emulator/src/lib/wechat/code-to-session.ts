import { type Machine, nowMs } from '../machine.ts'
import { type App, joinKey, type LoginCode } from '../state/world.ts'
import { encodeJson, errorAnswer, type WechatAnswer } from './error-answer.ts'
import { CODE_LIFETIME_MS } from './login.ts'
import { MOCK_CODE } from './mock-code.ts'
import { openidOf, unionidOf } from './open-id.ts'
import { withinDailyQuota, withinMinuteQuota } from './quota.ts'
import { type Refusal, refuse } from './refusal.ts'
import { livingKey, mintKey, renewKey } from './session-key.ts'

export const CODE_TO_SESSION_PATH = '/sns/jscode2session'

type Caller = { ok: true; app: App; appid: string; code: string } | Refusal
type Verdict = { ok: true; app: App; appid: string; user: string; minted?: LoginCode } | Refusal

/** Whether an app's list lets this address in; without a list any is. */
export function isListedIp(app: App, ip: string): boolean {
  return !app.ipAllowList?.length || app.ipAllowList.includes(ip)
}

function isAllowedIp(machine: Machine, app: App, ip: string): boolean {
  return !machine.world.settings.ipAllowListGuardsLogin || isListedIp(app, ip)
}

/** The caller: are all parameters there, is it an app of ours, may it call? In this order, which the README states. */
function judgeCaller(machine: Machine, query: URLSearchParams, ip: string): Caller {
  const appid = query.get('appid')
  const secret = query.get('secret')
  const code = query.get('js_code')
  if (!appid) return refuse(41002)
  if (!secret) return refuse(41004)
  if (!code) return refuse(41008)
  const app = machine.world.apps.get(appid)
  if (!app) return refuse(40013)
  if (secret !== app.secret) return refuse(40125)
  if (query.get('grant_type') !== 'authorization_code') return refuse(40002)
  if (!isAllowedIp(machine, app, ip)) return refuse(40164)
  if (app.frozen) return refuse(machine.world.settings.frozenAppErrcode)
  if (!withinDailyQuota(machine, appid, machine.world.settings.dailyQuotaPerApp)) return refuse(45009)
  return { ok: true, app, appid, code }
}

/** The code: known, this app's, its user's quota left, unused, young, its user not blocked. */
function judgeCode(machine: Machine, app: App, appid: string, code: string): Verdict {
  const { codes, settings, users } = machine.world
  if (code === MOCK_CODE && settings.mockCodeUser)
    return { ok: true, app, appid, user: settings.mockCodeUser }
  const minted = codes.get(code)
  if (!minted || minted.appid !== appid) return refuse(40029)
  if (!withinMinuteQuota(machine, joinKey(appid, minted.user), settings.minuteQuotaPerUser))
    return refuse(45011)
  const { usedAtMs } = minted
  if (usedAtMs !== undefined) {
    return refuse(nowMs(machine) < usedAtMs + settings.usedCodeMemorySeconds * 1000 ? 40163 : 40029)
  }
  if (nowMs(machine) >= minted.createdAtMs + CODE_LIFETIME_MS) return refuse(40029)
  if (users.get(minted.user)?.risk) return refuse(40226)
  return { ok: true, app, appid, user: minted.user, minted }
}

function judge(machine: Machine, query: URLSearchParams, ip: string): Verdict {
  const caller = judgeCaller(machine, query, ip)
  if (!caller.ok) return caller
  return judgeCode(machine, caller.app, caller.appid, caller.code)
}

function spendRefusedCode(machine: Machine, code: string | null): void {
  if (!machine.world.settings.failedExchangeConsumesCode || code === null) return
  const minted = machine.world.codes.get(code)
  if (minted) minted.usedAtMs ??= nowMs(machine)
}

function sessionKeyFor(machine: Machine, appid: string, user: string, minted?: LoginCode): string {
  const pair = { appid, user }
  const living = renewKey(machine, livingKey(machine, pair) ?? mintKey(machine, pair))
  if (minted && machine.world.settings.codeYieldsSessionKey === 'ofLogin') return minted.sessionKey
  return living.sessionKey
}

/**
 * `GET /sns/jscode2session`: a code for openid and session_key. Reads the query string alone, whatever the method.
 *
 * @see https://developers.weixin.qq.com/miniprogram/dev/server/API/user-login/api_code2session.html
 */
export function codeToSession(machine: Machine, query: URLSearchParams, ip: string): WechatAnswer {
  const verdict = judge(machine, query, ip)
  if (!verdict.ok) {
    spendRefusedCode(machine, query.get('js_code'))
    return errorAnswer(machine, CODE_TO_SESSION_PATH, verdict.errcode, { ip })
  }
  const { app, appid, user, minted } = verdict
  if (minted) minted.usedAtMs = nowMs(machine)
  const openid = openidOf(machine.world.idSeed, appid, user)
  const unionid = app.openPlatform ? unionidOf(machine.world.idSeed, app.openPlatform, user) : undefined
  const session_key = sessionKeyFor(machine, appid, user, minted)
  const body = encodeJson(machine, { session_key, openid, ...(unionid ? { unionid } : {}) })
  return { status: 200, contentType: 'text/plain', body, openid, unionid }
}
