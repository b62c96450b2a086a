import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createOffsetClock } from '../clock.ts'
import { devRoutes } from './dev-routes.ts'
import {
  devBannedShape,
  devClockShape,
  devEndedShape,
  devListShape,
  devSessionsShape,
} from './dev-schemas.ts'
import {
  APPID,
  appConfig,
  type CallInit,
  type Desk,
  OTHER_APPID,
  openDesk,
  openidOf,
} from './testing/desk.ts'

const HERE = { host: '127.0.0.1:8789' }
const DAY_SECONDS = 86_400

/** As a program on this machine asks. */
function dev(desk: Desk, path: string, json?: object, more: CallInit = {}): Promise<Response> {
  const method = json === undefined ? 'GET' : 'POST'
  return desk.internally(`/_dev${path}`, {
    method,
    json,
    ip: '127.0.0.1',
    ...more,
    headers: { ...HERE, ...more.headers },
  })
}

async function problemIn(
  response: Response,
): Promise<{ status: number; code: string; field: unknown; detail: string }> {
  const { code, field, detail } = Object(await response.json())
  return { status: response.status, code: String(code), field, detail: String(detail) }
}

async function codeOf(desk: Desk, token: string): Promise<string> {
  const response = await desk.publicly('/session', { token })
  return response.status === 200 ? 'ok' : (await problemIn(response)).code
}

const alice = { appid: APPID, openid: openidOf('alice') }

async function sessionsOf(desk: Desk, who = alice) {
  const response = await dev(desk, `/sessions?appid=${who.appid}&openid=${who.openid}`)
  return devSessionsShape.parse(await response.json())
}

test('a server that is not developed with has no /_dev: a 404 as of any other path, on both listeners', async () => {
  const desk = openDesk()
  const paths = devRoutes(createOffsetClock()).map(({ path }) => path)
  assert.ok(paths.length > 5)
  for (const call of [desk.internally, desk.publicly]) {
    const usual = Object(await (await call('/_nothing', { headers: HERE, ip: '127.0.0.1' })).json())
    for (const path of [...paths, '/_dev/']) {
      for (const method of ['GET', 'POST', 'DELETE']) {
        const response = await call(path, { method, headers: HERE, ip: '127.0.0.1' })
        assert.equal(response.status, 404, `${method} ${path}`)
        assert.deepEqual({ ...Object(await response.json()), requestId: '' }, { ...usual, requestId: '' })
      }
    }
  }
})

test('under development it is on the internal listener alone, and the public one does not point there', async () => {
  const desk = openDesk({ isDev: true })
  const list = devListShape.parse(await (await dev(desk, '')).json())
  assert.ok(list.routes.some(({ path, sample }) => path === '/_dev/clock' && sample !== undefined))
  const usual = await problemIn(await desk.publicly('/_nothing', { headers: HERE, ip: '127.0.0.1' }))
  assert.deepEqual(await problemIn(await desk.publicly('/_dev', { headers: HERE, ip: '127.0.0.1' })), usual)
})

test('only a program on this machine may ask: no other machine, no web page, no proxy', async () => {
  const desk = openDesk({ isDev: true })
  const strangers: [string, CallInit][] = [
    ['another machine', { ip: '203.0.113.7' }],
    ['nobody knows who', { ip: null }],
    ['another machine that calls itself this one', { ip: '10.0.0.9', headers: { host: 'localhost' } }],
    ['a foreign name that points here', { headers: { host: 'evil.example:8789' } }],
    ['a name that only begins like this machine', { headers: { host: '127.0.0.1.evil.example' } }],
    ['no name at all', { headers: { host: '' } }],
    ['a page of another site', { headers: { origin: 'https://evil.example' } }],
    ['a page without an origin', { headers: { origin: 'null' } }],
    ['a page of another port', { headers: { origin: 'http://127.0.0.1:3000' } }],
    ['a proxy', { headers: { 'x-forwarded-for': '127.0.0.1' } }],
    ['a proxy', { headers: { forwarded: 'for=127.0.0.1' } }],
  ]
  for (const [who, init] of strangers) {
    const response = await dev(desk, '/clock', { advanceSeconds: DAY_SECONDS }, init)
    assert.equal(response.status, 404, who)
  }
  const clock = devClockShape.parse(await (await dev(desk, '/clock')).json())
  assert.equal(clock.aheadSeconds, 0)
  for (const init of [
    { ip: '::1', headers: { host: '[::1]:8789' } },
    { ip: '::ffff:127.0.0.1', headers: { host: 'LOCALHOST' } },
    { headers: { origin: 'http://127.0.0.1:8789' } },
  ]) {
    assert.equal((await dev(desk, '', undefined, init)).status, 200, JSON.stringify(init))
  }
})

