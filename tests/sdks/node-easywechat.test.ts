import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { DEMO_APP, type Emulator, startEmulator } from '@yaopai/wechat-emulator'
import AccessToken from 'node-easywechat/dist/MiniApp/AccessToken.js'
import MiniApp from 'node-easywechat/dist/MiniApp/Application.js'

// node-easywechat: its base URL is a setting, so it talks to the emulator in plain http. Its main file cannot be loaded as
// installed today (it asks node-socialite for a file that 1.5 no longer has), so the mini program's part is taken alone.

const { appid, secret } = DEMO_APP
const alice = { appid, user: 'alice' }
const PHONE = '/wxa/business/getuserphonenumber'

async function start(t: TestContext, config: { use_stable_access_token?: boolean } = {}) {
  const emulator = await startEmulator({ demo: true })
  const folder = await mkdtemp(join(tmpdir(), 'easywechat-'))
  t.after(async () => {
    await emulator.close()
    await rm(folder, { recursive: true })
  })
  const app = new MiniApp({
    app_id: appid,
    secret,
    http: { baseURL: emulator.url },
    file_cache: { path: folder, dirMode: 0o700, fileMode: 0o600, ext: '.cache' },
    ...config,
  })
  const numberFor = async (code: string) => (await app.getClient().postJson(PHONE, { code })).toObject()
  return { emulator, app, folder, numberFor }
}

/** A new token at once; the SDK's declarations do not tell that its tokens can do that. */
function refresh(app: MiniApp): Promise<string> {
  const token = app.getAccessToken()
  assert.ok(token instanceof AccessToken)
  return token.refresh()
}

const pathsOf = (emulator: Emulator) => emulator.calls().map(({ path }) => path)

test('[F86] node-easywechat logs in and opens what the phone sealed; the call log has seen it', async (t) => {
  const { emulator, app } = await start(t)
  const utils = app.getUtils()
  const { openid, session_key, unionid } = await utils.codeToSession(emulator.login(alice).code)
  assert.equal(openid, emulator.openidOf(appid, 'alice'))
  assert.equal(unionid, emulator.unionidOf('default', 'alice'))
  const { iv, encryptedData } = emulator.openData(alice)
  const opened = utils.decryptSession(session_key, iv, encryptedData)
  assert.deepEqual([opened['openId'], opened['nickName']], [openid, 'Alice'])
  const sealed = emulator.phoneCode(alice)
  const phone = utils.decryptSession(session_key, sealed.iv, sealed.encryptedData)
  assert.equal(phone['purePhoneNumber'], '13800000001')
  const [call] = emulator.calls()
  assert.deepEqual([call?.path, call?.query['secret'], call?.openid], ['/sns/jscode2session', '***', openid])
})

test('[F86] node-easywechat tells a wrong, a used and an expired code in its own error', async (t) => {
  const { emulator, app } = await start(t)
  const utils = app.getUtils()
  const { code } = emulator.login(alice)
  await utils.codeToSession(code)
  await assert.rejects(
    utils.codeToSession(code),
    /^Error: code2Session error: \{"errcode":40163,"errmsg":"code been used, /,
  )
  await assert.rejects(utils.codeToSession('nobody made this'), /"errcode":40029/)
  const old = emulator.login(alice).code
  emulator.advanceClock(300)
  await assert.rejects(utils.codeToSession(old), /"errcode":40029/)
})

for (const [path, use_stable_access_token] of [
  ['/cgi-bin/token', false],
  ['/cgi-bin/stable_token', true],
] as const) {
  test(`[F86] node-easywechat gets a token of ${path} once, and phone numbers with it`, async (t) => {
    const { emulator, numberFor } = await start(t, { use_stable_access_token })
    emulator.login(alice)
    const { code } = emulator.phoneCode(alice)
    const first = await numberFor(code)
    assert.equal(first['phone_info'].purePhoneNumber, '13800000001')
    assert.equal((await numberFor(code)).errcode, 40029)
    assert.deepEqual(pathsOf(emulator), [path, PHONE, PHONE])
  })
}

test('[F86] node-easywechat fetches a new token when the time of its own is over, on both clocks', async (t) => {
  const { emulator, app } = await start(t)
  // The emulator runs on the real time where nobody gives it another: here both go by this one.
  t.mock.timers.enable({ apis: ['Date'], now: 1_700_000_000_000 })
  const old = await app.getAccessToken().getToken()
  t.mock.timers.tick(7_199_000)
  assert.equal(await app.getAccessToken().getToken(), old)
  t.mock.timers.tick(2_000)
  assert.notEqual(await app.getAccessToken().getToken(), old)
  assert.deepEqual(pathsOf(emulator), ['/cgi-bin/token', '/cgi-bin/token'])
})

test('[F86] node-easywechat says why it gets no token: a wrong secret, an address that is not on the list, the quota', async (t) => {
  const { emulator, app } = await start(t)
  const token = app.getAccessToken()
  emulator.putApp(appid, { secret: 'another' })
  await assert.rejects(
    token.getToken(),
    /Failed to get access_token: \{"errcode":40125,"errmsg":"invalid appsecret rid: /,
  )
  emulator.putApp(appid, { secret, ipAllowList: ['10.0.0.1'] })
  await assert.rejects(token.getToken(), /"errcode":40164,"errmsg":"invalid ip 127\.0\.0\.1 ipv6 /)
  emulator.putApp(appid, { secret })
  emulator.setSettings({ tokenDailyQuota: 1 })
  await refresh(app)
  await assert.rejects(refresh(app), /"errcode":45009/)
})

test('[F86][F82] node-easywechat under faults: busy, a proxy page, garbage, a reset, a lost answer', async (t) => {
  const { emulator, app } = await start(t)
  const utils = app.getUtils()
  const path = '/sns/jscode2session'
  const { code } = emulator.login(alice)
  emulator.addFault({ path, times: 1, errcode: -1 })
  await assert.rejects(
    utils.codeToSession(code),
    /code2Session error: \{"errcode":-1,"errmsg":"system error"\}/,
  )
  emulator.addFault({ path, times: 1, status: 200, body: '<html>' })
  await assert.rejects(utils.codeToSession(code), /^Error: code2Session error: /)
  emulator.addFault({ path, times: 1, reset: true })
  await assert.rejects(utils.codeToSession(code), { code: 'ECONNRESET' })
  emulator.addFault({ path, times: 1, reset: true, when: 'after' })
  await assert.rejects(utils.codeToSession(code), { code: 'ECONNRESET' })
  await assert.rejects(utils.codeToSession(code), /"errcode":40163/, 'WeChat had done its work')
})

test('what the emulator shows of node-easywechat 3.6: it does not refresh a token that WeChat refuses', async (t) => {
  const { emulator, app, numberFor } = await start(t)
  await app.getAccessToken().getToken()
  emulator.advanceClock(7200)
  emulator.login(alice)
  const { code } = emulator.phoneCode(alice)
  assert.equal((await numberFor(code)).errcode, 42001, 'handed on as an answer like any other')
  assert.equal((await numberFor(code)).errcode, 42001)
  await refresh(app)
  assert.equal((await numberFor(code)).errcode, 0, 'the cure: refresh() by hand')
})

test('what the emulator shows of node-easywechat 3.6: the name of its cache file holds the AppSecret', async (t) => {
  const { app, folder } = await start(t)
  await app.getAccessToken().getToken()
  assert.ok((await readdir(folder)).every((name) => name.includes(secret)))
})
