import assert from 'node:assert/strict'
import { test } from 'node:test'
import { StoreUnavailableError } from '../errors.ts'
import type { Store } from '../store/store.ts'
import { callerShape, problemShape } from './answer-schemas.ts'
import { type CallInit, openDesk } from './testing/desk.ts'

async function problemOf(response: Response) {
  return problemShape.parse(await response.json())
}

test('GET /session says who is logged in, DELETE /session logs out', async () => {
  const desk = openDesk()
  const { token, user, session } = await desk.login('alice-1')
  const shown = await desk.publicly('/session', { token })
  assert.deepEqual(callerShape.parse(await shown.json()), { session, user })
  const out = await desk.publicly('/session', { method: 'DELETE', token })
  assert.deepEqual([out.status, await out.text()], [204, ''])
  assert.equal((await desk.publicly('/session', { token })).status, 401)
})

test('[F25] a 401 says in body and header why, and what to do', async () => {
  const desk = openDesk()
  const first = await desk.login('alice-1', { device: { id: 'phone' } })
  const second = await desk.login('alice-2', { device: { id: 'phone' } })
  const replaced = await desk.publicly('/session', { token: first.token })
  assert.equal(
    replaced.headers.get('www-authenticate'),
    'Bearer error="invalid_token", yaopai_code="replaced", yaopai_class="relogin"',
  )
  const problem = await problemOf(replaced)
  assert.deepEqual(
    { ...problem, requestId: '' },
    {
      type: '/problems/replaced',
      title: 'A newer login took the place of this session',
      status: 401,
      code: 'replaced',
      class: 'relogin',
      requestId: '',
    },
  )
  assert.equal(replaced.headers.get('x-request-id'), problem.requestId)
  await desk.publicly('/session', { method: 'DELETE', token: second.token })
  const zh = await desk.publicly('/session', {
    token: second.token,
    headers: { 'accept-language': 'zh-CN,zh;q=0.9,en;q=0.8' },
  })
  const told = await problemOf(zh)
  assert.deepEqual([told.code, told.class, told.title], ['logged_out', 'signed_out', '用户已退出登录'])
  const none = await desk.publicly('/session')
  assert.equal(
    none.headers.get('www-authenticate'),
    'Bearer yaopai_code="missing_token", yaopai_class="relogin"',
  )
})

test('[T14] a token in URL, form or cookie opens nothing and is told so', async () => {
  const desk = openDesk()
  const { token } = await desk.login('alice-1')
  const form = { 'content-type': 'application/x-www-form-urlencoded' }
  const misplaced: [string, CallInit][] = [
    [`/session?token=${token}`, {}],
    [`/session?access_token=${token}`, {}],
    [`/session?x=${token}`, {}],
    [`/session?token=${token}`, { token }],
    ['/session', { headers: { cookie: `token=${token}` } }],
    ['/session', { headers: { cookie: `a=b; sid=${token}` } }],
    ['/session', { headers: { cookie: 'access_token=x' }, token }],
    ['/login', { method: 'POST', headers: form, body: `token=${token}` }],
    ['/me', { method: 'PATCH', headers: form, body: `access_token=${token}`, token }],
    ['/me', { method: 'DELETE', headers: form, body: `token=${token}`, token }],
  ]
  for (const [path, init] of misplaced) {
    const response = await desk.publicly(path, init)
    const problem = await problemOf(response)
    assert.deepEqual([response.status, problem.code], [400, 'invalid_request'], path)
  }
  assert.equal((await desk.publicly('/session', { token })).status, 200)
  const lines = JSON.stringify(desk.lines)
  assert.ok(lines.includes('"/session"') && !lines.includes('?') && !lines.includes(token))
})

test('[T15] credentials that can be read in two ways are refused', async () => {
  const desk = openDesk()
  const { token } = await desk.login('alice-1')
  const ambiguous = [
    `Bearer ${token}, Bearer ${token}`,
    `Bearer ${token},x`,
    `Bearer ${token} x`,
    `Bearer\t${token}`,
  ]
  for (const authorization of ambiguous) {
    const response = await desk.publicly('/session', { headers: { authorization } })
    assert.deepEqual([response.status, (await problemOf(response)).field], [400, 'authorization'])
  }
  for (const authorization of [`Bearer ${token}x`, `Bearer "${token}"`, `Bearer ${token.toLowerCase()}`]) {
    assert.equal((await desk.publicly('/session', { headers: { authorization } })).status, 401)
  }
  for (const authorization of [`bearer ${token}`, `BEARER  ${token}`]) {
    assert.equal((await desk.publicly('/session', { headers: { authorization } })).status, 200)
  }
})