test('the clock takes whole seconds, goes on only, and ends before ids do', async () => {
  const desk = openDesk({ isDev: true })
  for (const advanceSeconds of [-1, 1.5, '60', null, 315_360_001, Number.MAX_SAFE_INTEGER]) {
    const problem = await problemIn(await dev(desk, '/clock', { advanceSeconds }))
    assert.deepEqual([problem.status, problem.field], [400, 'advanceSeconds'], String(advanceSeconds))
    assert.match(problem.detail, /advanceSeconds: (?:must|may|Invalid)/)
  }
  assert.equal((await problemIn(await dev(desk, '/clock', {}))).detail, 'advanceSeconds is missing')
  assert.equal((await dev(desk, '/clock', { advanceSeconds: 1, by: 2 })).status, 400)
  const moved = devClockShape.parse(await (await dev(desk, '/clock', { advanceSeconds: 60 })).json())
  assert.equal(moved.aheadSeconds, 60)
  assert.equal(Date.parse(moved.now), desk.clock.nowMs() + 60_000)
  assert.equal((await dev(desk, '/clock', { advanceSeconds: 315_360_000 })).status, 200)
  await desk.login('alice-1')
  assert.equal((await sessionsOf(desk)).sessions.length, 1, 'ids fit as late as that')
  const problem = await problemIn(await dev(desk, '/clock', { advanceSeconds: 315_360_000 }))
  assert.equal(problem.status, 400)
  assert.match(problem.detail, /the clock ends at 2039-01-01/)
})

test('a jump of the clock is in no duration of the log', async () => {
  const desk = openDesk({ isDev: true })
  await dev(desk, '/clock', { advanceSeconds: DAY_SECONDS })
  const line = desk.lines.find(({ fields }) => fields['route'] === '/_dev/clock')
  assert.equal(line?.fields['ms'], 0)
})

test('three days pass: the token gets idle_timeout, a code is dead, a new login is good', async () => {
  const desk = openDesk({ isDev: true })
  const { token } = await desk.login('alice-1')
  await dev(desk, '/clock', { advanceSeconds: 3 * DAY_SECONDS })
  assert.equal(await codeOf(desk, token), 'ok', 'it may live an hour longer, the step in which use is noted')
  await dev(desk, '/clock', { advanceSeconds: 3 * DAY_SECONDS + 3_600 })
  assert.equal(await codeOf(desk, token), 'idle_timeout')
  const again = await desk.login('alice-2')
  assert.equal(await codeOf(desk, again.token), 'ok')
  assert.equal((await sessionsOf(desk)).sessions.map(({ state }) => state).join(), 'active,idle_timeout')
})

test('a session ends at its absolute end though it is used daily, and renewals do not put it off', async () => {
  const desk = openDesk({ isDev: true })
  let { token } = await desk.login('alice-1')
  for (let day = 1; day < 30; day += 1) {
    await dev(desk, '/clock', { advanceSeconds: DAY_SECONDS })
    const renewal = await desk.publicly('/session/renew', { method: 'POST', token })
    assert.equal(renewal.status, 200, `day ${day}`)
    token = String(Object(await renewal.json()).token)
  }
  assert.equal(await codeOf(desk, token), 'ok')
  await dev(desk, '/clock', { advanceSeconds: DAY_SECONDS })
  assert.equal(await codeOf(desk, token), 'expired')
  await dev(desk, '/clock', { advanceSeconds: 31 * DAY_SECONDS })
  assert.equal(await codeOf(desk, token), 'invalid_token', 'a month later it is forgotten')
})

