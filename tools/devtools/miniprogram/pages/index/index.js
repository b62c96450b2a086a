Page({
  async onLoad() {
    const { yaopai } = getApp()
    await yaopai.ready()
    const { data } = await yaopai.request({ url: '/session' })
    this.setData({ id: data.user.id })
  },
})
