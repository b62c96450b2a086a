import assert from 'node:assert/strict'
import { test } from 'node:test'
import { API, APPID, startWorld, turns } from './testing/world.ts'
import type { YaopaiError } from './yaopai-error.ts'

const TOKEN = /^yp1_[A-Za-z0-9_-]{52}[0-9A-Za-z]{6}$/

test('[F57] the first request logs in silently and is answered as the user', async (t) => {
  const world = await startWorld(t)
  const yaopai = world.client(world.phone())
  assert.deepEqual([yaopai.user, yaopai.token()], [null, null])
  const res = await yaopai.request<{ user: string }>({ url: '/orders' })
  assert.equal(res.statusCode, 200)
  assert.equal(res.data.user, yaopai.user?.id)
  assert.match(yaopai.token() ?? '', TOKEN)
  assert.equal(world.count('POST', '/login'), 1)
})

test('[F57] a login names appid, a nonce and the device, and nothing that the server would refuse', async (t) => {
  const world = await startWorld(t)
  await world.client(world.phone()).ready()
  const { appid, nonce, device } = JSON.parse(world.sent[0]?.body ?? '')
  assert.equal(appid, APPID)
  assert.match(nonce, /^\d{48}$/)
  assert.match(device.id, /^\w{8,64}$/)
  const { brand, model, platform } = device
  assert.deepEqual([brand, model, platform], ['Emulator', 'phone', 'android'])
})

test('[F58] a hundred requests, three ready() and two login() at once make one wx.login', async (t) => {
  const world = await startWorld(t)
  const wx = world.phone()
  const yaopai = world.client(wx)
  const gates = [yaopai.ready(), yaopai.ready(), yaopai.ready(), yaopai.login(), yaopai.login()]
  const answers = await Promise.all(
    Array.from({ length: 100 }, (_, index) => yaopai.request({ url: `/orders/${index}` })),
  )
  await Promise.all(gates)
  assert.ok(answers.every(({ statusCode }) => statusCode === 200))
  assert.equal(wx.phone.counts().login, 1)
  assert.equal(world.count('POST', '/login'), 1)
})

test('[F58] several instances of one server are one login, whatever their base addresses', async (t) => {
  const world = await startWorld(t)
  const wx = world.phone()
  const one = world.client(wx)
  const other = world.client(wx, { baseUrl: `${API}/v2`, authUrl: API })
  await Promise.all([one.request({ url: '/a' }), other.request({ url: '/b' })])
  assert.equal(wx.phone.counts().login, 1)
  assert.equal(one.token(), other.token())
  assert.equal(world.count('GET', '/v2/b'), 1)
})

test('[F64] ready() needs no network where a token is kept, and every page may await it', async (t) => {
  const world = await startWorld(t)
  const storage = new Map<string, string>()
  const first = world.client(world.phone({ storage }))
  await first.ready()
  world.sent.length = 0
  const wx = world.phone({ storage })
  const again = world.client(wx)
  await Promise.all([again.ready(), again.ready()])
  assert.equal(again.token(), first.token())
  assert.equal(again.user?.id, first.user?.id)
  assert.deepEqual([world.sent.length, wx.phone.counts().login], [0, 0])
})

test('[R35] an answer that was lost is fetched with the same code and nonce: one wx.login, one session', async (t) => {
  const world = await startWorld(t)
  const wx = world.phone()
  const yaopai = world.client(wx)
  let lost = 0
  world.meddle = async (request, pass) => {
    const answer = await pass(request)
    if (!request.url.endsWith('/login') || lost === 2) return answer
    lost += 1
    throw new TypeError('fetch failed')
  }
  const outcome = await world.settle(yaopai.request({ url: '/orders' }))
  assert.equal(outcome.status, 'fulfilled')
  const logins = world.sent.filter(({ path }) => path === '/login').map(({ body }) => JSON.parse(body))
  assert.equal(logins.length, 3)
  assert.equal(new Set(logins.map(({ code, nonce }) => `${code} ${nonce}`)).size, 1)
  assert.equal(wx.phone.counts().login, 1)
  const { data } = await yaopai.request<{ sessions: unknown[] }>({ url: '/me/sessions' })
  assert.equal(data.sessions.length, 1)
})

