const { ask, mention, tell } = require('../../lib/ask')
const { failureOf, isSignedOut } = require('../../lib/failure')
const { fill } = require('../../lib/i18n')
const { dayOf } = require('../../lib/time')

const app = getApp()

/** WeChat's placeholder: a name of nobody, which Yaopai keeps for nobody. */
const NO_NICKNAME = '微信用户'

Page({
  data: {
    words: {},
    /** `loading`, `in`, `out` (until a tap on the button), or `failed`. */
    phase: 'loading',
    /** The badge: who this is. */
    badge: null,
    /** What the back end knows: visits, cart. */
    shop: null,
    /** Why this is shown and not more; see lib/failure.js. */
    failure: null,
    outReason: '',
    /** What is under way, so that a second tap does nothing: `login`, `logout`, `nickname`, `avatar`, `tea`. */
    busy: '',
    nicknameDraft: '',
    avatarIsBroken: false,
  },

  onLoad() {
    this.setData({ words: app.words })
    wx.setNavigationBarTitle({ title: app.words.index.title })
    this.stopListening = app.yaopai.onSignedOut(({ code }) => this.showOut(code))
  },

  onUnload() {
    this.stopListening()
  },

  onShow() {
    return this.load()
  },

  async onPullDownRefresh() {
    await this.load()
    wx.stopPullDownRefresh()
  },

  /** Shows who this is as far as it is known, then asks. */
  async load() {
    const { yaopai, shop } = app
    const turn = this.nextTurn()
    if (yaopai.signedOut) return this.showOut(yaopai.signedOut)
    if (yaopai.user) this.showUser(yaopai.user)
    else this.setData({ phase: 'loading', failure: null })
    try {
      await yaopai.ready()
      const known = await shop.whoami()
      if (turn === this.turn) this.showShop(known)
    } catch (error) {
      if (turn === this.turn) this.showFailure(error)
    }
  },

  /** What was asked before and answers later than this counts no more. */
  nextTurn() {
    this.turn = (this.turn || 0) + 1
    return this.turn
  },

  login() {
    return this.once('login', async () => {
      await app.yaopai.login()
      await this.load()
    })
  },

  async logout() {
    const { index, toast } = app.words
    const { logoutTitle, logoutText } = index
    if (!(await ask(app.words, { title: logoutTitle, text: logoutText, confirm: index.logout }))) return
    await this.once('logout', async () => {
      await app.yaopai.logout()
      this.showOut('logged_out')
      mention(toast.loggedOut)
    })
  },

  /** From `<button open-type="chooseAvatar">`: a file of this phone, gone when the mini program ends. */
  chooseAvatar({ detail }) {
    return this.once('avatar', async () => {
      this.showUser(await app.shop.changeAvatar(detail.avatarUrl))
      mention(app.words.toast.avatarSaved)
    })
  },

  avatarBroke() {
    this.setData({ avatarIsBroken: true })
  },

  /**
   * The nickname is read when the form is sent: WeChat looks at it when the field is left, and empties the field of
   * a name that it does not accept. Then the old one stays.
   */
  saveNickname({ detail }) {
    const nickname = String(detail.value.nickname || '').trim()
    if (nickname === app.yaopai.user?.nickname) return undefined
    if (nickname === '' || nickname === NO_NICKNAME) return this.keepNickname()
    return this.once('nickname', async () => {
      this.showUser(await app.shop.changeNickname(nickname))
      mention(app.words.toast.nicknameSaved)
    })
  },

  keepNickname() {
    // Emptied first: a field is not drawn again for a value that it was given before.
    this.draftNickname('')
    this.showUser(app.yaopai.user)
    mention(app.words.toast.nicknameKept)
  },

  addTea() {
    return this.once('tea', async () => {
      const { cart } = await app.shop.addToCart(this.data.shop.nextTea)
      this.showShop({ visits: this.data.shop.visits, greeting: this.data.shop.greeting, cart })
    })
  },

  openPrivacy() {
    if (wx.openPrivacyContract) wx.openPrivacyContract({})
  },

  /** Does one thing at a time, and tells when it fails. What the page shows stays. */
  async once(name, work) {
    if (this.data.busy) return
    this.setData({ busy: name })
    try {
      await work()
    } catch (error) {
      this.tellFailure(name, error)
    }
    this.setData({ busy: '' })
  },

  tellFailure(name, error) {
    if (isSignedOut(error)) return this.showOut(error.code)
    const { text } = failureOf(error, app.words)
    if (name === 'login') return this.setData({ outReason: text })
    const title = name === 'avatar' ? app.words.toast.avatarFailed : app.words.failure.title
    return tell(app.words, { title, text })
  },

  showUser(user) {
    if (!user) return
    const words = app.words.index
    const name = user.nickname || words.anonymous
    const badge = {
      name,
      initial: Array.from(name)[0],
      avatarUrl: user.avatarUrl || '',
      id: user.id.replace(/^usr_/, '').slice(0, 8),
      since: fill(words.since, { day: dayOf(user.createdAt) }),
    }
    const { badge: shown, avatarIsBroken } = this.data
    const isSamePicture = shown !== null && shown.avatarUrl === badge.avatarUrl
    this.setData({ phase: 'in', badge, failure: null, avatarIsBroken: isSamePicture && avatarIsBroken })
    this.draftNickname(user.nickname || '')
  },

  /** What somebody is typing is not written over by what was there before. */
  draftNickname(nickname) {
    if (nickname === this.drafted) return
    this.drafted = nickname
    this.setData({ nicknameDraft: nickname })
  },

  showShop({ visits, greeting, cart }) {
    this.showUser(app.yaopai.user)
    const nextTea = app.words.teas[cart.length % app.words.teas.length]
    const teaWords = fill(app.words.index.addTea, { tea: nextTea })
    this.setData({ shop: { visits, greeting, cart: counted(cart), cups: cart.length, nextTea, teaWords } })
  },

  showOut(code) {
    this.nextTurn()
    const outReason = app.words.codes[code] || ''
    this.setData({ phase: 'out', badge: null, shop: null, failure: null, outReason })
  },

  /** Who was known before stays on the page, with a word about it. */
  showFailure(error) {
    if (isSignedOut(error)) return this.showOut(error.code)
    const failure = failureOf(error, app.words)
    const reference = failure.code ? fill(app.words.failure.reference, { code: failure.code }) : ''
    const isKnown = this.data.badge !== null && failure.action !== ''
    return this.setData({ phase: isKnown ? 'in' : 'failed', failure: Object.assign(failure, { reference }) })
  },
})

/** `['龙井', '普洱', '龙井']` as cups of each kind. */
function counted(cart) {
  const kinds = Array.from(new Set(cart))
  return kinds.map((name) => ({ name, count: cart.filter((other) => other === name).length }))
}
