import type { LoginOk } from '../wechat/login.ts'
import { MOCK_CODE } from '../wechat/mock-code.ts'
import { failWith, type Outcome, succeed, twoStyles, type WxResult } from './callbacks.ts'
import { askWeChat, type Phone } from './phone.ts'

export interface LoginOptions {
  timeout?: number | undefined
}

/** 单页模式: opened from Moments. There is no login state there. */
export const SINGLE_PAGE_SCENE = 1154

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

async function fetchCode(phone: Phone): Promise<Outcome<LoginOk>> {
  if (phone.scene === SINGLE_PAGE_SCENE) return failWith('login', 'not available in single page mode')
  if (phone.appid === '') return succeed({ errMsg: 'login:ok', code: MOCK_CODE })
  try {
    return succeed(await phone.backstage.login(phone.who))
  } catch (error) {
    return failWith('login', reasonOf(error))
  }
}

async function check(phone: Phone): Promise<Outcome<WxResult>> {
  if (phone.scene === SINGLE_PAGE_SCENE) return failWith('checkSession', 'not available in single page mode')
  if (phone.appid === '') return failWith('checkSession', 'session time out, need relogin')
  try {
    const result = await phone.backstage.checkSession(phone.who)
    if (result.errMsg === 'checkSession:ok') return succeed(result)
    return { ok: false, failure: { errMsg: result.errMsg } }
  } catch (error) {
    return failWith('checkSession', reasonOf(error))
  }
}

/** `wx.login`, `wx.checkSession`. */
export function loginApi(phone: Phone) {
  return {
    login: twoStyles<LoginOk, LoginOptions>(phone, async () => {
      phone.limits.note('login')
      return askWeChat(phone, 'login', () => fetchCode(phone))
    }),
    checkSession: twoStyles<WxResult, object>(phone, async () => {
      phone.limits.note('checkSession')
      return askWeChat(phone, 'checkSession', () => check(phone))
    }),
  }
}
