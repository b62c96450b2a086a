import assert from 'node:assert/strict'
import test, { describe } from 'node:test'
import { needs } from '../../tools/needs.ts'
import { appJson, notingPage, openPhone } from './testing/phone.ts'

const page = (name: string, rest = '') => ({
  [`pages/${name}/${name}.js`]: notingPage(name, rest),
  [`pages/${name}/${name}.wxml`]: `<view id="${name}">this is ${name}</view>`,
})

const APP = `
seen = []
const note = (name) => (arg) => { seen.push('app ' + name + (arg && arg.path ? ' ' + arg.path : '')) }
App({ onLaunch: note('onLaunch'), onShow: note('onShow'), onHide: note('onHide'), onPageNotFound: note('onPageNotFound') })`

describe('[F81] the life of a mini program on the phone', needs('chromium'), () => {
  test('app.js runs first, a page when it is first shown, each hook in WeChat’s order', async () => {
    await using phone = await openPhone({
      'app.js': `${APP}\nseen.push('app.js ran')`,
      'app.json': appJson(['pages/one/one', 'pages/two/two']),
      ...page('one'),
      ...page('two'),
    })
    await phone.page.getByText('this is one').waitFor()
    const first = await phone.seen(6)
    assert.deepEqual(first, [
      'app.js ran',
      'app onLaunch pages/one/one',
      'app onShow pages/one/one',
      'one onLoad {}',
      'one onShow',
      'one onReady',
    ])
    await phone.page.evaluate("wx.navigateTo({ url: '../two/two?a=1&b=%20' })")
    await phone.page.getByText('this is two').waitFor()
    const two = await phone.seen(10)
    assert.deepEqual(two.slice(6), [
      'one onHide',
      'two onLoad {"a":"1","b":"%20"}',
      'two onShow',
      'two onReady',
    ])
    assert.deepEqual(await phone.page.evaluate('getCurrentPages().map((page) => page.route)'), [
      'pages/one/one',
      'pages/two/two',
    ])
    await phone.page.getByRole('button', { name: 'Back' }).click()
    assert.deepEqual((await phone.seen(12)).slice(10), ['two onUnload', 'one onShow'])
    await phone.page.evaluate("wx.redirectTo({ url: '/pages/two/two' })")
    assert.deepEqual((await phone.seen(16)).slice(12), [
      'one onUnload',
      'two onLoad {}',
      'two onShow',
      'two onReady',
    ])
    assert.deepEqual(phone.failures, [])
  })

  test('to the background and back: page and app hear it, and a home button leads back from a page that is not the first', async () => {
    await using phone = await openPhone({
      'app.js': APP,
      'app.json': appJson(['pages/one/one', 'pages/two/two']),
      ...page('one'),
      ...page('two'),
    })
    await phone.seen(5)
    await phone.page.getByRole('button', { name: 'Close' }).click()
    await phone.page.getByText('Tap the icon').waitFor()
    assert.deepEqual((await phone.seen(7)).slice(5), ['one onHide', 'app onHide'])
    await phone.page.getByRole('button', { name: 'Test' }).click()
    assert.deepEqual((await phone.seen(9)).slice(7), ['app onShow pages/one/one', 'one onShow'])
    await phone.page.evaluate("wx.reLaunch({ url: '/pages/two/two' })")
    await phone.page.getByText('this is two').waitFor()
    await phone.page.getByRole('button', { name: 'Home' }).click()
    await phone.page.getByText('this is one').waitFor()
    assert.equal(await phone.page.evaluate('getCurrentPages().length'), 1)
  })

  test('a page that goes on from its own onLoad is shown first, then goes, and hears no more', async () => {
    await using phone = await openPhone({
      'app.js': APP,
      'app.json': appJson(['pages/one/one', 'pages/two/two']),
      'pages/one/one.js': notingPage('one').replace(
        'onLoad(arg) {',
        "onLoad(arg) { wx.redirectTo({ url: '/pages/two/two' });",
      ),
      'pages/one/one.wxml': '<view>this is one</view>',
      ...page('two'),
    })
    await phone.page.getByText('this is two').waitFor()
    assert.deepEqual((await phone.seen(8)).slice(2), [
      'one onLoad {}',
      'one onShow',
      'one onUnload',
      'two onLoad {}',
      'two onShow',
      'two onReady',
    ])
  })

  test('a package is found by the main that its package.json names', async () => {
    await using phone = await openPhone({
      'app.json': appJson(['pages/one/one']),
      'miniprogram_npm/pkg/package.json': '{"main":"dist/all.js"}',
      'miniprogram_npm/pkg/dist/all.js': "module.exports = 'all of it'",
      'pages/one/one.js': "Page({ onLoad() { seen.push(require('pkg')) } })",
      'pages/one/one.wxml': '<view>this is one</view>',
    })
    assert.deepEqual(await phone.seen(1), ['all of it'])
  })

  test('what WeChat refuses is refused in its words, by promise and by callback', async () => {
    await using phone = await openPhone({
      'app.js': APP,
      'app.json': appJson(['pages/one/one', 'pages/two/two', 'pages/tab/tab'], {
        tabBar: {
          list: [
            { pagePath: 'pages/one/one', text: 'One' },
            { pagePath: 'pages/tab/tab', text: 'Tab' },
          ],
        },
      }),
      ...page('one'),
      ...page('two'),
      ...page('tab'),
    })
    await phone.seen(5)
    const refused = (call: string) =>
      phone.page.evaluate(`wx.${call}.then(() => 'done', (failure) => failure.errMsg)`)
    assert.equal(
      await refused("navigateTo({ url: '/pages/none/none' })"),
      'navigateTo:fail page "pages/none/none" is not found',
    )
    assert.equal(
      await refused("navigateTo({ url: '/pages/tab/tab' })"),
      'navigateTo:fail can not navigateTo a tabbar page',
    )
    assert.equal(
      await refused("redirectTo({ url: '/pages/tab/tab' })"),
      'redirectTo:fail can not redirectTo a tabbar page',
    )
    assert.equal(
      await refused("switchTab({ url: '/pages/two/two' })"),
      'switchTab:fail can not switch to no-tabBar page',
    )
    assert.equal(await refused('navigateBack()'), 'navigateBack:fail cannot navigate back at first page.')
    const told = await phone.page.evaluate(
      "new Promise((resolve) => wx.navigateTo({ url: 'x', fail: ({ errMsg }) => resolve(errMsg) }))",
    )
    assert.equal(told, 'navigateTo:fail page "pages/one/x" is not found')
    for (let count = 1; count < 10; count += 1)
      assert.equal(await refused("navigateTo({ url: '/pages/two/two' })"), 'done')
    assert.equal(
      await refused("navigateTo({ url: '/pages/two/two' })"),
      'navigateTo:fail webview count limit exceed',
    )
    assert.ok((await phone.seen(1)).includes('app onPageNotFound pages/none/none'))
  })

  test('tabs keep their pages, and a page over them is gone when another tab is chosen', async () => {
    await using phone = await openPhone({
      'app.js': APP,
      'app.json': appJson(['pages/one/one', 'pages/two/two', 'pages/tab/tab'], {
        tabBar: {
          list: [
            { pagePath: 'pages/one/one', text: 'First' },
            { pagePath: 'pages/tab/tab', text: 'Second' },
          ],
        },
      }),
      ...page('one'),
      ...page('two'),
      ...page('tab', "onTabItemTap(item) { seen.push('tapped ' + item.text + item.index) }"),
    })
    await phone.seen(5)
    await phone.page.getByRole('button', { name: 'Second' }).click()
    await phone.page.getByText('this is tab').waitFor()
    assert.deepEqual((await phone.seen(10)).slice(5), [
      'one onHide',
      'tab onLoad {}',
      'tab onShow',
      'tapped Second1',
      'tab onReady',
    ])
    await phone.page.evaluate("wx.navigateTo({ url: '/pages/two/two' })")
    await phone.page.getByText('this is two').waitFor()
    assert.equal(await phone.page.getByRole('navigation').isVisible(), false)
    await phone.seen(14)
    await phone.page.evaluate("wx.switchTab({ url: '/pages/one/one' })")
    await phone.page.getByText('this is one').waitFor()
    assert.deepEqual((await phone.seen(16)).slice(10), [
      'tab onHide',
      'two onLoad {}',
      'two onShow',
      'two onReady',
      'two onUnload',
      'one onShow',
    ])
    await phone.page.evaluate(
      "wx.setTabBarBadge({ index: 1, text: '12' }); wx.showTabBarRedDot({ index: 0 }); wx.setTabBarItem({ index: 1, text: 'Other' })",
    )
    await phone.page.getByRole('button', { name: 'Other 12' }).waitFor()
    await phone.page.getByRole('button', { name: 'First something new' }).waitFor()
    await phone.page.evaluate('wx.hideTabBar()')
    await phone.page.getByRole('navigation').waitFor({ state: 'hidden' })
  })

  test('a page that goes on from its onLoad is gone before it is ready, and says so to nobody', async () => {
    await using phone = await openPhone({
      'app.json': appJson(['pages/one/one', 'pages/two/two']),
      ...page('two'),
      'pages/one/one.js': notingPage('one').replace(
        "seen.push('one onLoad'",
        "wx.redirectTo({ url: '/pages/two/two' }); seen.push('one onLoad'",
      ),
      'pages/one/one.wxml': '<view>one</view>',
    })
    await phone.page.getByText('this is two').waitFor()
    const seen = await phone.seen(6)
    assert.deepEqual(seen, [
      'one onLoad {}',
      'one onShow',
      'one onUnload',
      'two onLoad {}',
      'two onShow',
      'two onReady',
    ])
    assert.deepEqual(await phone.page.evaluate('getCurrentPages().length'), 1)
    assert.deepEqual(phone.failures, [])
  })

  test('a page hears what the page that it opened says, and the other way round', async () => {
    await using phone = await openPhone({
      'app.json': appJson(['pages/one/one', 'pages/two/two']),
      'pages/one/one.js': `Page({
        async go() {
          const { eventChannel } = await wx.navigateTo({ url: '/pages/two/two', events: { told: (what) => seen.push('heard ' + what) } })
          eventChannel.emit('question', 'how?')
        },
      })`,
      'pages/one/one.wxml': '<button bindtap="go">go</button>',
      'pages/two/two.js': `Page({
        onLoad() {
          const channel = this.getOpenerEventChannel()
          channel.on('question', (what) => { seen.push('asked ' + what); channel.emit('told', 'so') })
        },
      })`,
      'pages/two/two.wxml': '<view>two</view>',
    })
    await phone.page.getByRole('button', { name: 'go' }).click()
    assert.deepEqual(await phone.seen(2), ['asked how?', 'heard so'])
  })

  test('a page made by Component() has its hooks, its properties from the address, and its components their lifetimes', async () => {
    await using phone = await openPhone(
      {
        'app.json': appJson(['pages/one/one']),
        'pages/one/one.json': { usingComponents: { child: '/parts/child' } },
        'pages/one/one.js': `Component({
        properties: { count: Number },
        lifetimes: { attached() { seen.push('page attached ' + this.data.count) }, ready() { seen.push('page ready') } },
        pageLifetimes: { show() { seen.push('page show') } },
        methods: {
          onLoad(query) { seen.push('onLoad ' + query.count) },
          onReady() { seen.push('onReady ' + this.selectComponent('#c').data.text) },
          hear(event) { seen.push('heard ' + event.detail.n + ' from ' + event.currentTarget.dataset.name) },
        },
      })`,
        'pages/one/one.wxml':
          '<child id="c" data-name="kid" bind:said="hear" text="hi {{count}}">slot</child>',
        'parts/child.json': { component: true },
        'parts/child.js': `Component({
        properties: { text: String },
        observers: { text(value) { seen.push('observed ' + value) } },
        lifetimes: { ready() { seen.push('child ready') } },
        pageLifetimes: { show() { seen.push('child show') } },
        methods: { tap() { this.triggerEvent('said', { n: 7 }) } },
      })`,
        'parts/child.wxml': '<view bindtap="tap">{{text}} <slot></slot></view>',
      },
      { query: 'user=alice&path=pages/one/one?count=3' },
    )
    await phone.page.getByText('hi 3 slot').click()
    const seen = (await phone.seen(9)).map(String)
    for (const one of [
      'page attached 3',
      'onLoad 3',
      'page show',
      'child show',
      'onReady hi 3',
      'heard 7 from kid',
    ]) {
      assert.ok(seen.includes(one), `${one} in ${seen.join(', ')}`)
    }
    assert.ok(seen.indexOf('child ready') < seen.indexOf('page ready'))
    assert.ok(seen.indexOf('page attached 3') < seen.indexOf('onLoad 3'))
    assert.deepEqual(phone.failures, [])
  })

  test('getApp before App, twice App, app without App: nothing breaks', async () => {
    await using phone = await openPhone({
      'app.js': 'seen = []; getApp({ allowDefault: true }).early = 1; App({ late: 2 })',
      'app.json': appJson(['pages/one/one']),
      'pages/one/one.js': 'const app = getApp(); Page({ onLoad() { seen.push(app.early + app.late) } })',
      'pages/one/one.wxml': '<view>one</view>',
    })
    assert.deepEqual(await phone.seen(1), [3])
  })
})

