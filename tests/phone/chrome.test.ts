import assert from 'node:assert/strict'
import test, { describe } from 'node:test'
import type { Page } from 'playwright-core'
import { needs } from '../../tools/needs.ts'
import { axeFindings } from './testing/axe.ts'
import { appJson, openPhone, type ProgramFiles } from './testing/phone.ts'

const onePage = (js = '', wxml = '<view>a page</view>', json: object = {}): ProgramFiles => ({
  'app.json': appJson(['pages/one/one']),
  'pages/one/one.js': `Page({ ${js} })`,
  'pages/one/one.wxml': wxml,
  'pages/one/one.json': json,
})

const asked = (page: Page, call: string) =>
  page.evaluate(`wx.${call}.then((res) => res, (failure) => failure)`)

describe('[F81] what the phone shows around a mini program', needs('chromium'), () => {
  test('the navigation bar has the page’s title and colours, and what wx makes of them', async () => {
    await using phone = await openPhone(
      onePage('', undefined, {
        navigationBarTitleText: 'Tea',
        navigationBarBackgroundColor: '#0e6b51',
        navigationBarTextStyle: 'white',
      }),
    )
    const { page } = phone
    await page.getByRole('heading', { name: 'Tea' }).waitFor()
    const bar = page.locator('.phone-bars')
    assert.equal(
      await bar.evaluate((element) => getComputedStyle(element).backgroundColor),
      'rgb(14, 107, 81)',
    )
    await page.evaluate("wx.setNavigationBarTitle({ title: 'Coffee' }); wx.showNavigationBarLoading()")
    await page.getByRole('heading', { name: 'Coffee' }).waitFor()
    await page.getByRole('img', { name: 'Loading' }).waitFor()
    await page.evaluate("wx.setNavigationBarColor({ frontColor: '#000000', backgroundColor: '#ffffff' })")
    assert.equal(await bar.getAttribute('data-text'), 'black')
    assert.deepEqual(
      await asked(page, "setNavigationBarColor({ frontColor: '#123456', backgroundColor: '#ffffff' })"),
      {
        errMsg: 'setNavigationBarColor:fail invalid frontColor',
      },
    )
  })

  test('toast and loading are said, and go', async () => {
    await using phone = await openPhone(onePage())
    const { page } = phone
    await page.getByText('a page').waitFor()
    await page.evaluate("wx.showToast({ title: 'Saved', icon: 'success', duration: 100 })")
    await page.getByRole('status').getByText('Saved').waitFor()
    await page.getByRole('status').getByText('Saved').waitFor({ state: 'detached' })
    await page.evaluate("wx.showLoading({ title: 'Wait', mask: true })")
    await page.getByRole('status').getByText('Wait').waitFor()
    await page.evaluate('wx.hideLoading()')
    await page.getByRole('status').getByText('Wait').waitFor({ state: 'detached' })
  })

  test('a modal answers what was pressed and what was written', async () => {
    await using phone = await openPhone(onePage())
    const { page } = phone
    await page.getByText('a page').waitFor()
    const answer = asked(page, "showModal({ title: 'Sure?', content: 'No way back', confirmText: 'Go' })")
    const dialog = page.getByRole('dialog', { name: 'Sure?' })
    await dialog.getByText('No way back').waitFor()
    await dialog.getByRole('button', { name: 'Go' }).click()
    assert.deepEqual(await answer, { errMsg: 'showModal:ok', confirm: true, cancel: false, content: null })
    const refused = asked(page, "showModal({ content: 'Only text' })")
    await page.getByRole('button', { name: 'Cancel' }).click()
    assert.deepEqual(await refused, { errMsg: 'showModal:ok', confirm: false, cancel: true, content: null })
    const written = asked(page, "showModal({ title: 'Name', editable: true, placeholderText: 'Who?' })")
    await page.getByPlaceholder('Who?').fill('Ming')
    await page.getByRole('button', { name: 'OK' }).click()
    assert.deepEqual(await written, { errMsg: 'showModal:ok', confirm: true, cancel: false, content: 'Ming' })
  })

  test('an action sheet answers the choice, and fails where there was none', async () => {
    await using phone = await openPhone(onePage())
    const { page } = phone
    await page.getByText('a page').waitFor()
    const chosen = asked(page, "showActionSheet({ itemList: ['A', 'B'] })")
    await page.getByRole('button', { name: 'B', exact: true }).click()
    assert.deepEqual(await chosen, { errMsg: 'showActionSheet:ok', tapIndex: 1 })
    const closed = asked(page, "showActionSheet({ itemList: ['A', 'B'] })")
    await page.getByRole('button', { name: 'B', exact: true }).waitFor()
    await page.keyboard.press('Escape')
    assert.deepEqual(await closed, { errMsg: 'showActionSheet:fail cancel' })
    const many = await asked(page, "showActionSheet({ itemList: ['1','2','3','4','5','6','7'] })")
    assert.match((many as { errMsg: string }).errMsg, /^showActionSheet:fail parameter error/)
  })

  test('a page is pulled to refresh it, by hand or by wx', async () => {
    const js = "onPullDownRefresh() { seen.push('pulled') }"
    await using phone = await openPhone(onePage(js, undefined, { enablePullDownRefresh: true }))
    const { page } = phone
    await page.getByText('a page').waitFor()
    await page.mouse.move(180, 200)
    await page.mouse.down()
    await page.mouse.move(180, 260, { steps: 4 })
    await page.mouse.move(180, 420, { steps: 8 })
    await page.mouse.up()
    assert.deepEqual(await phone.seen(1), ['pulled'])
    assert.equal(await page.locator('.page-refreshing').count(), 1)
    await page.evaluate('wx.stopPullDownRefresh()')
    await page.locator('.page-refreshing').waitFor({ state: 'detached' })
    await page.evaluate('wx.startPullDownRefresh()')
    assert.deepEqual(await phone.seen(2), ['pulled', 'pulled'])
  })

  test('a page hears of its scrolling and of its end, and is scrolled by wx', async () => {
    const js =
      "onPageScroll({ scrollTop }) { if (scrollTop > 900) seen.push('far') }, onReachBottom() { seen.push('end') }"
    const wxml = '<view style="height: 2000px">long</view><view id="last">last</view>'
    await using phone = await openPhone(onePage(js, wxml))
    const { page } = phone
    await page.getByText('long').waitFor()
    await page.evaluate('wx.pageScrollTo({ scrollTop: 1000, duration: 0 })')
    assert.deepEqual(await phone.seen(1), ['far'])
    await page.evaluate("wx.pageScrollTo({ selector: '#last', duration: 0 })")
    assert.ok((await phone.seen(3)).includes('end'))
  })

  test('the menu restarts and shares; the screen reader finds nothing amiss, light and dark', async () => {
    const js =
      "onShareAppMessage({ from }) { return { title: 'Come to ' + from, path: '/pages/one/one?x=1' } }"
    const dark = { darkmode: true }
    await using phone = await openPhone({ ...onePage(js), 'app.json': appJson(['pages/one/one'], dark) })
    const { page } = phone
    await page.getByText('a page').waitFor()
    assert.deepEqual(await axeFindings(page), [])
    await page.getByRole('button', { name: 'More' }).click()
    assert.deepEqual(await axeFindings(page), [])
    await page.getByRole('button', { name: 'Share' }).click()
    await page.getByText('Come to menu').waitFor()
    await page.getByText('/pages/one/one?x=1').waitFor()
    assert.deepEqual(await axeFindings(page), [])
    await page.getByRole('button', { name: 'Got it' }).click()
    await page.evaluate(
      "window.yaopaiPhone.setDark(true); void wx.showModal({ title: 'Dark', content: 'text' })",
    )
    await page.getByRole('dialog', { name: 'Dark' }).waitFor()
    assert.deepEqual(await axeFindings(page), [])
    await page.getByRole('button', { name: 'OK' }).click()
    await page.getByRole('button', { name: 'Close' }).click()
    await page.getByText('Tap the icon').waitFor()
    assert.deepEqual(await axeFindings(page), [])
  })

  test('a custom navigation bar leaves the page the whole screen', async () => {
    await using phone = await openPhone(
      onePage('', '<view id="top">a page</view>', { navigationStyle: 'custom' }),
    )
    const box = await phone.page.getByText('a page').boundingBox()
    assert.equal(box?.y, 0)
    const rect = await phone.page.evaluate('wx.getMenuButtonBoundingClientRect()')
    const drawn = await phone.page.getByRole('group', { name: 'Menu of the mini program' }).boundingBox()
    assert.deepEqual(
      [drawn?.x, drawn?.y, drawn?.width, drawn?.height],
      ['left', 'top', 'width', 'height'].map((side) => Reflect.get(rect as object, side)),
    )
  })
})