test('[R35] where there is no nonce, a lost answer takes a new wx.login', async (t) => {
  const world = await startWorld(t)
  const old = world.phone({ baseLibrary: '2.10.2' })
  const yaopai = world.client(old)
  let isFirst = true
  world.meddle = async (request, pass) => {
    const answer = await pass(request)
    if (!isFirst) return answer
    isFirst = false
    throw new TypeError('fetch failed')
  }
  assert.equal((await world.settle(yaopai.ready())).status, 'fulfilled')
  const bodies = world.sent.map(({ body }) => JSON.parse(body))
  assert.deepEqual(
    bodies.map(({ nonce }) => nonce),
    [undefined, undefined],
  )
  assert.equal(old.phone.counts().login, 2)
})

test('Retry-After is waited for, with jitter, and then a new code is fetched', async (t) => {
  const world = await startWorld(t)
  const wx = world.phone()
  const problem = { status: 503, code: 'wechat_unavailable', class: 'retry', retryAfterSeconds: 4 }
  let refusals = 1
  world.meddle = async (request, pass) => {
    if (refusals === 0) return pass(request)
    refusals -= 1
    return Response.json(problem, { status: 503 })
  }
  const yaopai = world.client(wx)
  const startedAtMs = Date.now()
  assert.equal((await world.settle(yaopai.ready())).status, 'fulfilled')
  const waitedMs = Date.now() - startedAtMs
  assert.ok(waitedMs >= 4000 && waitedMs < 8000, `${waitedMs}`)
  assert.equal(wx.phone.counts().login, 2)
})

test('a server that asks for a long pause is left alone for that long, and everybody is told', async (t) => {
  const world = await startWorld(t)
  const wx = world.phone()
  const problem = { status: 429, code: 'rate_limited', class: 'retry', retryAfterSeconds: 60 }
  world.meddle = async () => Response.json(problem, { status: 429 })
  const yaopai = world.client(wx)
  const expected = { name: 'YaopaiError', code: 'rate_limited', class: 'retry', retryAfterSeconds: 60 }
  await assert.rejects(yaopai.ready(), expected)
  for (let seconds = 0; seconds < 58; seconds += 2) {
    await assert.rejects(yaopai.request({ url: '/orders' }), expected)
    await world.pass(2)
  }
  assert.equal(wx.phone.counts().login, 1)
  world.meddle = null
  await world.pass(3)
  assert.equal((await yaopai.request({ url: '/orders' })).statusCode, 200)
})

test('[R35] whatever comes in place of a login answer: a typed error, a bounded number of tries, no token lost', async (t) => {
  const answers: (() => Response)[] = [
    () => new Response('<html>502 Bad Gateway</html>', { status: 502 }),
    () => new Response('<html>portal</html>', { status: 200 }),
    () => new Response('', { status: 200 }),
    () => new Response(null, { status: 204 }),
    () => new Response(null, { status: 302, headers: { location: 'https://portal.example.net/' } }),
    () => Response.json({ code: 500, msg: 'error' }),
    () => Response.json({ token: 'not-one-of-ours' }),
    () => Response.json(null),
    () => Response.json([]),
    () => Response.json({ code: 'wechat_misconfigured', class: 'config' }, { status: 502 }),
    () => Response.json({ code: 'login_blocked', class: 'denied' }, { status: 403 }),
    () => Response.json({ code: 'code_invalid', class: 'relogin' }, { status: 401 }),
    () => Response.json({ code: 'invalid_request', class: 'input' }, { status: 400 }),
    () => Response.json({ code: 'brand_new', class: 'retry' }, { status: 599 }),
  ]
  for (const make of answers) {
    await t.test(`${make}`, async (inner) => {
      const world = await startWorld(inner)
      const wx = world.phone()
      const yaopai = world.client(wx)
      world.meddle = async () => make()
      const outcome = await world.settle(yaopai.request({ url: '/orders' }))
      assert.equal(outcome.status, 'rejected')
      const { name, code, class: errorClass } = outcome.reason as YaopaiError
      assert.deepEqual([name, typeof code, typeof errorClass], ['YaopaiError', 'string', 'string'])
      assert.ok(wx.phone.counts().login <= 3)
      world.meddle = null
      await world.pass(70)
      assert.equal((await yaopai.request({ url: '/orders' })).statusCode, 200)
    })
  }
})

test('[R35] a code that WeChat refuses is replaced once, silently', async (t) => {
  const world = await startWorld(t)
  const wx = world.phone()
  world.emulator.addFault({ path: '/sns/jscode2session', errcode: 40029, times: 1 })
  const yaopai = world.client(wx)
  const outcome = await world.settle(yaopai.request({ url: '/orders' }))
  assert.equal(outcome.status, 'fulfilled')
  assert.equal(wx.phone.counts().login, 2)
})

