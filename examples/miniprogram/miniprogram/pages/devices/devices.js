const { ask, mention, tell } = require('../../lib/ask')
const { failureOf } = require('../../lib/failure')
const { fill } = require('../../lib/i18n')
const { agoOf, dayOf } = require('../../lib/time')

const app = getApp()

Page({
  data: {
    words: {},
    phase: 'loading',
    devices: [],
    failure: null,
    /** The id of the session that is being ended, or `others`. */
    busy: '',
  },

  onLoad() {
    this.setData({ words: app.words })
    wx.setNavigationBarTitle({ title: app.words.devices.title })
    return this.load()
  },

  async onPullDownRefresh() {
    await this.load()
    wx.stopPullDownRefresh()
  },

  retry() {
    this.setData({ phase: 'loading' })
    return this.load()
  },

  async load() {
    try {
      const sessions = await app.shop.sessions()
      this.setData({ phase: 'ready', failure: null, devices: sessions.map(rowOf).sort(currentFirst) })
    } catch (error) {
      this.setData({ phase: 'failed', failure: failureOf(error, app.words) })
    }
  },

  async endOne({ currentTarget }) {
    const { id, name } = currentTarget.dataset
    const { endTitle, endText, end, ended } = app.words.devices
    if (!(await ask(app.words, { title: endTitle, text: fill(endText, { name }), confirm: end }))) return
    await this.once(id, async () => {
      await endedOrGone(app.shop.endSession(id))
      mention(fill(ended, { n: 1 }))
    })
  },

  async endOthers() {
    const { endOthersTitle, endOthersText, end, ended } = app.words.devices
    if (!(await ask(app.words, { title: endOthersTitle, text: endOthersText, confirm: end }))) return
    await this.once('others', async () => {
      const answer = await app.shop.endOtherSessions()
      mention(fill(ended, { n: answer.ended }))
    })
  },

  /** Ends one thing at a time; then the list is what the server says. */
  async once(name, work) {
    if (this.data.busy) return
    this.setData({ busy: name })
    try {
      await work()
      await this.load()
    } catch (error) {
      tell(app.words, failureOf(error, app.words))
    }
    this.setData({ busy: '' })
  },
})

/** A session that ended meanwhile is what was wanted. */
async function endedOrGone(ending) {
  try {
    await ending
  } catch (error) {
    if (error.code !== 'not_found') throw error
  }
}

function rowOf({ id, isCurrent, device, createdAt, expiresAt }) {
  const { words } = app
  const name = device.label || modelOf(device) || words.devices.unknown
  return {
    id,
    isCurrent,
    name,
    since: fill(words.devices.since, { ago: agoOf(createdAt, Date.now(), words.ago) }),
    until: fill(words.devices.until, { day: dayOf(expiresAt) }),
  }
}

/** `iPhone 14 Pro` of WeChat's `iPhone` and `iPhone 14 Pro<iPhone15,2>`. */
function modelOf({ brand, model }) {
  const plain = (model || '').replace(/<.*>$/, '').trim()
  const isNamed = brand && plain.toLowerCase().indexOf(brand.toLowerCase()) === 0
  return (isNamed ? plain : `${brand || ''} ${plain}`).trim()
}

function currentFirst(one, other) {
  return Number(other.isCurrent) - Number(one.isCurrent)
}
