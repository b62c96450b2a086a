import assert from 'node:assert/strict'
import { test } from 'node:test'
import { classicShape, loginShape, problemShape, userShape } from './answer-schemas.ts'
import { APPID, appConfig, OTHER_APPID, openDesk } from './testing/desk.ts'

const post = (json: unknown, headers = {}) => ({ method: 'POST', json, headers })

test('[F1] POST /login answers with all that the protocol promises, and with nothing of WeChat', async () => {
  const desk = openDesk()
  const response = await desk.publicly('/login', post({ code: 'alice-1' }))
  assert.equal(response.status, 200)
  assert.equal(response.headers.get('cache-control'), 'no-store')
  const text = await response.text()
  const login = loginShape.parse(JSON.parse(text))
  assert.equal(login.isNew, true)
  assert.equal(login.idleSeconds, 259_200)
  assert.equal(login.expiresAt, login.session.expiresAt)
  assert.equal(login.renewAfter, new Date(desk.clock.nowMs() + 86_400_000).toISOString())
  assert.doesNotMatch(text, /openid|session_key|unionid/i)
})

test('the device is kept as the user may see it later', async () => {
  const desk = openDesk()
  const login = await desk.login('alice-1', { device: { id: 'd1', model: 'iPhone 15', label: null } })
  assert.deepEqual(login.session.device, {
    id: 'd1',
    brand: null,
    model: 'iPhone 15',
    platform: null,
    label: null,
  })
})

test('[F10] the same code with the same nonce gets the same token, and WeChat is asked once', async () => {
  const desk = openDesk()
  const nonce = 'n'.repeat(22)
  const first = await desk.login('alice-1', { nonce })
  const second = await desk.login('alice-1', { nonce })
  assert.equal(second.token, first.token)
  assert.deepEqual(desk.codes, ['alice-1'])
  const other = await desk.publicly('/login', post({ code: 'alice-1', nonce: 'm'.repeat(22) }))
  assert.equal(problemShape.parse(await other.json()).code, 'code_used')
})

test('every field of a login has bounds, and a misfit names its field', async () => {
  const desk = openDesk()
  const bad: [object, string][] = [
    [{}, 'code'],
    [{ code: '' }, 'code'],
    [{ code: 'x'.repeat(129) }, 'code'],
    [{ code: 'é' }, 'code'],
    [{ code: 7 }, 'code'],
    [{ code: 'a', nonce: 'short' }, 'nonce'],
    [{ code: 'a', nonce: 'n'.repeat(65) }, 'nonce'],
    [{ code: 'a', nonce: `${'n'.repeat(22)}=` }, 'nonce'],
    [{ code: 'a', appid: '' }, 'appid'],
    [{ code: 'a', openid: 'o123' }, 'openid'],
    [{ code: 'a', device: { id: 'x'.repeat(65) } }, 'device.id'],
    [{ code: 'a', device: { label: 'x'.repeat(129) } }, 'device.label'],
    [{ code: 'a', device: { label: 'a\nb' } }, 'device.label'],
    [{ code: 'a', device: { serial: '1' } }, 'device.serial'],
    [{ code: 'a', device: [] }, 'device'],
  ]
  for (const [json, field] of bad) {
    const response = await desk.publicly('/login', post(json))
    const problem = problemShape.parse(await response.json())
    assert.deepEqual([response.status, problem.code, problem.field], [400, 'invalid_request', field])
  }
  assert.deepEqual(desk.codes, [])
})

test('appid may be left out where one app is configured, and there alone', async () => {
  const two = openDesk({ apps: [appConfig(), appConfig({ appid: OTHER_APPID })] })
  const nameless = await two.publicly('/login', post({ code: 'alice-1' }))
  assert.equal(problemShape.parse(await nameless.json()).field, 'appid')
  const named = await two.login('alice-1', { appid: OTHER_APPID })
  assert.equal(named.session.appid, OTHER_APPID)
  const unknown = await two.publicly('/login', post({ code: 'a', appid: 'wx9' }))
  assert.equal(problemShape.parse(await unknown.json()).code, 'unknown_app')
})