describe('[F81] what stands on a page', needs('chromium'), () => {
  test('lengths: rpx, the page’s own height, what the edges of the screen take', async () => {
    await using phone = await openPhone({
      'app.json': appJson(['pages/one/one'], {
        tabBar: {
          list: [
            { pagePath: 'pages/one/one', text: 'One' },
            { pagePath: 'pages/two/two', text: 'Two' },
          ],
        },
      }),
      ...page('two'),
      'pages/one/one.js': 'Page({})',
      'pages/one/one.wxml':
        '<view id="box" class="box" style="margin-left: 75rpx">box</view><view class="foot">foot</view>',
      'pages/one/one.wxss':
        '.box { height: 50vh; width: 100rpx; padding-bottom: env(safe-area-inset-bottom) } .foot { position: fixed; bottom: 0; left: 0 }',
    })
    const box = await phone.page.getByText('box').boundingBox()
    const view = await phone.page.locator('.page-view').boundingBox()
    const whole = [box?.x, box?.width, box?.height].map((px) => Math.round(2 * (px ?? 0)) / 2)
    assert.deepEqual(whole, [37.5, 50, (view?.height ?? 0) / 2])
    const foot = await phone.page.getByText('foot').boundingBox()
    const bar = await phone.page.getByRole('navigation').boundingBox()
    assert.equal((foot?.y ?? 0) + (foot?.height ?? 0), bar?.y)
  })

  test('a custom tab bar stands on each tab, and its page finds it', async () => {
    await using phone = await openPhone({
      'app.json': appJson(['pages/one/one', 'pages/two/two'], {
        tabBar: {
          custom: true,
          list: [
            { pagePath: 'pages/one/one', text: 'One' },
            { pagePath: 'pages/two/two', text: 'Two' },
          ],
        },
      }),
      'pages/one/one.js': "Page({ onShow() { this.getTabBar().setData({ at: 'one' }) } })",
      'pages/one/one.wxml': '<view>first</view>',
      'pages/two/two.js': "Page({ onShow() { this.getTabBar().setData({ at: 'two' }) } })",
      'pages/two/two.wxml': '<view>second</view>',
      'custom-tab-bar/index.json': { component: true },
      'custom-tab-bar/index.js':
        "Component({ data: { at: '' }, methods: { go() { wx.switchTab({ url: '/pages/two/two' }) } } })",
      'custom-tab-bar/index.wxml': '<button bindtap="go">at {{at}}</button>',
    })
    await phone.page.getByText('at one').click()
    await phone.page.getByText('second').waitFor()
    await phone.page.getByText('at two').waitFor()
    assert.equal(await phone.page.getByRole('navigation').isVisible(), false)
    assert.deepEqual(phone.failures, [])
  })

  test('modules: each runs once, circles end, npm and subpackages are found', async () => {
    await using phone = await openPhone({
      'app.json': appJson(['pages/one/one']),
      'lib/a.js': "seen.push('a'); exports.name = 'a'; exports.other = require('./b').name",
      'lib/b.js': "seen.push('b'); exports.name = 'b of ' + require('/lib/a').name",
      'miniprogram_npm/@x/y/index.js': "module.exports = 'npm'",
      'pages/one/one.js': `const a = require('../../lib/a.js')
        require('../../lib/a')
        Page({ async onLoad() { seen.push(a.other, require('@x/y'), (await require.async('../../lib/b')).name) } })`,
      'pages/one/one.wxml': '<view>one</view>',
    })
    assert.deepEqual(await phone.seen(5), ['a', 'b', 'b of a', 'npm', 'b of a'])
    assert.deepEqual(phone.failures, [])
  })
})
