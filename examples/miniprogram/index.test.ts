// The page with WeChat's own simulator, over a client that answers as a test wants it to.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import './testing/browser.ts'
import { launch, settle } from './testing/mini-program.ts'
import {
  ALICE,
  ok,
  refused,
  type StandInOptions,
  standInDialogs,
  standInYaopai,
} from './testing/stand-ins.ts'

const shop = (cart: string[] = []) => ok({ visits: 3, cart, greeting: '你好，小明' })
const whoami = { 'GET /whoami': () => shop() }

async function openIndex(options: StandInOptions, dialogs = standInDialogs()) {
  const client = standInYaopai({ routes: whoami, ...options })
  const packages = { '@yaopai/miniprogram': { createYaopai: () => client.yaopai } }
  const page = await launch({ wx: dialogs.wx, packages }).open('pages/index/index')
  return { page, dialogs, ...client }
}

/** Work that ends when a test says so. */
function held<Result>() {
  let end: (result: Result) => void = () => {}
  let fail: (error: Error) => void = () => {}
  const promise = new Promise<Result>((resolve, reject) => {
    end = resolve
    fail = reject
  })
  return { promise, end, fail }
}

test('shows who this is, since when, and what the back end knows', async () => {
  const routes = { 'GET /whoami': () => shop(['龙井', '普洱', '龙井']) }
  const { page, calls } = await openIndex({ user: ALICE, routes })
  const text = page.text()
  for (const part of [
    '小明',
    '初次到访 2026-03-05',
    '编号 0ekWjhlY',
    '你好，小明',
    '3来访次数',
    '3杯中茶',
    '龙井 × 2',
  ]) {
    assert.ok(text.includes(part), `${part} in ${text}`)
  }
  assert.equal(page.data['phase'], 'in')
  assert.deepEqual(calls.slice(-2), ['ready', 'GET /whoami'])
})

test('who has no nickname is called as WeChat calls everybody, in the phone’s language', async () => {
  const user = { ...ALICE, nickname: null }
  assert.match((await openIndex({ user })).page.text(), /微信用户/)
  const { page, dialogs, sent } = await openIndex({ user }, standInDialogs({ language: 'en' }))
  assert.match(page.text(), /WeChat user.*Here since 2026-03-05.*Log out/)
  assert.deepEqual([dialogs.titles, sent[0]?.['header']], [['Yaopai'], { 'Accept-Language': 'en' }])
})

test('waits for the silent login, and asks the back end after it', async () => {
  const login = held<void>()
  const { page, calls, options } = await openIndex({ ready: () => login.promise })
  assert.match(page.text(), /正在认人/)
  assert.ok(!calls.includes('GET /whoami'))
  options.user = ALICE
  login.end()
  await settle()
  assert.match(page.text(), /小明.*3来访次数/)
})

test('says in words why somebody is out, and logs in at a tap', async () => {
  const { page, calls } = await openIndex({ signedOut: 'revoked_by_user' })
  assert.match(page.text(), /尚未佩牌.*你从另一台设备让这里下线了/)
  assert.deepEqual(calls, ['ready'], 'app.js alone asked: who was sent out is not logged in again unasked')
  await page.tap('.login')
  assert.match(page.text(), /小明.*3来访次数/)
})

test('who is sent out while the page is open is told at once', async () => {
  const { page, signOut, listeners } = await openIndex({ user: ALICE })
  signOut('revoked_by_admin')
  await settle()
  assert.match(page.text(), /管理员结束了这次登录/)
  page.close()
  assert.equal(listeners(), 0)
})

test('a second tap does nothing while the first is at work', async () => {
  const login = held<typeof ALICE>()
  const { page, calls } = await openIndex({ signedOut: 'logged_out', login: () => login.promise })
  for (let tap = 0; tap < 5; tap += 1) await page.tap('.login')
  login.end(ALICE)
  await settle()
  assert.equal(calls.filter((call) => call === 'login').length, 1)
  const cup = held<ReturnType<typeof ok>>()
  const routes = { ...whoami, 'POST /cart': () => cup.promise }
  const second = await openIndex({ user: ALICE, routes })
  for (let tap = 0; tap < 5; tap += 1) await second.page.tap('.shop-add')
  cup.end(ok({ cart: ['龙井'] }, 201))
  await settle()
  assert.equal(second.calls.filter((call) => call === 'POST /cart').length, 1)
  assert.match(second.page.text(), /1杯中茶 龙井/)
})

