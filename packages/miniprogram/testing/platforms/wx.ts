// Never run: compiled against WeChat's own typings, whose globals stay in this folder.
import { createYaopai, type WxLike, YaopaiError } from '../../src/index.ts'

export const platform: WxLike = wx
export const yaopai = createYaopai({ baseUrl: 'https://api.example.com', platform: wx })

type Order = { readonly id: string; readonly cents: number }

Page({
  data: { cents: 0, nickname: '' },
  async onLoad() {
    await yaopai.ready()
    const { data, statusCode } = await yaopai.request<Order>({ url: '/orders/1', enableHttp2: true })
    if (statusCode === 200) this.setData({ cents: data.cents, nickname: yaopai.user?.nickname ?? '' })
  },
  async onGetPhoneNumber(event: WechatMiniprogram.ButtonGetPhoneNumber) {
    const { phone } = await yaopai.bindPhone(event)
    wx.showToast({ title: phone })
  },
  async onTapProfile() {
    const profile = await yaopai.openData<{ nickName: string }>(() =>
      wx.getUserProfile({ desc: 'your name' }),
    )
    this.setData({ nickname: profile.nickName })
  },
  async onChooseAvatar(event: WechatMiniprogram.CustomEvent<{ avatarUrl: string }>) {
    const filePath = event.detail.avatarUrl
    const onTask = (task: WxTask) => task.onProgressUpdate?.(({ progress }) => console.log(progress))
    const { data } = await yaopai.upload({ url: '/avatar', filePath, name: 'file', onTask })
    console.log(data.length)
  },
  onTapLogout() {
    yaopai.logout().catch((error: unknown) => {
      if (error instanceof YaopaiError) wx.showToast({ title: error.errMsg })
    })
  },
})

type WxTask = { onProgressUpdate?(listener: (progress: { progress: number }) => void): void }

// A wrapper that a team has may hand WeChat's own answers on.
export function sendAgain(answer: WechatMiniprogram.RequestSuccessCallbackResult, sent: string | null) {
  return yaopai.handle401(answer, sent)
}
