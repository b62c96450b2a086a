import assert from 'node:assert/strict'
import { test } from 'node:test'
import { API, CHALLENGE, gate, refusal, startWorld, turns } from './testing/world.ts'
import type { YaopaiOptions } from './types.ts'

const EXPIRED = { status: 401, code: 'expired', class: 'relogin' }

/** Refuses this token and no other, as a server that has ended its session. */
function refuseToken(token: string | null, answer: () => Response) {
  return async (request: Request, pass: (request: Request) => Promise<Response>) =>
    request.headers.get('authorization') === `Bearer ${token}` ? answer() : pass(request)
}

test('[F59][R35] ten requests meet ten 401s: one wx.login, and each is sent once more and answered', async (t) => {
  const world = await startWorld(t)
  const wx = world.phone()
  const yaopai = world.client(wx)
  await yaopai.ready()
  world.meddle = refuseToken(yaopai.token(), () => refusal(401, CHALLENGE.expired))
  world.sent.length = 0
  const ids = Array.from({ length: 10 }, (_, index) => `/orders/${index}`)
  const answers = await Promise.all(ids.map((url) => yaopai.request<{ path: string }>({ url })))
  assert.deepEqual(
    answers.map(({ data }) => data.path),
    ids,
  )
  assert.equal(wx.phone.counts().login, 2)
  for (const url of ids) assert.equal(world.count('GET', url), 1)
})

test('[F60] a late 401 of the old token leaves the new one alone, and its request is sent with that', async (t) => {
  const world = await startWorld(t)
  const wx = world.phone()
  const yaopai = world.client(wx)
  await yaopai.ready()
  const old = yaopai.token()
  const door = gate()
  world.meddle = async (request, pass) => {
    if (request.headers.get('authorization') !== `Bearer ${old}`) return pass(request)
    if (request.url.endsWith('/slow')) await door.passed
    return refusal(401, CHALLENGE.expired)
  }
  const slow = yaopai.request<{ path: string }>({ url: '/slow' })
  await yaopai.request({ url: '/fast' })
  const fresh = yaopai.token()
  assert.notEqual(fresh, old)
  door.open()
  assert.equal((await slow).data.path, '/slow')
  assert.equal(yaopai.token(), fresh)
  assert.equal(wx.phone.counts().login, 2)
})

test('[F60] a late refusal that names an end on purpose, of a token long replaced, signs nobody out', async (t) => {
  const world = await startWorld(t)
  const yaopai = world.client(world.phone())
  await yaopai.ready()
  const old = yaopai.token()
  const door = gate()
  world.meddle = async (request, pass) => {
    if (request.headers.get('authorization') !== `Bearer ${old}`) return pass(request)
    await door.passed
    return refusal(401, CHALLENGE.revoked)
  }
  const slow = yaopai.request({ url: '/slow' })
  await turns()
  await yaopai.login()
  door.open()
  assert.equal((await slow).statusCode, 200)
  assert.equal(yaopai.signedOut, null)
})

test('[F59] a POST is not sent twice unless it says that it may; the next request finds a token', async (t) => {
  const world = await startWorld(t)
  const wx = world.phone()
  const yaopai = world.client(wx)
  await yaopai.ready()
  const old = yaopai.token()
  world.meddle = refuseToken(old, () => refusal(401, CHALLENGE.expired))
  await assert.rejects(yaopai.request({ url: '/orders', method: 'POST', data: { n: 1 } }), EXPIRED)
  assert.equal((await yaopai.request({ url: '/orders', method: 'post', data: { n: 2 } })).statusCode, 200)
  assert.deepEqual(
    world.sent.filter(({ path }) => path === '/orders').map(({ body }) => body),
    ['{"n":2}'],
  )
  world.meddle = refuseToken(yaopai.token(), () => refusal(401, CHALLENGE.expired))
  for (const method of ['PUT', 'DELETE']) {
    await yaopai.ready()
    world.meddle = refuseToken(yaopai.token(), () => refusal(401, CHALLENGE.expired))
    await assert.rejects(yaopai.request({ url: '/orders', method }), EXPIRED)
    await yaopai.ready()
    await world.pass(61)
  }
  await yaopai.ready()
  world.meddle = refuseToken(yaopai.token(), () => refusal(401, CHALLENGE.expired))
  const declared = await yaopai.request({ url: '/orders', method: 'POST', idempotent: true })
  assert.equal(declared.statusCode, 200)
})

test('[F59] what is refused again after the login is not sent a third time, and logins come to rest', async (t) => {
  const world = await startWorld(t)
  const wx = world.phone()
  const yaopai = world.client(wx)
  let sends = 0
  world.meddle = async (request, pass) => {
    if (!request.url.endsWith('/orders')) return pass(request)
    sends += 1
    return refusal(401, CHALLENGE.expired)
  }
  for (let seconds = 0; seconds < 60; seconds += 1) {
    await assert.rejects(yaopai.request({ url: '/orders' }), { name: 'YaopaiError' })
    await world.pass(1)
  }
  assert.ok(wx.phone.counts().login <= 4, `${wx.phone.counts().login} logins in a minute`)
  assert.ok(sends <= 8, `${sends} requests`)
})