for (const [as, reason] of [
  ['user', 'revoked_by_user'],
  ['admin', 'revoked_by_admin'],
] as const) {
  test(`sessions end as ${as} would end them: ${reason}, the newest, all, or those of a device`, async () => {
    const desk = openDesk({ isDev: true })
    const tokens: string[] = []
    for (const id of ['d1', 'd2', 'd3']) {
      tokens.push((await desk.login(`alice-${id}`, { device: { id } })).token)
      desk.clock.advanceSeconds(1)
    }
    const end = async (more: object) => {
      const response = await dev(desk, '/sessions/end', { ...alice, as, ...more })
      const answer = devEndedShape.parse(await response.json())
      assert.equal(answer.reason, reason)
      return answer.ended
    }
    const states = () => Promise.all(tokens.map((token) => codeOf(desk, token)))
    assert.equal(await end({ deviceId: 'd2' }), 1)
    assert.deepEqual(await states(), ['ok', reason, 'ok'])
    assert.equal(await end({ deviceId: 'd2', which: 'all' }), 0)
    assert.equal(await end({}), 1)
    assert.deepEqual(await states(), ['ok', reason, reason])
    tokens.push((await desk.login('alice-4', { device: { id: 'd4' } })).token)
    assert.equal(await end({ which: 'all' }), 2)
    assert.deepEqual(await states(), [reason, reason, reason, reason])
    const { sessions } = await sessionsOf(desk)
    assert.deepEqual([...new Set(sessions.map(({ state }) => state))], [reason])
    assert.equal(sessions.filter(({ endedAt }) => endedAt !== null).length, 4)
  })
}

test('who is ended in one app stays in the others', async () => {
  const desk = openDesk({ isDev: true, apps: [appConfig(), appConfig({ appid: OTHER_APPID })] })
  const { token } = await desk.login('alice-1', { appid: OTHER_APPID })
  await desk.login('alice-2', { appid: APPID })
  await dev(desk, '/sessions/end', { ...alice, as: 'admin', which: 'all' })
  assert.equal(await codeOf(desk, token), 'ok')
})

test('a ban holds for living tokens and for logins at once, until it is lifted', async () => {
  const desk = openDesk({ isDev: true })
  const { token, user } = await desk.login('alice-1')
  const banned = devBannedShape.parse(await (await dev(desk, '/users/ban', alice)).json())
  assert.deepEqual(banned, { userId: user.id, banned: true })
  assert.equal(await codeOf(desk, token), 'banned')
  assert.equal((await sessionsOf(desk)).user?.banned, true)
  assert.equal((await dev(desk, '/users/unban', alice)).status, 200)
  assert.equal(await codeOf(desk, token), 'ok')
})

test('who never logged in has no sessions, and cannot be ended or banned', async () => {
  const desk = openDesk({ isDev: true })
  assert.deepEqual(await sessionsOf(desk), { user: null, sessions: [] })
  for (const [path, more] of [
    ['/sessions/end', { as: 'user' }],
    ['/users/ban', {}],
    ['/users/unban', {}],
  ] as const) {
    const problem = await problemIn(await dev(desk, path, { ...alice, ...more }))
    assert.deepEqual([problem.status, problem.field], [404, 'openid'], path)
    assert.match(problem.detail, /log in first/)
  }
  for (const bad of [{ appid: APPID }, { ...alice, as: 'root' }, { ...alice, as: 'user', which: 'some' }]) {
    assert.equal((await dev(desk, '/sessions/end', bad)).status, 400, JSON.stringify(bad))
  }
})

test('no answer holds a token, a hash or a session_key', async () => {
  const desk = openDesk({ isDev: true })
  const { token } = await desk.login('alice-1', { device: { id: 'd1', brand: 'Acme' } })
  const text = await (await dev(desk, `/sessions?appid=${APPID}&openid=${alice.openid}`)).text()
  assert.match(text, /"brand":"Acme"/)
  assert.doesNotMatch(text, new RegExp(`${token}|${token.slice(5, 40)}|[Hh]ash|[Kk]ey|openid`))
})
