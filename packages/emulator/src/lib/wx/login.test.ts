import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createWx, type WxOptions } from '../../index.ts'
import { APPID, exchange, startForTest } from '../../test-support/kit.ts'

const who = { appid: APPID, user: 'alice' }

function seen(run: (callbacks: object) => unknown): Promise<string[]> {
  return new Promise((resolve) => {
    const order: string[] = []
    const note = (name: string) => (res: { errMsg: string }) => {
      order.push(`${name} ${res.errMsg}`)
      if (name === 'complete') resolve(order)
    }
    const returned = run({ success: note('success'), fail: note('fail'), complete: note('complete') })
    order.push(`returned ${String(returned)}`)
  })
}

test('[F84] wx.login gives a code that the exchange takes: no appid of one’s own, no phone', async (t) => {
  const emulator = await startForTest(t)
  const wx = createWx({ emulator, ...who })
  const { code, errMsg } = await wx.login()
  assert.equal(errMsg, 'login:ok')
  const { json } = await exchange(emulator, { js_code: code })
  assert.equal(json['openid'], emulator.openidOf(APPID, 'alice'))
})

test('[F84] the same over the control interface of an emulator elsewhere', async (t) => {
  const emulator = await startForTest(t)
  const wx = createWx({ emulatorUrl: emulator.url, ...who })
  const { code } = await wx.login()
  assert.ok((await exchange(emulator, { js_code: code })).json['openid'])
  assert.equal((await wx.checkSession()).errMsg, 'checkSession:ok')
  assert.equal((await wx.getUserInfo()).errMsg, 'getUserInfo:ok')
  await emulator.close()
  await assert.rejects(Promise.resolve(wx.login()), { errMsg: /^login:fail / })
})

test('[F84] callbacks: success or fail, then complete, after the call returned undefined', async (t) => {
  const emulator = await startForTest(t)
  const wx = createWx({ emulator, ...who })
  assert.deepEqual(await seen((callbacks) => wx.login(callbacks)), [
    'returned undefined',
    'success login:ok',
    'complete login:ok',
  ])
  emulator.expireSessionKey(who)
  const failure = 'checkSession:fail session time out, need relogin'
  assert.deepEqual(await seen((callbacks) => wx.checkSession(callbacks)), [
    'returned undefined',
    `fail ${failure}`,
    `complete ${failure}`,
  ])
})

test('[F84] one callback is enough to get no Promise', async (t) => {
  const emulator = await startForTest(t)
  const wx = createWx({ emulator, ...who })
  const returned: unknown = wx.login({ complete: () => {} })
  assert.equal(returned, undefined)
})

test('[F84] Promises reject with a plain object, as WeChat’s do', async (t) => {
  const emulator = await startForTest(t)
  const wx = createWx({ emulator, ...who })
  const failure: unknown = await wx.checkSession().then(
    () => undefined,
    (reason) => reason,
  )
  assert.deepEqual(failure, { errMsg: 'checkSession:fail session time out, need relogin' })
})

const LOGIN_FAILS: [string, Partial<WxOptions>, RegExp][] = [
  ['in single page mode (scene 1154)', { scene: 1154 }, /^login:fail not available in single page mode$/],
  ['for an app that nobody made', { appid: 'wxnope' }, /^login:fail no app has the appid "wxnope"/],
]

for (const [what, options, errMsg] of LOGIN_FAILS) {
  test(`[F84] wx.login fails ${what}`, async (t) => {
    const emulator = await startForTest(t)
    const wx = createWx({ emulator, ...who, ...options })
    await assert.rejects(Promise.resolve(wx.login()), { errMsg })
    await assert.rejects(Promise.resolve(wx.checkSession()), { errMsg: /^checkSession:fail/ })
  })
}

test('[F84] without an appid, as in DevTools, the code is the mock one and checkSession fails', async (t) => {
  const emulator = await startForTest(t)
  const wx = createWx({ emulator, appid: '', user: 'alice' })
  assert.equal((await wx.login()).code, 'the code is a mock one')
  await assert.rejects(Promise.resolve(wx.checkSession()), { errMsg: /^checkSession:fail/ })
})

test('[F84] checkSession speaks of the key of this device’s last code, also after a restart', async (t) => {
  const emulator = await startForTest(t)
  emulator.setSettings({ sessionKeyMinRefreshSeconds: 0 })
  await createWx({ emulator, ...who }).login()
  const restarted = createWx({ emulator, ...who })
  assert.equal((await restarted.checkSession()).errMsg, 'checkSession:ok')
  await createWx({ emulator, ...who, device: 'tablet' }).login()
  await assert.rejects(Promise.resolve(restarted.checkSession()), { errMsg: /time out/ })
})

test('[F82] a test can order the next call to fail, once', async (t) => {
  const emulator = await startForTest(t)
  const wx = createWx({ emulator, ...who })
  wx.phone.failNext('login', 'login:fail system error', 1000)
  await assert.rejects(Promise.resolve(wx.login()), { errMsg: 'login:fail system error', errno: 1000 })
  assert.equal((await wx.login()).errMsg, 'login:ok')
})

test('[F84] getUserInfo carries openId inside the ciphertext, getUserProfile never does; both need a login', async (t) => {
  const emulator = await startForTest(t)
  emulator.putUser('alice', { nickname: 'Alice' })
  const wx = createWx({ emulator, ...who })
  await assert.rejects(Promise.resolve(wx.getUserInfo()), { errMsg: /^getUserInfo:fail alice has no living/ })
  await wx.login()
  const info = await wx.getUserInfo()
  assert.equal(Object(info.userInfo)['nickName'], 'Alice')
  assert.deepEqual(JSON.parse(info.rawData), info.userInfo)
  const profile = await wx.getUserProfile({ desc: 'to greet you' })
  assert.ok(profile.encryptedData.length < info.encryptedData.length)
})

test('a wx object that knows no emulator says so', () => {
  assert.throws(() => createWx(who), /give emulator or emulatorUrl/)
})