test('a login that fails says why, and can be tried again', async () => {
  let isBlocked = true
  const login = () => (isBlocked ? Promise.reject(refused('rate_limited', 'retry')) : Promise.resolve(ALICE))
  const { page } = await openIndex({ signedOut: 'logged_out', login })
  await page.tap('.login')
  assert.match(page.text(), /操作太频繁/)
  isBlocked = false
  await page.tap('.login')
  assert.match(page.text(), /3来访次数/)
})

test('without a network the page says so, and a tap tries again', async () => {
  let isOffline = true
  const ready = () => (isOffline ? Promise.reject(refused('network', 'retry')) : Promise.resolve())
  const { page, options } = await openIndex({ ready })
  assert.match(page.text(), /没有连上网络.*再试一次/)
  isOffline = false
  options.user = ALICE
  await page.tap('.notice-action')
  assert.match(page.text(), /小明.*3来访次数/)
})

test('who was known before stays on the page while the servers are out of reach', async () => {
  const { page } = await openIndex({ user: ALICE, ready: () => Promise.reject(refused('timeout', 'retry')) })
  assert.match(page.text(), /小明.*无法连接服务器/)
  assert.equal(page.count('.logout'), 1)
})

test('who is banned is told, shown nothing of before, and offered no button that cannot help', async () => {
  const ready = () => Promise.reject(refused('banned', 'denied'))
  const { page } = await openIndex({ user: ALICE, ready })
  assert.match(page.text(), /账号已被封禁.*错误码 banned/)
  assert.deepEqual([page.count('.notice-action'), page.count('.badge')], [0, 0])
})

test('an answer that is no answer of the back end becomes a word, never a broken page', async () => {
  const strange = [ok('<html>nginx</html>'), ok(null), { statusCode: 502, data: '<html>' }, ok('', 302)]
  for (const answer of strange) {
    const { page } = await openIndex({ user: ALICE, routes: { 'GET /whoami': () => answer } })
    assert.match(page.text(), /小明.*无法连接服务器/)
  }
})

test('logging out is asked about, and ends here', async () => {
  const unsure = await openIndex({ user: ALICE }, standInDialogs({ isSure: false }))
  await unsure.page.tap('.logout')
  assert.ok(!unsure.calls.includes('logout'))
  const { page, dialogs, calls } = await openIndex({ user: ALICE })
  await page.tap('.logout')
  assert.equal(calls.at(-1), 'logout')
  assert.match(page.text(), /尚未佩牌.*你在这台设备上退出了登录/)
  assert.ok(dialogs.told.includes('已退出登录'))
})

test('an answer that comes after logging out shows nobody', async () => {
  const late = held<ReturnType<typeof ok>>()
  const { page } = await openIndex({ user: ALICE, routes: { 'GET /whoami': () => late.promise } })
  await page.tap('.logout')
  late.end(shop())
  await settle()
  assert.deepEqual([page.data['phase'], page.data['shop']], ['out', null])
})

test('a nickname is sent to Yaopai when the form is', async () => {
  const options: StandInOptions = { user: ALICE }
  const rename = ({ data }: Record<string, unknown>) => {
    Object.assign(client.options, { user: { ...ALICE, ...(data as object) } })
    return ok(client.options.user)
  }
  const client = await openIndex({ ...options, routes: { ...whoami, 'POST /me': rename } })
  await client.page.fire('.nickname', 'submit', { value: { nickname: '  大明 ' } })
  const [request] = client.sent.slice(-1)
  assert.deepEqual([request?.['url'], request?.['data']], ['http://127.0.0.1:8787/me', { nickname: '大明' }])
  assert.match(client.page.text(), /大明/)
  assert.deepEqual(client.dialogs.told, ['昵称已保存'])
})

