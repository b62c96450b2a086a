const { mention } = require('../../lib/ask')
const { failureOf } = require('../../lib/failure')
const { fill } = require('../../lib/i18n')
const { agoOf, momentOf } = require('../../lib/time')

const app = getApp()

/** What a user may want to look at twice. */
const ALARMING = [
  'login.refused',
  'login.code_replayed',
  'user.banned',
  'open_data.refused',
  'open_data.replayed',
]

Page({
  data: {
    words: {},
    phase: 'loading',
    events: [],
    failure: null,
    /** Where the next page begins; null after the last. */
    next: null,
    isLoadingMore: false,
  },

  onLoad() {
    this.setData({ words: app.words })
    wx.setNavigationBarTitle({ title: app.words.logs.title })
    return this.load()
  },

  async onPullDownRefresh() {
    await this.load()
    wx.stopPullDownRefresh()
  },

  onReachBottom() {
    return this.loadMore()
  },

  retry() {
    this.setData({ phase: 'loading' })
    return this.load()
  },

  async load() {
    try {
      const { events, next } = await app.shop.events()
      this.setData({ phase: 'ready', failure: null, events: events.map(rowOf), next })
    } catch (error) {
      this.setData({ phase: 'failed', failure: failureOf(error, app.words) })
    }
  },

  /** The next page, once, however often the end of the list is reached. */
  async loadMore() {
    const { next, isLoadingMore, events } = this.data
    if (next === null || isLoadingMore) return
    this.setData({ isLoadingMore: true })
    try {
      const page = await app.shop.events(next)
      this.setData({ events: events.concat(page.events.map(rowOf)), next: page.next })
    } catch (error) {
      mention(failureOf(error, app.words).title)
    }
    this.setData({ isLoadingMore: false })
  },
})

/** An event as the page shows it. Types and reasons that came after this version have words too. */
function rowOf({ id, at, type, ip, reason }) {
  const { words } = app
  return {
    id,
    title: words.events[type] || words.events.other,
    reason: words.reasons[reason] || '',
    ago: agoOf(at, Date.now(), words.ago),
    facts: ip ? `${momentOf(at)} · ${fill(words.logs.from, { ip })}` : momentOf(at),
    tone: ALARMING.indexOf(type) >= 0 ? 'alarm' : type === 'login.succeeded' ? 'good' : 'plain',
  }
}
