import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setBan } from '../ban-user.ts'
import { isUserId } from '../ids.ts'
import { listen } from './listen.ts'
import { APPID, openDesk } from './testing/desk.ts'
import { sendRaw } from './testing/raw.ts'

test('[F72] a gateway learns in headers who calls', async () => {
  const desk = openDesk()
  const { token, user, session } = await desk.login('alice-1')
  for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'OPTIONS', 'DELETE']) {
    const response = await desk.internally('/forward-auth', { method, token })
    assert.equal(response.status, 200)
    assert.deepEqual(
      ['user', 'app', 'session'].map((name) => response.headers.get(`x-yaopai-${name}`)),
      [user.id, APPID, session.id],
    )
    assert.equal(await response.text(), '')
  }
})

test('[F25][F72] it answers 200, 401 or 403 and says why in the header, since gateways drop bodies', async () => {
  const desk = openDesk()
  const [ended, banned] = [await desk.login('alice-1'), await desk.login('bob-1')]
  await desk.publicly('/session', { method: 'DELETE', token: ended.token })
  assert.ok(isUserId(banned.user.id))
  await setBan(desk.services, banned.user.id, true, { requestId: 'r', ip: null })
  const cases: [string | null, number, string][] = [
    [null, 401, 'missing_token'],
    ['Basic YTpi', 401, 'missing_token'],
    ['Bearer x', 401, 'invalid_token'],
    [`Bearer ${ended.token}, Bearer x`, 401, 'invalid_token'],
    [`Bearer ${desk.apiKeys.orders}`, 401, 'invalid_token'],
    [`Bearer ${ended.token}`, 401, 'logged_out'],
    [`Bearer ${banned.token}`, 403, 'banned'],
  ]
  for (const [authorization, status, code] of cases) {
    const headers = authorization === null ? {} : { authorization }
    const response = await desk.internally('/forward-auth', { headers })
    assert.equal(response.status, status, code)
    assert.match(response.headers.get('www-authenticate') ?? '', new RegExp(`yaopai_code="${code}"`))
    assert.equal(response.headers.get('x-yaopai-user'), null)
  }
})

test('[F72] with optional=1 strangers pass without identity; a dead token does not make a stranger', async () => {
  const desk = openDesk()
  const stranger = await desk.internally('/forward-auth?optional=1')
  assert.deepEqual([stranger.status, stranger.headers.get('x-yaopai-user')], [200, null])
  assert.equal((await desk.internally('/forward-auth?optional=1', { token: 'x' })).status, 401)
  assert.equal((await desk.internally('/forward-auth?optional=0')).status, 401)
  const { token, user } = await desk.login('alice-1')
  const known = await desk.internally('/forward-auth?optional=1', { token })
  assert.equal(known.headers.get('x-yaopai-user'), user.id)
})

test("[T04] what a client says of itself in the gateway's headers is not looked at", async () => {
  const desk = openDesk()
  const [alice, bob] = [await desk.login('alice-1'), await desk.login('bob-1')]
  const headers = {
    'x-yaopai-user': bob.user.id,
    'x-original-authorization': `Bearer ${bob.token}`,
    'x-original-uri': `/?token=${bob.token}`,
    'x-forwarded-uri': `/?token=${bob.token}`,
    cookie: 'token=business; sid=1',
  }
  const none = await desk.internally('/forward-auth', { headers })
  assert.equal(none.status, 401)
  const own = await desk.internally('/forward-auth', { headers, token: alice.token })
  assert.equal(own.headers.get('x-yaopai-user'), alice.user.id)
})

test('[F72][T15] a token in cookie or query is a 401 for a gateway, also beside a good one', async () => {
  const desk = openDesk()
  const { token } = await desk.login('alice-1')
  const answers = [
    await desk.internally('/forward-auth', { token, headers: { cookie: `sid=${token}` } }),
    await desk.internally(`/forward-auth?token=${token}`, { token }),
    await desk.internally(`/forward-auth?optional=1&q=${token}`),
  ]
  for (const response of answers) {
    assert.equal(response.status, 401)
    assert.match(response.headers.get('www-authenticate') ?? '', /yaopai_code="invalid_token"/)
  }
})

test('[F72] a gateway that asks wrongly gets 500, and the log names the cure once in ten seconds', async () => {
  const desk = openDesk()
  const { token } = await desk.login('alice-1')
  const ask = async (query: string) => (await desk.internally(`/forward-auth${query}`, { token })).status
  for (const query of ['?page=2', '?optional=2', '?limit=%ff', '?optional=1&optional=1']) {
    assert.equal(await ask(query), 500, query)
  }
  desk.clock.advanceSeconds(10)
  assert.equal(await ask('?page=2'), 500)
  const lines = desk.lines.filter(({ event }) => event === 'gateway.misconfigured')
  assert.deepEqual(
    lines.map(({ level, fields }) => [level, fields['suppressed']]),
    [
      ['warn', 0],
      ['warn', 3],
    ],
  )
  assert.match(String(lines[0]?.fields['advice']), /without a query/)
})

test('[F72] what is refused before any route is 401 or 500 too where gateways ask', async (t) => {
  const desk = openDesk()
  const { token } = await desk.login('alice-1')
  const { telemetry } = desk.services
  const options = { host: '127.0.0.1', port: 0, gatewayPath: '/forward-auth', telemetry }
  const listener = await listen(desk.internalHandler, options)
  t.after(() => listener.close({ drainMs: 0 }))
  const bearer = `Authorization: Bearer ${token}\r\n`
  const cases: [string, string, number][] = [
    ['GET', bearer, 200],
    ['GET', bearer + bearer, 401],
    ['GET', `${bearer}Cookie: a=1\r\nCookie: b=2\r\n`, 401],
    ['GET', `${bearer}Expect: more\r\n`, 401],
    ['GET', bearer + 'X: y\r\n'.repeat(100), 401],
    ['GET', `${bearer}Content-Length: 3\r\n`, 500],
    ['GET', `${bearer}Host: b\r\n`, 500],
    ['PURGE', bearer, 500],
  ]
  for (const [method, headers, status] of cases) {
    const raw = `${method} /forward-auth HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${headers}\r\n`
    const answer = await sendRaw(listener.port, raw)
    assert.equal(answer.status, status, headers)
    assert.equal(answer.headers.has('www-authenticate'), status === 401, headers)
  }
  const elsewhere = `GET /metrics HTTP/1.1\r\nHost: a\r\n${bearer}${bearer}\r\n`
  assert.equal((await sendRaw(listener.port, elsewhere)).status, 400)
  const advice = desk.lines.find(({ event }) => event === 'gateway.misconfigured')?.fields['advice']
  assert.match(String(advice), /Content-Length/)
})
