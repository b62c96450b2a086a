import type { OpenData } from '../wechat/open-data.ts'
import { failWith, type Outcome, succeed, twoStyles, type WxResult } from './callbacks.ts'
import { SINGLE_PAGE_SCENE } from './login.ts'
import { askWeChat, type Phone } from './phone.ts'

type UserInfo = WxResult & OpenData & { userInfo: unknown }
type Api = 'getUserInfo' | 'getUserProfile'
export interface UserInfoOptions {
  desc?: string
  withCredentials?: boolean
  lang?: string
}

async function readUserInfo(phone: Phone, api: Api): Promise<Outcome<UserInfo>> {
  if (phone.scene === SINGLE_PAGE_SCENE) return failWith(api, 'not available in single page mode')
  const kind = api === 'getUserInfo' ? 'userInfo' : 'userProfile'
  const { appid, user } = phone.who
  try {
    const data = await phone.backstage.openData({ appid, user, kind })
    return succeed({ errMsg: `${api}:ok`, userInfo: JSON.parse(data.rawData), ...data })
  } catch (error) {
    return failWith(api, error instanceof Error ? error.message : String(error))
  }
}

/** `wx.getUserInfo`, `wx.getUserProfile`. */
export function userInfoApi(phone: Phone) {
  const call = (api: Api) =>
    twoStyles<UserInfo, UserInfoOptions>(phone, async () => {
      phone.limits.note(api)
      return askWeChat(phone, api, () => readUserInfo(phone, api))
    })
  return { getUserInfo: call('getUserInfo'), getUserProfile: call('getUserProfile') }
}