test('[F59] answers that are none of Yaopai’s pass through, whatever they look like', async (t) => {
  const world = await startWorld(t)
  const wx = world.phone()
  const yaopai = world.client(wx)
  await yaopai.ready()
  const token = yaopai.token()
  const answers: (() => Response)[] = [
    () => Response.json({ code: 40101, msg: 'no such coupon' }, { status: 401 }),
    () => Response.json({ code: 'expired', class: 'gold' }, { status: 401 }),
    () => Response.json({ class: 'relogin' }, { status: 401 }),
    () => new Response('', { status: 401, headers: { 'www-authenticate': 'Basic realm="shop"' } }),
    () => new Response('<html>502</html>', { status: 502 }),
    () => new Response('', { status: 503 }),
    () => refusal(200, CHALLENGE.expired, EXPIRED),
    () => refusal(404, CHALLENGE.revoked),
    () => new Response('', { status: 403 }),
    () => new Response(null, { status: 304 }),
  ]
  for (const make of answers) {
    world.meddle = async () => make()
    const expected = make()
    assert.equal((await yaopai.request({ url: '/orders' })).statusCode, expected.status, `${make}`)
    assert.equal(yaopai.token(), token)
  }
  assert.equal(wx.phone.counts().login, 1)
})

test('[F59] the header is enough, in any case, and so is the problem, also as text', async (t) => {
  const world = await startWorld(t)
  for (const headerCase of ['lower', 'title'] as const) {
    const yaopai = world.client(world.phone({ headerCase }))
    const refusals: (() => Response)[] = [
      () =>
        new Response('<html>401</html>', { status: 401, headers: { 'www-authenticate': CHALLENGE.expired } }),
      () => refusal(401, `Basic realm="x", ${CHALLENGE.expired}`),
      () => Response.json(EXPIRED, { status: 401 }),
      () => new Response(JSON.stringify(EXPIRED), { status: 401 }),
    ]
    for (const make of refusals) {
      await world.pass(61)
      await yaopai.ready()
      const old = yaopai.token()
      world.meddle = refuseToken(old, make)
      assert.equal((await yaopai.request({ url: '/orders' })).statusCode, 200)
      assert.notEqual(yaopai.token(), old)
    }
  }
})

test('a ban is told as it is, and nothing is tried', async (t) => {
  const world = await startWorld(t)
  const wx = world.phone()
  const yaopai = world.client(wx)
  await yaopai.ready()
  const token = yaopai.token()
  world.meddle = async () => refusal(403, CHALLENGE.banned)
  const expected = { name: 'YaopaiError', status: 403, code: 'banned', class: 'denied' }
  await assert.rejects(yaopai.request({ url: '/orders' }), expected)
  assert.deepEqual([yaopai.token(), yaopai.signedOut, wx.phone.counts().login], [token, null, 1])
})

const LOOK_ALIKES = [
  'https://api.example.com.evil.example/orders',
  'https://api.example.com@evil.example/orders',
  'https://api.example.com:443@evil.example/orders',
  'https://user:password@api.example.com/orders',
  'https://evil.example/https://api.example.com/orders',
  'https://evil.example?https://api.example.com/orders',
  'https://evil.example#https://api.example.com/orders',
  'https://evil.example\\@api.example.com/orders',
  'https://api.example.com\\.evil.example/orders',
  'https://api-example.com/orders',
  'https://apiXexample.com/orders',
  'https://api.example.co/orders',
  'https://api.example.comm/orders',
  'https://example.com/orders',
  'https://xapi.example.com/orders',
  'https://api.example.com./orders',
  'https://api.example.com:8443/orders',
  'https://api.example.com:80/orders',
  'http://api.example.com/orders',
  'https://аpi.example.com/orders',
  'https://api.example.com%2eevil.example/orders',
  'https://api.example.com\t.evil.example/orders',
  'https://api.example.com /orders',
  'https:/api.example.com/orders',
  'https:///api.example.com/orders',
  'ftp://api.example.com/orders',
]

test('[F63][T40] the token goes to nobody who only looks like the server', async (t) => {
  const world = await startWorld(t)
  const wx = world.phone()
  const yaopai = world.client(wx)
  await yaopai.ready()
  for (const url of LOOK_ALIKES) {
    const sent: Record<string, string>[] = []
    const spy = {
      ...wx,
      request: (options: { header: Record<string, string>; success(res: unknown): void }) => {
        sent.push(options.header)
        options.success({ statusCode: 200, header: { 'WWW-Authenticate': CHALLENGE.revoked }, data: {} })
      },
    }
    const client = world.client(spy as unknown as typeof wx)
    await client.request({ url })
    assert.deepEqual(sent, [{}], url)
    assert.equal(client.signedOut, null)
  }
})

