import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setBan } from '../ban-user.ts'
import { formatToken, hashToken } from '../session/token.ts'
import { introspectShape, problemShape, verifyShape } from './answer-schemas.ts'
import { APPID, type Desk, openDesk, openidOf } from './testing/desk.ts'

const FORM = { 'content-type': 'application/x-www-form-urlencoded' }

function introspect(desk: Desk, token: string, authorization = `Bearer ${desk.apiKeys.orders}`) {
  const body = new URLSearchParams({ token }).toString()
  return desk.internally('/introspect', { method: 'POST', body, headers: { ...FORM, authorization } })
}

async function verify(desk: Desk, token: string | null) {
  const headers = { 'content-type': 'application/json' }
  const response = await desk.internally('/verify', {
    method: 'POST',
    token: desk.apiKeys.orders,
    headers,
    json: { token },
  })
  assert.equal(response.status, 200)
  return verifyShape.parse(await response.json())
}

test('[F71] /introspect tells a back end who holds a token', async () => {
  const desk = openDesk()
  const { token, user, session } = await desk.login('alice-1')
  const answer = introspectShape.parse(await (await introspect(desk, token)).json())
  assert.ok(answer.active)
  const loggedInAt = desk.clock.nowMs() / 1000
  assert.deepEqual(answer, {
    active: true,
    sub: user.id,
    client_id: APPID,
    sid: session.id,
    token_type: 'Bearer',
    iat: loggedInAt,
    exp: loggedInAt + 2_592_000,
    auth_time: loggedInAt,
    openid: openidOf('alice'),
  })
})

test('[T18][F71] whatever is wrong with a token, introspection says the same bytes', async () => {
  const desk = openDesk()
  const [loggedOut, expired, banned] = [
    await desk.login('alice-1'),
    await desk.login('bob-1'),
    await desk.login('eve-1'),
  ]
  await desk.publicly('/session', { method: 'DELETE', token: loggedOut.token })
  await setBan(desk.services, idOf(banned.user.id), true, { requestId: 'r', ip: null })
  const idle = await introspect(desk, banned.token)
  const bodies = [await idle.text()]
  desk.clock.advanceSeconds(2_592_000)
  const bad = [
    '',
    'x',
    'é',
    '\u0000',
    desk.apiKeys.orders,
    loggedOut.token,
    expired.token,
    `${expired.token}x`,
  ]
  for (const token of bad) bodies.push(await (await introspect(desk, token)).text())
  assert.deepEqual([...new Set(bodies)], ['{"active":false}'])
})

test('[T18] without a good key nobody learns anything of a token', async () => {
  const desk = openDesk()
  const { token } = await desk.login('alice-1')
  const basic = (name: string, key: string) => `Basic ${Buffer.from(`${name}:${key}`).toString('base64')}`
  const bad: [string, number, string][] = [
    ['', 401, 'missing_token'],
    ['Digest x', 401, 'missing_token'],
    ['Bearer', 401, 'missing_token'],
    [`Bearer ${token}`, 401, 'invalid_token'],
    [`Bearer ${desk.apiKeys.orders}x`, 401, 'invalid_token'],
    [`Bearer ${desk.apiKeys.orders}, Bearer ${desk.apiKeys.orders}`, 401, 'invalid_token'],
    [basic('gate', desk.apiKeys.orders), 401, 'invalid_token'],
    [basic('orders', 'x'), 401, 'invalid_token'],
    [`Bearer ${desk.apiKeys.gate}`, 403, 'insufficient_scope'],
  ]
  for (const [authorization, status, code] of bad) {
    const response = await introspect(desk, token, authorization)
    const problem = problemShape.parse(await response.json())
    assert.deepEqual([response.status, problem.code], [status, code], authorization)
    assert.match(response.headers.get('www-authenticate') ?? '', new RegExp(`yaopai_code="${code}"`))
  }
  assert.equal((await introspect(desk, token, basic('orders', desk.apiKeys.orders))).status, 200)
})

test('two keys with one selector, made in the same millisecond, are both keys', async () => {
  const keys = [1, 2].map((byte) => formatToken('yk1_', 4711, Buffer.alloc(32, byte)))
  const backends = keys.map((key, at) => ({
    name: `b${at}`,
    keyHash: hashToken(key),
    keySelector: 4711,
    scopes: ['introspect' as const],
    audience: null,
  }))
  const desk = openDesk({ deps: { backends } })
  const { token } = await desk.login('alice-1')
  for (const key of keys) assert.equal((await introspect(desk, token, `Bearer ${key}`)).status, 200)
  const third = formatToken('yk1_', 4711, Buffer.alloc(32, 3))
  assert.equal((await introspect(desk, token, `Bearer ${third}`)).status, 401)
})

test('[F25][F70] /verify hands over the refusal as the client shall get it', async () => {
  const desk = openDesk()
  const { token, user, session } = await desk.login('alice-1')
  const good = await verify(desk, token)
  assert.ok(good.ok)
  assert.deepEqual([good.user, good.session], [user, session])
  await desk.publicly('/session', { method: 'DELETE', token })
  const direct = await desk.publicly('/session', { token })
  const { requestId: _, ...expected } = problemShape.parse(await direct.json())
  const bad = await verify(desk, token)
  assert.ok(!bad.ok)
  const { requestId: __, ...told } = bad.problem
  assert.deepEqual(told, expected)
  assert.equal(bad.wwwAuthenticate, direct.headers.get('www-authenticate'))
  assert.equal(told.code, 'logged_out')
  const none = await verify(desk, null)
  assert.ok(!none.ok)
  assert.equal(none.wwwAuthenticate, 'Bearer yaopai_code="missing_token", yaopai_class="relogin"')
})

test('[T18] routes of back ends are not there on the public listener, nor the other way round', async () => {
  const desk = openDesk()
  for (const path of ['/introspect', '/verify', '/forward-auth', '/metrics']) {
    assert.equal((await desk.publicly(path, { token: desk.apiKeys.orders })).status, 404, path)
  }
  for (const path of ['/login', '/session', '/me', '/me/sessions', '/me/export']) {
    assert.equal((await desk.internally(path, { token: desk.apiKeys.orders })).status, 404, path)
  }
})

function idOf(id: string): `usr_${string}` {
  assert.ok(id.startsWith('usr_'))
  return `usr_${id.slice(4)}`
}