test('[T04] an identity that a client names for itself counts nowhere', async () => {
  const desk = openDesk()
  const [alice, bob] = [await desk.login('alice-1'), await desk.login('bob-1')]
  const { token } = alice
  const named = { openid: 'o', uid: bob.user.id, user: bob.user.id }
  const refused: [string, CallInit][] = [
    ['/me', { method: 'PATCH', token, json: { ...named, nickname: 'x' } }],
    ['/me', { method: 'PATCH', token, json: { id: bob.user.id, nickname: 'x' } }],
    [`/me?openid=o`, { token }],
    [`/session?uid=${bob.user.id}`, { token }],
    ['/login', { method: 'POST', json: { code: 'alice-2', ...named } }],
  ]
  for (const [path, init] of refused) {
    const response = await desk.publicly(path, init)
    assert.deepEqual([response.status, (await problemOf(response)).code], [400, 'invalid_request'], path)
  }
  const headers = {
    'x-yaopai-user': bob.user.id,
    'x-openid': 'o',
    'x-user-id': bob.user.id,
    'x-wx-openid': 'o',
  }
  const own = callerShape.parse(await (await desk.publicly('/session', { token, headers })).json())
  assert.equal(own.user.id, alice.user.id)
})

test('[T12] an address that tries unknown tokens is slowed down; a good token is let in from there', async () => {
  let reads = 0
  const desk = openDesk({
    deps: { loginLimitPerIp: 60 },
    store: (store) => ({
      ...store,
      findSession: (selector) => {
        reads += 1
        return store.findSession(selector)
      },
    }),
  })
  const { token } = await desk.login('alice-1')
  const statuses: number[] = []
  for (let index = 0; index < 130; index += 1) {
    statuses.push((await desk.publicly('/session', { token: `yp1_${String(index).padEnd(58, 'x')}` })).status)
  }
  assert.equal(reads, 0)
  assert.deepEqual([...new Set(statuses.slice(0, 120))], [401])
  assert.deepEqual([...new Set(statuses.slice(120))], [429])
  assert.equal((await desk.publicly('/session', { token })).status, 200)
  assert.equal((await desk.publicly('/session', { token: 'x', ip: '203.0.113.8' })).status, 401)
})

test('[T12] whose address may log in often may also bring that many dead tokens', async () => {
  const desk = openDesk({ deps: { loginLimitPerIp: 200 } })
  const statuses: number[] = []
  for (let index = 0; index < 201; index += 1) {
    statuses.push((await desk.publicly('/session', { token: 'x' })).status)
  }
  assert.deepEqual([...new Set(statuses.slice(0, 200))], [401])
  assert.equal(statuses.at(-1), 429)
})

test('[T12] X-Forwarded-For of strangers is no way around a limit', async () => {
  const desk = openDesk({ deps: { trustProxy: ['10.0.0.0/8'], loginLimitPerIp: 60 } })
  const tryFrom = (ip: string, forwarded: string) =>
    desk.publicly('/session', { token: 'x', ip, headers: { 'x-forwarded-for': forwarded } })
  for (let index = 0; index < 120; index += 1) await tryFrom('203.0.113.7', `198.51.100.${index}`)
  assert.equal((await tryFrom('203.0.113.7', '198.51.100.250')).status, 429)
  assert.equal((await tryFrom('10.0.0.1', '203.0.113.7')).status, 429)
  assert.equal((await tryFrom('10.0.0.1', '203.0.113.7, 198.51.100.9')).status, 401)
})

test('[R03] a store that fails is 503 on every route that asks it, never an identity', async () => {
  let isDown = false
  const down = (store: Store): Store =>
    new Proxy(store, {
      get: (target, name, receiver) =>
        isDown
          ? () =>
              Promise.reject(
                new StoreUnavailableError(Object.assign(new Error('secret-of-driver'), { code: 1290 })),
              )
          : Reflect.get(target, name, receiver),
    })
  const desk = openDesk({ store: down })
  const { token } = await desk.login('alice-1')
  isDown = true
  const answers = [
    await desk.publicly('/session', { token }),
    await desk.publicly('/me', { token }),
    await desk.publicly('/readyz'),
    await desk.publicly('/login', { method: 'POST', json: { code: 'alice-2' } }),
    await desk.internally('/forward-auth', { token }),
    await desk.internally('/verify', { method: 'POST', token: desk.apiKeys.orders, json: { token } }),
  ]
  for (const response of answers) {
    assert.deepEqual([response.status, response.headers.get('retry-after')], [503, '1'])
    assert.equal((await problemOf(response)).code, 'store_unavailable')
  }
  assert.doesNotMatch(JSON.stringify(desk.lines), /secret-of-driver/)
  desk.clock.advanceSeconds(10)
  await desk.publicly('/me', { token })
  const lines = desk.lines.filter(({ event }) => event === 'store_unavailable')
  // Both listeners tell of it at once, then once in ten seconds.
  assert.deepEqual(
    lines.map(({ fields }) => [fields['suppressed'], fields['cause']]),
    [0, 0, 3].map((suppressed) => [suppressed, 'Error 1290']),
  )
})