test('[F63] the token goes to the server in each of its spellings, and to origins that are named', async (t) => {
  const world = await startWorld(t)
  const yaopai = world.client(world.phone(), {
    tokenOrigins: ['https://files.example.com'],
  } as Partial<YaopaiOptions>)
  const urls = [
    '/orders',
    'orders',
    '?page=2',
    `${API}/orders`,
    'HTTPS://API.EXAMPLE.COM/orders',
    'https://files.example.com/a',
  ]
  for (const url of [...urls, '//evil.example/x', '/\\evil.example', '@evil.example', '.evil.example'])
    await yaopai.request({ url })
  const business = world.sent.filter(({ path }) => path !== '/login')
  assert.ok(business.every(({ token }) => token === yaopai.token()))
  assert.ok(business.every(({ url }) => /^https:\/\/(api|files)\.example\.com\//.test(url)))
})

test('auth: false sends without a token and waits for no login; a stranger’s 401 is a stranger’s', async (t) => {
  const world = await startWorld(t)
  const wx = world.phone()
  const yaopai = world.client(wx)
  const res = await yaopai.request({ url: '/news', auth: false })
  assert.equal(res.statusCode, 401)
  assert.equal(wx.phone.counts().login, 0)
})

test('callbacks are called as well, each once, and complete comes last', async (t) => {
  const world = await startWorld(t)
  const yaopai = world.client(world.phone())
  const heard: string[] = []
  const noteAs = (name: string) => () => void heard.push(name)
  const callbacks = { success: noteAs('success'), fail: noteAs('fail'), complete: noteAs('complete') }
  await yaopai.request({ url: '/orders', ...callbacks })
  await turns()
  assert.deepEqual(heard, ['success', 'complete'])
  heard.length = 0
  world.meddle = async () => {
    throw new TypeError('fetch failed')
  }
  yaopai.request({ url: '/orders', ...callbacks })
  await turns(100)
  assert.deepEqual(heard, ['fail', 'complete'])
})

test('abort() ends a request under way, and one that still waits for its login', async (t) => {
  const world = await startWorld(t)
  const wx = world.phone()
  const yaopai = world.client(wx)
  const waiting = yaopai.request({ url: '/orders' })
  waiting.abort()
  await assert.rejects(waiting, { code: 'aborted', class: 'input' })
  await yaopai.ready()
  await turns()
  assert.equal(world.count('GET', '/orders'), 0)
  world.meddle = () => new Promise(() => {})
  const running = yaopai.request({ url: '/orders' })
  await turns()
  running.abort()
  await assert.rejects(running, { code: 'aborted' })
  assert.equal(wx.phone.requests().running, 0)
})

test('a connection that the network gave up was not called off by anybody', async (t) => {
  const world = await startWorld(t)
  const wx = world.phone()
  const yaopai = world.client(wx)
  await yaopai.ready()
  const errMsg = 'request:fail errcode:-103 cronet_error_code:-103 error_msg:net::ERR_CONNECTION_ABORTED'
  wx.phone.failNext('request', errMsg)
  await assert.rejects(yaopai.request({ url: '/orders' }), { code: 'network', class: 'retry', errMsg })
})

test('timeout counts from the call, the login included', async (t) => {
  const world = await startWorld(t)
  const yaopai = world.client(world.phone())
  world.meddle = () => new Promise(() => {})
  const late = assert.rejects(yaopai.request({ url: '/orders', timeout: 3000 }), {
    code: 'timeout',
    class: 'retry',
  })
  await turns()
  await world.pass(3)
  await late
})

test('[F66] a wrapper of the team’s own adopts token() and handle401()', async (t) => {
  const world = await startWorld(t)
  const wx = world.phone()
  const yaopai = world.client(wx)
  const own = async (url: string): Promise<number> => {
    await yaopai.ready()
    const token = yaopai.token()
    const send = (sent: string | null) =>
      new Promise<{ statusCode: number; header: object; data: unknown }>((success, fail) =>
        wx.request({ url: API + url, header: { Authorization: `Bearer ${sent}` }, success, fail }),
      )
    const answer = await send(token)
    return (await yaopai.handle401(answer, token))
      ? (await send(yaopai.token())).statusCode
      : answer.statusCode
  }
  assert.equal(await own('/orders'), 200)
  const old = yaopai.token()
  world.meddle = refuseToken(old, () => refusal(401, CHALLENGE.expired))
  assert.deepEqual(await Promise.all(Array.from({ length: 10 }, () => own('/orders'))), Array(10).fill(200))
  assert.equal(wx.phone.counts().login, 2)
  world.meddle = async () => Response.json({ code: 7 }, { status: 401 })
  assert.equal(await own('/orders'), 401)
  world.meddle = async () => refusal(401, CHALLENGE.revoked)
  await assert.rejects(own('/orders'), { code: 'revoked_by_admin', class: 'signed_out' })
})
