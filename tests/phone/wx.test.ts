import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import test, { describe, type TestContext } from 'node:test'
import type { Page } from 'playwright-core'
import { needs } from '../../tools/needs.ts'
import { appJson, openPhone, type ProgramFiles } from './testing/phone.ts'

const onePage = (js = '', wxml = '<view>a page</view>', app: object = {}): ProgramFiles => ({
  'app.json': appJson(['pages/one/one'], app),
  'pages/one/one.js': `Page({\n${js}\n})`,
  'pages/one/one.wxml': wxml,
})

const asked = (page: Page, call: string) =>
  page.evaluate(`wx.${call}.then((res) => res, (failure) => failure)`)

/** A server on this machine, of another origin than the phone, that lets no browser in by CORS. */
async function startServer(t: TestContext): Promise<{ url: string; bodies: string[]; referers: unknown[] }> {
  const bodies: string[] = []
  const referers: unknown[] = []
  const server = createServer(async (req, res) => {
    let body = ''
    for await (const chunk of req.setEncoding('latin1')) body += chunk
    bodies.push(body)
    referers.push(req.headers.referer)
    res.setHeader('Set-Cookie', 'a=1')
    res.end(JSON.stringify({ path: req.url }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => server.close())
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, bodies, referers }
}

describe('[F81] wx on the phone', needs('chromium'), () => {
  test('requests reach any server with WeChat’s Referer, and login gets a code', async (t) => {
    const server = await startServer(t)
    await using phone = await openPhone(onePage())
    const { page } = phone
    await page.getByText('a page').waitFor()
    const res = await page.evaluate(
      `new Promise((success, fail) => wx.request({ url: '${server.url}/x?y=1', data: { z: 2 }, success, fail }))`,
    )
    const { data, statusCode, cookies } = res as { data: unknown; statusCode: number; cookies: string[] }
    assert.deepEqual(
      { data, statusCode, cookies },
      { data: { path: '/x?y=1&z=2' }, statusCode: 200, cookies: ['a=1'] },
    )
    assert.deepEqual(server.referers, ['https://servicewechat.com/wxa1b2c3d4e5f60718/0/page-frame.html'])
    const { code } = (await asked(page, 'login()')) as { code: string }
    assert.match(code, /^\w{20,}$/)
    assert.deepEqual(await asked(page, 'checkSession()'), { errMsg: 'checkSession:ok' })
    assert.deepEqual(phone.failures, [])
  })

  test('what is stored survives a restart and a closed window, and not a wiped phone', async () => {
    await using phone = await openPhone(onePage("onLoad() { seen.push(wx.getStorageSync('kept')) }"))
    const { page } = phone
    assert.deepEqual(await phone.seen(1), [''])
    await page.evaluate("wx.setStorageSync('kept', { a: 1 }); window.yaopaiPhone.restart()")
    assert.deepEqual(await phone.seen(2), ['', { a: 1 }])
    await page.reload()
    assert.deepEqual(await phone.seen(1), [{ a: 1 }])
    const tablet = await phone.another('user=alice&device=tablet&id=2')
    await tablet.getByText('a page').waitFor()
    assert.equal(await tablet.evaluate("wx.getStorageSync('kept')"), '')
    await page.evaluate('window.yaopaiPhone.restart({ wipe: true })')
    assert.deepEqual(await phone.seen(2), [{ a: 1 }, ''])
  })

  test('a restart ends what ran: timers, callbacks, pages', async (t) => {
    const server = await startServer(t)
    const js = `onLoad() {
      seen.push('load')
      const life = (lives = (typeof lives === 'undefined' ? 0 : lives) + 1)
      setInterval(() => { if (life === 1) seen.push('tick') }, 20)
      wx.request({ url: '${server.url}/', complete: () => { if (life === 1) seen.push('answer') } })
      getApp().restart()
    }`
    await using phone = await openPhone({
      ...onePage(js),
      'app.js':
        "if (typeof seen === 'undefined') seen = []; App({ restart() { if (typeof once === 'undefined') { once = true; wx.restartMiniProgram({ path: '/pages/one/one' }) } } })",
    })
    await phone.seen(2)
    await phone.page.evaluate(
      'new Promise((resolve) => { let frames = 0; const next = () => (++frames > 30 ? resolve() : requestAnimationFrame(next)); next() })',
    )
    assert.deepEqual(await phone.seen(2), ['load', 'load'])
  })

  test('offline, back, and an answer that is lost', async (t) => {
    const server = await startServer(t)
    await using phone = await openPhone(
      onePage('onLoad() { wx.onNetworkStatusChange(({ isConnected }) => seen.push(isConnected)) }'),
    )
    const { page } = phone
    await page.getByText('a page').waitFor()
    const request = `new Promise((resolve) => wx.request({ url: '${server.url}/', success: (res) => resolve(res.statusCode), fail: (res) => resolve(res.errMsg) }))`
    await page.evaluate('window.yaopaiPhone.setOffline(true)')
    assert.equal(await page.evaluate(request), 'request:fail -106:net::ERR_INTERNET_DISCONNECTED')
    await page.evaluate('window.yaopaiPhone.setOffline(false)')
    assert.deepEqual(await phone.seen(2), [false, true])
    assert.equal(await page.evaluate(request), 200)
    await page.evaluate("window.yaopaiPhone.loseNextAnswer('request')")
    assert.equal(await page.evaluate(request), 'request:fail -101:net::ERR_CONNECTION_RESET')
    assert.equal(server.bodies.length, 2)
  })

  test('the handle tells the page around of routes and problems', async () => {
    await using phone = await openPhone(onePage('onLoad() { this.nothing.here = 1 }'))
    const { page } = phone
    await page.getByText('a page').waitFor()
    const told = await page.evaluate(`new Promise((resolve) => {
      const { yaopaiPhone } = window
      const stop = yaopaiPhone.onChange(() => { stop(); resolve([yaopaiPhone.id, yaopaiPhone.user, yaopaiPhone.device, yaopaiPhone.route()]) })
      yaopaiPhone.setDark(true)
    })`)
    assert.deepEqual(told, ['phone:1', 'alice', 'phone', 'pages/one/one'])
    const [problem] = (await page.evaluate('window.yaopaiPhone.problems()')) as {
      file: string
      line: number
    }[]
    assert.deepEqual([problem?.file, problem?.line], ['pages/one/one.js', 2])
  })

  test('what the phone does not have is named with its line, on the screen and in the console, and fails as in WeChat', async () => {
    const js = `scan() {
      wx.scanCode({
        fail: ({ errMsg }) => seen.push(errMsg),
      })
      wx.scanCode().catch(({ errMsg }) => seen.push(errMsg))
      wx.createInnerAudioContext().play()
      try { wx.getSkylineInfoSync() } catch (error) { seen.push(error.message) }
    }`
    await using phone = await openPhone(onePage(js, '<button bindtap="scan">scan</button>'))
    const { page } = phone
    const warnings: string[] = []
    page.on('console', (message) => message.type() === 'warning' && warnings.push(message.text()))
    await page.getByRole('button', { name: 'scan' }).click()
    const seen = await phone.seen(3)
    assert.deepEqual(seen.sort(), [
      'getSkylineInfoSync:fail not supported by this phone',
      'scanCode:fail not supported by this phone',
      'scanCode:fail not supported by this phone',
    ])
    await page.getByRole('button', { name: '4 not in this phone' }).click()
    const list = page.getByRole('dialog')
    for (const line of [
      'wx.scanCodepages/one/one.js:3',
      'wx.scanCodepages/one/one.js:6',
      'wx.createInnerAudioContextpages/one/one.js:7',
    ]) {
      assert.ok((await list.textContent())?.includes(line), `${line} in ${await list.textContent()}`)
    }
    assert.ok(warnings.includes('wx.scanCode is not in this phone (pages/one/one.js:3)'), warnings.join('\n'))
    assert.deepEqual(
      await page.evaluate(
        "['scanCode', 'login', 'button', 'button.open-type.getPhoneNumber', 'noSuchApi'].map(wx.canIUse)",
      ),
      [false, true, true, true, false],
    )
    assert.equal(await page.evaluate('typeof wx.noSuchApi'), 'undefined')
  })

  test('the phone button asks for consent, and its code is one that the emulator knows', async () => {
    const js = 'onLoad() { return wx.login() }, phone({ detail }) { seen.push(detail) }'
    await using phone = await openPhone(
      onePage(js, '<button open-type="getPhoneNumber" bindgetphonenumber="phone">number</button>'),
    )
    const { page } = phone
    await page.getByRole('button', { name: 'number' }).click()
    await page.getByRole('button', { name: 'Do not allow' }).click()
    assert.deepEqual(await phone.seen(1), [{ errMsg: 'getPhoneNumber:fail user deny' }])
    await page.getByRole('button', { name: 'number' }).click()
    await page.getByRole('button', { name: 'Allow', exact: true }).click()
    const [, detail] = (await phone.seen(2)) as { errMsg: string; code: string }[]
    assert.equal(detail?.errMsg, 'getPhoneNumber:ok')
    assert.match(detail?.code ?? '', /^\w{20,}$/)
  })

  test('an avatar is chosen from the phone’s own or uploaded, shown, and sent', async (t) => {
    const server = await startServer(t)
    const js = `data: { src: '' },
      chosen({ detail }) {
        this.setData({ src: detail.avatarUrl })
        wx.uploadFile({ url: '${server.url}/up', filePath: detail.avatarUrl, name: 'file', complete: (res) => seen.push(res.statusCode || res.errMsg) })
      },
      shown({ detail }) { seen.push('shown ' + detail.width) }`
    const wxml =
      '<button open-type="chooseAvatar" bindchooseavatar="chosen">avatar</button><image src="{{src}}" bindload="shown" />'
    await using phone = await openPhone(onePage(js, wxml))
    const { page } = phone
    await page.getByRole('button', { name: 'avatar' }).click()
    await page.getByRole('button', { name: 'Avatar 3' }).click()
    assert.deepEqual((await phone.seen(2)).map(String).sort(), ['200', 'shown 132'])
    assert.match(server.bodies[0] ?? '', /filename="tmp_\w+\.png"\r\nContent-Type: image\/png\r\n\r\n\x89PNG/)
    await page.getByRole('button', { name: 'avatar' }).click()
    const choosing = page.waitForEvent('filechooser')
    await page.getByRole('button', { name: 'From the album' }).click()
    await (await choosing).setFiles({
      name: 'me.gif',
      mimeType: 'image/gif',
      buffer: Buffer.from(
        'GIF89a\x01\x00\x01\x00\x00\x00\x00!\xf9\x04\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x01D\x00;',
        'latin1',
      ),
    })
    assert.deepEqual((await phone.seen(4)).map(String).sort(), ['200', '200', 'shown 1', 'shown 132'])
  })

  test('the clipboard, the pictures, the permissions, the privacy notice', async () => {
    await using phone = await openPhone(onePage('', undefined, { __usePrivacyCheck__: true }))
    const { page } = phone
    await page.getByText('a page').waitFor()
    await asked(page, "setClipboardData({ data: 'kept' })")
    await page.getByText('Copied').waitFor()
    assert.deepEqual(await asked(page, 'getClipboardData()'), { errMsg: 'getClipboardData:ok', data: 'kept' })

    const authorizing = asked(page, "authorize({ scope: 'scope.userLocation' })")
    await page.getByRole('button', { name: 'Allow' }).click()
    assert.deepEqual(await authorizing, { errMsg: 'authorize:ok' })
    assert.deepEqual(await asked(page, 'getSetting()'), {
      errMsg: 'getSetting:ok',
      authSetting: { 'scope.userLocation': true },
    })

    assert.equal(
      ((await asked(page, 'getPrivacySetting()')) as { needAuthorization: boolean }).needAuthorization,
      true,
    )
    const refusing = asked(page, 'requirePrivacyAuthorize()')
    await page.getByRole('button', { name: 'Refuse' }).click()
    assert.deepEqual(await refusing, {
      errMsg: 'requirePrivacyAuthorize:fail privacy permission is not authorized',
      errno: 104,
    })
    const agreeing = asked(page, 'requirePrivacyAuthorize()')
    await page.getByRole('button', { name: 'Agree', exact: true }).click()
    assert.deepEqual(await agreeing, { errMsg: 'requirePrivacyAuthorize:ok' })
    assert.equal(
      ((await asked(page, 'getPrivacySetting()')) as { needAuthorization: boolean }).needAuthorization,
      false,
    )

    await page.evaluate(
      "void wx.previewImage({ urls: ['data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA=', 'b'] })",
    )
    await page.getByText('1 / 2').waitFor()
    await page.getByRole('button', { name: 'Picture' }).click()
    await page.getByText('2 / 2').waitFor()
    await page.locator('.preview-close').click()
  })

  test('the system says what it is: size, language, theme; queries see the page, not the bars', async () => {
    const js = 'onLoad() { wx.onThemeChange(({ theme }) => seen.push(theme)) }'
    await using phone = await openPhone({
      ...onePage(js, '<view id="box" data-a="1" style="height: 30px; margin-top: 10px">a page</view>', {
        darkmode: true,
      }),
    })
    const { page } = phone
    await page.getByText('a page').waitFor()
    const { windowHeight, statusBarHeight, theme, language, platform } = (await page.evaluate(
      'wx.getSystemInfoSync()',
    )) as Record<string, unknown>
    assert.deepEqual(
      { windowHeight, statusBarHeight, theme, language, platform },
      { windowHeight: 672, statusBarHeight: 44, theme: 'light', language: 'en', platform: 'android' },
    )
    await page.evaluate('window.yaopaiPhone.setDark(true)')
    assert.deepEqual(await phone.seen(1), ['dark'])
    const found = await page.evaluate(`new Promise((resolve) => {
      wx.createSelectorQuery().select('#box').boundingClientRect().selectViewport().scrollOffset().select('.none').boundingClientRect().exec(resolve)
    })`)
    const [box, viewport, none] = found as Record<string, unknown>[]
    assert.deepEqual(
      [box?.['top'], box?.['height'], box?.['width'], box?.['dataset']],
      [10, 30, 375, { a: '1' }],
    )
    assert.equal(viewport?.['scrollTop'], 0)
    assert.equal(none, null)
  })
})