test("a Referer of WeChat's that names another app is told before the code is lost", async () => {
  const desk = openDesk()
  const refererOf = (appid: string) => ({ referer: `https://servicewechat.com/${appid}/0/page-frame.html` })
  const wrong = await desk.publicly('/login', post({ code: 'alice-1' }, refererOf(OTHER_APPID)))
  assert.equal(problemShape.parse(await wrong.json()).code, 'app_mismatch')
  assert.deepEqual(desk.codes, [])
  const others = [refererOf(APPID), refererOf('touristappid'), { referer: 'https://example.com/x' }]
  for (const [index, headers] of others.entries()) {
    assert.equal((await desk.publicly('/login', post({ code: `alice-${index}` }, headers))).status, 200)
  }
})

test("WeChat's refusals come out as ours, with the time to wait", async () => {
  const wechat = async () =>
    ({ kind: 'answer', status: 200, body: '{"errcode":45011,"errmsg":"x"}' }) as const
  const response = await openDesk({ wechat }).publicly('/login', post({ code: 'alice-1' }))
  const problem = problemShape.parse(await response.json())
  assert.deepEqual([response.status, problem.code, problem.class], [503, 'wechat_quota', 'retry'])
  assert.equal(response.headers.get('retry-after'), String(problem.retryAfterSeconds))
})

test("the classic client's GET /login is answered with user_uuid where it is on", async () => {
  const desk = openDesk({ apps: [appConfig({ classicLogin: true })] })
  const response = await desk.publicly(`/login?code=alice-1&userInfo=${encodeURIComponent('小明')}`)
  assert.equal(response.status, 200)
  const { user_uuid: token } = classicShape.parse(await response.json())
  const me = await desk.publicly('/me', { token })
  assert.equal(userShape.parse(await me.json()).nickname, '小明')
  const ignored = ['undefined', 'null', '[object Object]', '微信用户', 'x'.repeat(2_000), '{"nickName":']
  for (const [at, userInfo] of ignored.entries()) {
    const login = await desk.publicly(`/login?code=mallory-${at}&userInfo=${encodeURIComponent(userInfo)}`)
    const { user_uuid: badge } = classicShape.parse(await login.json())
    const profile = await desk.publicly('/me', { token: badge })
    assert.equal(userShape.parse(await profile.json()).nickname, null, userInfo)
  }
  const all = encodeURIComponent('{"nickName":"Erin","avatarUrl":"https://thirdwx.qlogo.cn/1","gender":0}')
  const erin = classicShape.parse(await (await desk.publicly(`/login?code=erin-1&userInfo=${all}`)).json())
  const erins = await desk.publicly('/me', { token: erin.user_uuid })
  assert.equal(userShape.parse(await erins.json()).nickname, 'Erin')
  for (const query of ['code=bob-1', 'code=bob-2&userInfo=undefined', 'code=bob-3&userInfo=微信用户']) {
    assert.equal((await desk.publicly(`/login?${query}`)).status, 200, query)
  }
  const used = await desk.publicly('/login?code=alice-1')
  assert.equal(problemShape.parse(await used.json()).code, 'code_used')
})

test('GET /login is no method of the route where the classic wire is off or two apps have it', async () => {
  const classic = appConfig({ classicLogin: true })
  for (const apps of [[appConfig()], [classic, { ...classic, appid: OTHER_APPID }]]) {
    const response = await openDesk({ apps }).publicly('/login?code=alice-1')
    assert.deepEqual([response.status, response.headers.get('allow')], [405, 'POST'])
    assert.match(problemShape.parse(await response.json()).detail ?? '', /"classicLogin": true/)
  }
})

test('[T12] logins from one address are limited for each app, others are not harmed', async () => {
  const desk = openDesk({ deps: { loginLimitPerIp: 3 } })
  const loginFrom = (ip: string, index: number) =>
    desk.publicly('/login', { ...post({ code: `alice-${ip}-${index}` }), ip })
  for (const index of [1, 2, 3]) assert.equal((await loginFrom('203.0.113.1', index)).status, 200)
  const fourth = await loginFrom('203.0.113.1', 4)
  assert.equal(fourth.status, 429)
  assert.ok(Number(fourth.headers.get('retry-after')) >= 1)
  assert.equal((await loginFrom('203.0.113.2', 1)).status, 200)
  assert.equal(desk.codes.length, 4)
})
