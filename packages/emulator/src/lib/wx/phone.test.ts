import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createManualTimer, createWx, type Wx, type WxOptions } from '../../index.ts'
import { APPID, startForTest } from '../../test-support/kit.ts'

const refuse = () => {
  throw new Error('not asked')
}
const emulator = { login: refuse, checkSession: refuse, openData: refuse, phoneCode: refuse }

function makeWx(options: Partial<WxOptions> = {}): Wx {
  return createWx({ emulator, appid: APPID, user: 'alice', ...options })
}

test('[F84] getAccountInfoSync: appId, envVersion, and a version only where released', () => {
  const info = (options: Partial<WxOptions>) => makeWx(options).getAccountInfoSync().miniProgram
  assert.deepEqual(info({}), { appId: APPID, envVersion: 'develop', version: '' })
  assert.deepEqual(info({ envVersion: 'trial', version: '9' }), {
    appId: APPID,
    envVersion: 'trial',
    version: '',
  })
  const released = { appId: APPID, envVersion: 'release', version: '2.0.1' }
  assert.deepEqual(info({ envVersion: 'release', version: '2.0.1' }), released)
})

test('[F84] getEnterOptionsSync tells how the mini program was opened', () => {
  const wx = makeWx({ scene: 1154, path: 'pages/logs/logs', query: { a: '1' } })
  const { path, query, scene } = wx.getEnterOptionsSync()
  assert.deepEqual({ path, query, scene }, { path: 'pages/logs/logs', query: { a: '1' }, scene: 1154 })
  assert.equal(makeWx().getEnterOptionsSync().scene, 1001)
})

test('[F84] getRandomValues gives the bytes that were asked for, never the same, and refuses nonsense', async () => {
  const wx = makeWx()
  const { randomValues, errMsg } = await wx.getRandomValues({ length: 32 })
  assert.equal(errMsg, 'getRandomValues:ok')
  assert.equal(randomValues.byteLength, 32)
  const again = await wx.getRandomValues({ length: 32 })
  assert.notDeepEqual(new Uint8Array(again.randomValues), new Uint8Array(randomValues))
  for (const length of [0, -1, 1.5, 1_048_577]) {
    await assert.rejects(Promise.resolve(wx.getRandomValues({ length })), { errMsg: /^getRandomValues:fail/ })
  }
})

test('[F84] an older base library lacks what came later', () => {
  const old = makeWx({ baseLibrary: '2.10.2' })
  assert.equal('getRandomValues' in old, false)
  assert.equal(old.canIUse('getRandomValues'), false)
  assert.equal(old.canIUse('request.object.timeout'), true)
  for (const api of ['request', 'uploadFile', 'downloadFile', 'connectSocket']) {
    assert.equal(makeWx({ baseLibrary: '2.9.9' }).canIUse(`${api}.object.timeout`), false)
    assert.equal(makeWx({ baseLibrary: '2.10.0' }).canIUse(`${api}.object.timeout`), true)
  }
  const now = makeWx()
  assert.equal(typeof now.getRandomValues, 'function')
  assert.deepEqual(
    ['login', 'getRandomValues', 'getUserProfile', 'noSuchApi'].map((name) => now.canIUse(name)),
    [true, true, true, false],
  )
  assert.equal(makeWx({ baseLibrary: '2.15.0' }).canIUse('getRandomValues'), true)
  assert.equal(makeWx({ baseLibrary: '2.14.9' }).canIUse('getRandomValues'), false)
})

test('[F84] going to the background and back is told to who listens', () => {
  const wx = makeWx({ timer: createManualTimer().timer, scene: 1089 })
  const heard: unknown[] = []
  const onShow = ({ scene }: { scene: number }) => heard.push(scene)
  wx.onAppHide(() => heard.push('hide'))
  wx.onAppShow(onShow)
  wx.phone.toBackground()
  wx.phone.toBackground()
  wx.phone.toForeground()
  wx.offAppShow(onShow)
  wx.phone.toBackground()
  wx.phone.toForeground()
  assert.deepEqual(heard, ['hide', 1089, 'hide'])
})

test('[F84] the limited APIs are counted: more than four a second is warned about', async (t) => {
  const real = await startForTest(t)
  const clock = createManualTimer(1_000_000)
  const heard: string[] = []
  const wx = makeWx({ emulator: real, now: clock.now, onWarning: (line) => heard.push(line) })
  for (let views = 0; views < 50; views += 1) wx.phone.pageView()
  for (let turn = 0; turn < 4; turn += 1) await wx.login()
  assert.deepEqual(heard, [])
  await wx.login()
  assert.match(heard[0] ?? '', /^wx\.login: 5 calls within a second, WeChat allows 4/)
  clock.advance(1000)
  await wx.login()
  await wx.checkSession()
  assert.equal(heard.length, 1)
  assert.deepEqual(wx.phone.warnings(), heard)
  assert.deepEqual(wx.phone.counts(), { login: 6, checkSession: 1, getUserInfo: 0, getUserProfile: 0 })
})

test('[F84] the limited APIs are counted: more than twice the page views of the day is warned about', async (t) => {
  const real = await startForTest(t)
  const clock = createManualTimer(1_000_000)
  const wx = makeWx({ emulator: real, now: clock.now })
  for (const _ of [1, 2]) {
    clock.advance(1000)
    await wx.login()
  }
  assert.deepEqual(wx.phone.warnings(), [])
  clock.advance(1000)
  await wx.login()
  assert.match(wx.phone.warnings()[0] ?? '', /call 3 of the day, WeChat allows 2 at 1 page views/)
  clock.advance(86_400_000)
  wx.phone.pageView()
  await wx.login()
  assert.equal(wx.phone.warnings().length, 1)
})

test('a manual timer runs what falls due in order, and not what was cancelled', () => {
  const clock = createManualTimer()
  const ran: string[] = []
  clock.timer(20, () => ran.push(`late ${clock.now()}`))
  clock.timer(10, () => clock.timer(5, () => ran.push(`nested ${clock.now()}`)))
  const cancel = clock.timer(12, () => ran.push('cancelled'))
  cancel()
  clock.advance(20)
  assert.deepEqual(ran, ['nested 15', 'late 20'])
})