test('a nickname that WeChat’s check emptied, or that is nobody’s, leaves the old one', async () => {
  for (const nickname of ['', '   ', undefined, '微信用户']) {
    const { page, dialogs, calls } = await openIndex({ user: ALICE })
    await page.fire('.nickname', 'submit', { value: { nickname } })
    assert.ok(!calls.includes('POST /me'))
    assert.match(page.text(), /小明/)
    assert.equal(page.data['nicknameDraft'], '小明')
    assert.deepEqual(dialogs.told, ['昵称为空或未通过审核，未作更改'])
  }
  const { page, dialogs, calls } = await openIndex({ user: ALICE })
  await page.fire('.nickname', 'submit', { value: { nickname: '小明' } })
  assert.deepEqual([calls.includes('POST /me'), dialogs.told], [false, []], 'the same name is no change')
})

test('a nickname that the server refuses is told, and the old one stays', async () => {
  const refusal = { statusCode: 400, data: { code: 'invalid_request', class: 'input', field: 'nickname' } }
  const { page, dialogs } = await openIndex({ user: ALICE, routes: { ...whoami, 'POST /me': () => refusal } })
  await page.fire('.nickname', 'submit', { value: { nickname: 'x\u0007' } })
  assert.match(page.text(), /小明/)
  assert.deepEqual(dialogs.told, ['出了点问题: 内容不符合要求，请检查后再试。'])
})

test('a picture goes to the back end, and its address to Yaopai', async () => {
  const avatarUrl = 'http://127.0.0.1:8790/avatars/abc'
  const change = ({ data }: Record<string, unknown>) => {
    Object.assign(client.options, { user: { ...ALICE, ...(data as object) } })
    return ok(client.options.user)
  }
  const upload = () => ok(JSON.stringify({ avatarUrl }), 201)
  const routes = { ...whoami, 'UPLOAD /avatar': upload, 'POST /me': change }
  const client = await openIndex({ user: ALICE, routes })
  await client.page.fire('.portrait', 'chooseavatar', { avatarUrl: 'wxfile://tmp_1.png' })
  const [uploaded, changed] = client.sent.slice(-2)
  assert.deepEqual(uploaded, { url: '/avatar', name: 'avatar', filePath: 'wxfile://tmp_1.png' })
  assert.deepEqual(changed?.['data'], { avatarUrl })
  assert.ok(client.page.html().includes(`src="${avatarUrl}"`))
  assert.deepEqual(client.dialogs.told, ['头像已更新'])
})

test('a picture that cannot be had any more gives way to the first character of the name', async () => {
  const { page } = await openIndex({ user: { ...ALICE, avatarUrl: 'https://a.test/gone.png' } })
  assert.equal(page.count('.avatar-image'), 1)
  await page.fire('.avatar-image', 'error', {})
  await page.live('onShow')
  assert.equal(page.count('.avatar-image'), 0)
  assert.match(page.text(), /^小/)
})

test('a picture that is refused is told in words, and the old one stays', async () => {
  const rows: [object, RegExp][] = [
    [{ statusCode: 413, data: '{"code":"payload_too_large","class":"input"}' }, /头像没有换成: .*2 MB/],
    [{ statusCode: 415, data: '{"code":"unsupported_media_type","class":"input"}' }, /PNG、JPEG/],
    [{ statusCode: 502, data: '<html>bad gateway</html>' }, /看不懂/],
    [refused('network', 'retry'), /请检查网络连接/],
  ]
  for (const [answer, told] of rows) {
    const routes = { ...whoami, 'UPLOAD /avatar': () => answer as ReturnType<typeof ok> | Error }
    const { page, dialogs, calls } = await openIndex({ user: ALICE, routes })
    await page.fire('.portrait', 'chooseavatar', { avatarUrl: 'wxfile://tmp_1.png' })
    assert.match(dialogs.told.join(), told)
    assert.ok(!calls.includes('POST /me'))
    assert.equal(page.data['busy'], '')
  }
})
