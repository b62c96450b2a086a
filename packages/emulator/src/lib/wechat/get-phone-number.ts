import { type Machine, nowMs, nowSeconds } from '../machine.ts'
import type { PhoneCode } from '../state/world.ts'
import { judgeAccessToken } from './access-token.ts'
import { errorAnswer, jsonAnswer, type WechatAnswer } from './error-answer.ts'
import { readJsonBody } from './json-body.ts'
import { CODE_LIFETIME_MS } from './login.ts'
import { openidOf } from './open-id.ts'
import { COUNTRY_CODE, phoneNumberOf } from './phone-number.ts'
import { type Refusal, refuse } from './refusal.ts'
import type { WechatRequest } from './wechat-request.ts'

export const GET_PHONE_NUMBER_PATH = '/wxa/business/getuserphonenumber'

type Verdict = { ok: true; minted: PhoneCode; openid: string } | Refusal

/** A login code is as unknown here as any other text. */
function judgeCode(machine: Machine, appid: string, fields: Record<string, unknown>): Verdict {
  const { code, openid: given } = fields
  const minted = machine.world.phoneCodes.get(String(code))
  if (!minted || minted.usedAtMs !== undefined) return refuse(40029)
  if (nowMs(machine) >= minted.createdAtMs + CODE_LIFETIME_MS) return refuse(40029)
  if (minted.appid !== appid) return refuse(40013)
  const openid = openidOf(machine.world.idSeed, appid, minted.user)
  if (given !== undefined && given !== openid) return refuse(40003)
  return { ok: true, minted, openid }
}

function phoneInfo(machine: Machine, { appid, user }: PhoneCode): object {
  const phoneNumber = phoneNumberOf(machine, user)
  const { countryCodeIsText } = machine.world.settings
  return {
    phoneNumber,
    purePhoneNumber: phoneNumber,
    countryCode: countryCodeIsText ? COUNTRY_CODE : Number(COUNTRY_CODE),
    watermark: { timestamp: nowSeconds(machine), appid },
  }
}

/**
 * `POST /wxa/business/getuserphonenumber`: the phone button's code for the number, once. With an `openid` beside it the code
 * has to be that user's.
 *
 * @see https://developers.weixin.qq.com/miniprogram/dev/server/API/user-info/phone-number/api_getphonenumber.html
 */
export function getPhoneNumber(machine: Machine, request: WechatRequest): WechatAnswer {
  const refusal = (errcode: number, appid?: string) =>
    errorAnswer(machine, GET_PHONE_NUMBER_PATH, errcode, appid === undefined ? {} : { appid })
  if (request.method !== 'POST') return refusal(43002)
  const caller = judgeAccessToken(machine, request.query)
  if (!caller.ok) return refusal(caller.errcode)
  const { appid } = caller
  const body = readJsonBody(request)
  if (!body.ok) return refusal(body.errcode, appid)
  const verdict = judgeCode(machine, appid, body.fields)
  if (!verdict.ok) return refusal(verdict.errcode, appid)
  verdict.minted.usedAtMs = nowMs(machine)
  const phone_info = phoneInfo(machine, verdict.minted)
  return jsonAnswer(machine, { errcode: 0, errmsg: 'ok', phone_info }, { appid, openid: verdict.openid })
}