test('[R35] offline: the error is typed, nothing loops, and the next request after that succeeds', async (t) => {
  const world = await startWorld(t)
  const wx = world.phone()
  const yaopai = world.client(wx)
  wx.phone.setOffline(true)
  const outcomes = await Promise.all(
    [1, 2, 3].map((id) => world.settle(yaopai.request({ url: `/orders/${id}` }))),
  )
  for (const outcome of outcomes) {
    assert.equal(outcome.status, 'rejected')
    assert.deepEqual([outcome.reason.code, outcome.reason.class], ['network', 'retry'])
    assert.match(outcome.reason.errMsg, /^login:fail/)
  }
  assert.equal(wx.phone.counts().login, 1)
  wx.phone.setOffline(false)
  await world.pass(3)
  assert.equal((await yaopai.request({ url: '/orders' })).statusCode, 200)
})

test('[R35] killed in the middle of a login: the next start logs in once and finds all well', async (t) => {
  const world = await startWorld(t)
  const storage = new Map<string, string>()
  const dying = world.phone({ storage })
  world
    .client(dying)
    .ready()
    .catch(() => {})
  world.meddle = async (request, pass) => {
    const answer = await pass(request)
    dying.phone.kill()
    return answer
  }
  await turns()
  world.meddle = null
  const wx = world.phone({ storage })
  assert.equal((await world.client(wx).request({ url: '/orders' })).statusCode, 200)
  assert.equal(wx.phone.counts().login, 1)
})

test('[R35] going to the background cuts requests off and ends no session', async (t) => {
  const world = await startWorld(t)
  const wx = world.phone()
  const yaopai = world.client(wx)
  await yaopai.ready()
  const token = yaopai.token()
  world.meddle = () => new Promise(() => {})
  const cutOff = assert.rejects(yaopai.request({ url: '/orders' }), { code: 'interrupted', class: 'retry' })
  await turns()
  wx.phone.toBackground()
  await world.pass(6)
  await cutOff
  world.meddle = null
  wx.phone.toForeground()
  assert.equal((await yaopai.request({ url: '/orders' })).statusCode, 200)
  assert.equal(yaopai.token(), token)
})

test('opened from Moments there is no login, and no wx.login is tried', async (t) => {
  const world = await startWorld(t)
  const wx = world.phone({ scene: 1154 })
  await assert.rejects(world.client(wx).ready(), { code: 'login_unavailable', class: 'denied' })
  assert.equal(wx.phone.counts().login, 0)
})

test('a DevTools project without an appid works with the emulator, and is told what is missing with WeChat', async (t) => {
  const world = await startWorld(t)
  world.emulator.setSettings({ mockCodeUser: 'alice' })
  const yaopai = world.client(world.phone({ appid: '', devtools: true }))
  await yaopai.ready()
  assert.equal(JSON.parse(world.sent[0]?.body ?? '').appid, undefined)
  world.meddle = async () => Response.json({ code: 'code_invalid', class: 'relogin' }, { status: 401 })
  const real = world.client(world.phone({ appid: '', devtools: true }))
  await assert.rejects(real.ready(), { code: 'login_unavailable', class: 'config', message: /AppID/ })
})

test('[T40] what a page is opened with names nobody: forged launch options change nothing', async (t) => {
  const world = await startWorld(t)
  const query = { token: 'yp1_forged', openid: 'oForged', code: 'forged', sid: 'x', user: 'bob' }
  const wx = world.phone({ query, path: 'pages/index/index?code=forged' })
  const yaopai = world.client(wx)
  const { data } = await yaopai.request<{ user: string }>({ url: '/orders' })
  const honest = world.client(world.phone())
  await honest.ready()
  assert.equal(data.user, honest.user?.id)
  assert.doesNotMatch(JSON.stringify(world.sent), /forged/i)
})

test('login() as the first thing that an app does finds what is kept: no token is lost where it fails, and the phone keeps its id', async (t) => {
  const world = await startWorld(t)
  const storage = new Map<string, string>()
  const first = world.client(world.phone({ storage }))
  await first.ready()
  const token = first.token()
  const wx = world.phone({ storage })
  const again = world.client(wx)
  wx.phone.setOffline(true)
  await assert.rejects(again.login(), { code: 'network' })
  assert.equal(again.token(), token)
  wx.phone.setOffline(false)
  await again.login()
  const ids = world.sent.filter(({ path }) => path === '/login').map(({ body }) => JSON.parse(body).device.id)
  assert.deepEqual([ids.length, new Set(ids).size], [2, 1])
})