test('[R33] a bug is a 500 for its request alone; the log has its place but none of its words', async () => {
  let isBroken = true
  const desk = openDesk({
    store: (store) => ({
      ...store,
      findSession: (selector) => {
        if (isBroken) throw new TypeError(`cannot read ${'canary-1'}`)
        return store.findSession(selector)
      },
    }),
  })
  const { token } = await desk.login('alice-1')
  const broken = await desk.publicly('/session', { token })
  const problem = await problemOf(broken)
  assert.deepEqual([broken.status, problem.code, problem.class], [500, 'internal', 'retry'])
  assert.equal(problem.detail, undefined)
  const line = desk.lines.find(({ event }) => event === 'internal')
  assert.deepEqual([line?.level, line?.fields['requestId']], ['error', problem.requestId])
  assert.match(String(line?.fields['at']), /session-routes\.test\.ts/)
  assert.doesNotMatch(JSON.stringify(desk.lines), /canary/)
  isBroken = false
  assert.equal((await desk.publicly('/session', { token })).status, 200)
})

test('[T35] what strangers send reaches the log only in forms of ours', async () => {
  const desk = openDesk({ deps: { trustProxy: ['127.0.0.1'] } })
  const headers = {
    'user-agent': 'canary "}\\u2028',
    'x-request-id': 'canary id',
    'x-forwarded-for': 'canary',
  }
  await desk.publicly('/canary?canary=1', { headers, ip: '127.0.0.1' })
  await desk.publicly('/session', { headers: { ...headers, authorization: 'Bearer canary' } })
  await desk.publicly('/login', { method: 'POST', json: { code: 'canary\u2028', canary: 1 }, headers })
  assert.equal(desk.lines.filter(({ event }) => event === 'http.request').length, 3)
  assert.doesNotMatch(JSON.stringify(desk.lines), /canary/)
  const named = await desk.publicly('/healthz', {
    headers: { 'x-request-id': 'trace-0001' },
    ip: '127.0.0.1',
  })
  assert.equal(named.headers.get('x-request-id'), 'trace-0001')
  const stranger = await desk.publicly('/healthz', { headers: { 'x-request-id': 'trace-0001' } })
  assert.match(stranger.headers.get('x-request-id') ?? '', /^req_[A-Za-z0-9_-]{16}$/)
})

test('[R33] whichever call of the store throws, only the request that met it feels it', async () => {
  let broken: PropertyKey = ''
  const desk = openDesk({
    store: (store) =>
      new Proxy(store, {
        get: (target, name, receiver) => {
          if (name === broken) throw new TypeError('canary')
          return Reflect.get(target, name, receiver)
        },
      }),
  })
  const { token } = await desk.login('alice-1')
  const key = desk.apiKeys.orders
  const form = { 'content-type': 'application/x-www-form-urlencoded' }
  const calls: [PropertyKey, () => Promise<Response>][] = [
    ['findCode', () => desk.publicly('/login', { method: 'POST', json: { code: 'bob-1' } })],
    ['findLoginFacts', () => desk.publicly('/login', { method: 'POST', json: { code: 'bob-2' } })],
    ['recordLogin', () => desk.publicly('/login', { method: 'POST', json: { code: 'bob-3' } })],
    ['findSession', () => desk.internally('/forward-auth', { token })],
    ['findSession', () => desk.internally('/verify', { method: 'POST', token: key, json: { token } })],
    [
      'findIdentity',
      () =>
        desk.internally('/introspect', { method: 'POST', token: key, headers: form, body: `token=${token}` }),
    ],
    ['listSessions', () => desk.publicly('/me/sessions', { token })],
    ['listEvents', () => desk.publicly('/me/events', { token })],
    ['listIdentities', () => desk.publicly('/me/export', { token })],
    ['updateProfile', () => desk.publicly('/me', { method: 'PATCH', token, json: { nickname: 'x' } })],
    ['endUserSessions', () => desk.publicly('/me/sessions', { method: 'DELETE', token })],
    ['check', () => desk.publicly('/readyz')],
    ['closeAccount', () => desk.publicly('/me', { method: 'DELETE', token })],
    ['endSession', () => desk.publicly('/session', { method: 'DELETE', token })],
  ]
  for (const [name, call] of calls) {
    broken = name
    const response = await call()
    assert.equal(response.status, 500, String(name))
    assert.doesNotMatch(await response.text(), /canary/)
    broken = ''
    assert.equal((await desk.publicly('/session', { token })).status, 200, String(name))
  }
  assert.doesNotMatch(JSON.stringify(desk.lines), /canary/)
})
