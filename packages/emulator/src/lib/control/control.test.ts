import assert from 'node:assert/strict'
import { request } from 'node:http'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Emulator } from '../../index.ts'
import { APPID, codeFor, control, exchange, PATH, startForTest } from '../../test-support/kit.ts'
import { CONTROL_ROUTES, OTHER_ROUTES } from './routes.ts'

const alice = { appid: APPID, user: 'alice' }

test('[F86] the whole walk over HTTP: app, user, login, exchange, check, open data, clock, calls', async (t) => {
  const emulator = await startForTest(t)
  const secret = 'a-secret-of-their-own'
  await control(emulator, 'PUT', '/apps/wxnew', { secret, openPlatform: 'group' })
  await control(emulator, 'PUT', `/users/${encodeURIComponent('小 明')}`, {
    nickname: '小明',
    phone: '13800000000',
  })
  const pair = { appid: 'wxnew', user: '小 明' }
  const login = await control(emulator, 'POST', '/wx/login', pair)
  assert.equal(login.json['errMsg'], 'login:ok')
  const answer = await exchange(emulator, { appid: 'wxnew', secret, js_code: String(login.json['code']) })
  assert.equal(answer.json['openid'], emulator.openidOf('wxnew', '小 明'))
  assert.equal((await control(emulator, 'POST', '/wx/check-session', pair)).json['errMsg'], 'checkSession:ok')
  const data = await control(emulator, 'POST', '/wx/open-data', { ...pair, kind: 'userInfo' })
  assert.deepEqual(Object.keys(data.json), ['rawData', 'signature', 'encryptedData', 'iv'])
  assert.equal(JSON.parse(String(data.json['rawData'])).nickName, '小明')
  const before = emulator.nowMs()
  const clock = await control(emulator, 'POST', '/clock', { advanceSeconds: 61 })
  assert.equal(clock.json['nowMs'], before + 61_000)
  const calls = await control(emulator, 'GET', '/calls')
  assert.deepEqual(calls.json['calls'], emulator.calls())
})

test('[F86] session keys are rotated and expired over HTTP', async (t) => {
  const emulator = await startForTest(t)
  codeFor(emulator)
  const before = emulator.sessionKeyOf(alice)
  await control(emulator, 'POST', '/session-keys/rotate', alice)
  assert.notEqual(emulator.sessionKeyOf(alice), before)
  await control(emulator, 'POST', '/session-keys/expire', alice)
  assert.equal(emulator.sessionKeyOf(alice), null)
  const check = await control(emulator, 'POST', '/wx/check-session', alice)
  assert.match(String(check.json['errMsg']), /^checkSession:fail /)
  assert.equal(check.status, 200)
})

test('[F86][F82] settings, faults and reset over HTTP', async (t) => {
  const emulator = await startForTest(t)
  const changed = await control(emulator, 'PUT', '/settings', { mockCodeUser: 'alice' })
  assert.deepEqual([changed.json['mockCodeUser'], changed.json['minuteQuotaPerUser']], ['alice', 100])
  assert.deepEqual((await control(emulator, 'GET', '/settings')).json, { ...emulator.settings() })
  await control(emulator, 'POST', '/faults', { path: PATH, errcode: -1 })
  assert.equal((await exchange(emulator, {})).json['errcode'], -1)
  await control(emulator, 'DELETE', '/faults')
  assert.equal((await exchange(emulator, {})).json['errcode'], 41008)
  const odd = await control(emulator, 'POST', '/faults', { path: '/nope', errcode: -1 })
  assert.match(String(odd.json['warning']), /no known path/)
  await control(emulator, 'POST', '/reset')
  assert.deepEqual(emulator.calls(), [])
  assert.equal(emulator.settings().mockCodeUser, null)
})

const BAD_INPUT: [string, string, unknown, number, string, string | undefined][] = [
  ['POST', '/wx/login', { user: 'alice' }, 400, 'invalid_input', 'appid'],
  ['POST', '/wx/login', { appid: APPID, user: '' }, 400, 'invalid_input', 'user'],
  ['POST', '/wx/login', { ...alice, user: 'a\nb' }, 400, 'invalid_input', 'user'],
  ['POST', '/wx/login', { ...alice, usr: 1 }, 400, 'invalid_input', 'usr'],
  ['POST', '/wx/login', '[]', 400, 'invalid_input', '(input)'],
  ['POST', '/wx/login', undefined, 400, 'invalid_input', '(input)'],
  ['POST', '/wx/login', '{"appid":', 400, 'bad_json', undefined],
  ['POST', '/wx/login', { appid: 'wxnope', user: 'alice' }, 404, 'unknown_app', undefined],
  ['POST', '/session-keys/rotate', { appid: 'wxnope', user: 'alice' }, 404, 'unknown_app', undefined],
  ['POST', '/session-keys/expire', { appid: 'wxnope', user: 'alice' }, 404, 'unknown_app', undefined],
  ['POST', '/wx/open-data', alice, 409, 'no_session_key', undefined],
  ['POST', '/wx/open-data', { ...alice, kind: 'address' }, 400, 'invalid_input', 'kind'],
  ['POST', '/wx/phone-code', alice, 409, 'no_session_key', undefined],
  ['POST', '/wx/phone-code', { ...alice, kind: 'phone' }, 400, 'invalid_input', 'kind'],
  ['POST', '/wx/phone-code', { appid: 'wxnope', user: 'alice' }, 404, 'unknown_app', undefined],
  ['PUT', '/apps/wx1', {}, 400, 'invalid_input', 'secret'],
  ['PUT', '/apps/wx1', { secret: 's', ipAllowList: ['a', 1] }, 400, 'invalid_input', 'ipAllowList.1'],
  ['PUT', '/apps/wx%201', { secret: 's' }, 400, 'invalid_input', '(input)'],
  ['PUT', '/apps/%zz', { secret: 's' }, 400, 'invalid_input', 'path'],
  ['PUT', '/users/alice', { phone: 'call me' }, 400, 'invalid_input', 'phone'],
  ['POST', '/clock', { advanceSeconds: -1 }, 400, 'invalid_input', 'advanceSeconds'],
  ['POST', '/clock', { advanceSeconds: '60' }, 400, 'invalid_input', 'advanceSeconds'],
  ['PUT', '/settings', { minuteQuotaPerUser: 1.5 }, 400, 'invalid_input', 'minuteQuotaPerUser'],
  ['PUT', '/settings', { typo: 1 }, 400, 'invalid_input', 'typo'],
  ['POST', '/faults', { path: PATH }, 400, 'invalid_input', undefined],
  ['POST', '/faults', { path: PATH, headers: { 'a b': 'x' } }, 400, 'invalid_input', 'headers.a b'],
  ['POST', '/faults', { path: PATH, headers: { a: 'x\r\ny: z' } }, 400, 'invalid_input', 'headers.a'],
  ['PUT', '/state', { apps: { wx1: {} } }, 400, 'invalid_input', 'apps.wx1.secret'],
  ['POST', '/reset', { hard: true }, 400, 'invalid_input', '(input)'],
  ['GET', '/nope', undefined, 404, 'not_found', undefined],
  ['DELETE', '/clock', undefined, 405, 'method_not_allowed', undefined],
]

test('[F86] what does not fit is refused with the field and the cure, and changes nothing', async (t) => {
  const emulator = await startForTest(t)
  const before = emulator.exportState()
  for (const [method, path, body, status, error, field] of BAD_INPUT) {
    const answer = await control(emulator, method, path, body)
    const told = [answer.status, answer.json['error'], answer.json['field']]
    assert.deepEqual(told, [status, error, field], `${method} ${path} ${JSON.stringify(body)}`)
    assert.ok(String(answer.json['message']).length > 5 && String(answer.json['cure']).length > 3)
  }
  assert.deepEqual(emulator.exportState(), before)
})

test('[F86] a wrong method is told which ones work', async (t) => {
  const emulator = await startForTest(t)
  const { headers } = await control(emulator, 'DELETE', '/clock')
  assert.equal(headers.get('allow'), 'GET, POST')
})

test('[F86] a body must say that it is JSON, be UTF-8 and not too long', async (t) => {
  const emulator = await startForTest(t)
  const form = await control(emulator, 'POST', '/wx/login', alice, { 'content-type': 'text/plain' })
  assert.deepEqual([form.status, form.json['cure']], [415, "add -H 'content-type: application/json'"])
  const long = await control(emulator, 'POST', '/wx/login', { ...alice, device: 'x'.repeat(1_100_000) })
  assert.equal(long.status, 413)
  const headers = { 'content-type': 'application/json' }
  const body = Buffer.from([0x22, 0xff, 0x22])
  const bytes = await fetch(`${emulator.url}/_emulator/wx/login`, { method: 'POST', headers, body })
  assert.equal(bytes.status, 400)
})

function rawRequest(emulator: Emulator, headers: Record<string, string>): Promise<number | undefined> {
  const { port } = new URL(emulator.url)
  const options = { host: '127.0.0.1', port, path: '/_emulator/calls', headers }
  return new Promise((resolve, reject) => {
    const outgoing = request(options, (res) => {
      res.resume()
      resolve(res.statusCode)
    })
    outgoing.on('error', reject).end()
  })
}

test('[F86] web pages and foreign names do not get in: Host and Origin are checked', async (t) => {
  const emulator = await startForTest(t)
  const expected: [Record<string, string>, number][] = [
    [{ host: 'localhost:8788' }, 200],
    [{ host: '127.0.0.1' }, 200],
    [{ host: '[::1]:8788' }, 200],
    [{ host: 'evil.example' }, 403],
    [{ host: '127.0.0.1.evil.example' }, 403],
    [{ host: 'localhost.evil.example:8788' }, 403],
    [{ host: 'api.weixin.qq.com' }, 403],
    [{ host: 'localhost', origin: 'http://localhost:3000' }, 200],
    [{ host: 'localhost', origin: 'https://evil.example' }, 403],
    [{ host: 'localhost', origin: 'null' }, 403],
  ]
  for (const [headers, status] of expected) {
    assert.equal(await rawRequest(emulator, headers), status, JSON.stringify(headers))
  }
})

test('[F86] GET /_emulator lists every route', async (t) => {
  const emulator = await startForTest(t)
  const { json } = await control(emulator, 'GET', '')
  const listed = Array.isArray(json['routes']) ? json['routes'] : []
  const paths = new Set(listed.map(({ method, path }) => `${method} ${path}`))
  for (const { method, path } of [...CONTROL_ROUTES, ...OTHER_ROUTES])
    assert.ok(paths.has(`${method} ${path}`), path)
  assert.ok(paths.has('POST /_emulator/dev/clock'), 'what a back end answers, too')
})

test('[F86] no JSON whatever makes a control route fail inside', async (t) => {
  const emulator = await startForTest(t)
  const routes = CONTROL_ROUTES.filter(
    (route) => route.sample !== undefined && route.path !== '/_emulator/state',
  )
  const name = fc.constantFrom(
    'appid',
    'user',
    'path',
    'secret',
    'advanceSeconds',
    '__proto__',
    'constructor',
    'kind',
  )
  const body = fc.oneof(fc.jsonValue(), fc.dictionary(name, fc.jsonValue()))
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...routes), body, async (route, value) => {
      const path = route.path.replace('/_emulator', '').replace(/\{\w+\}/, 'name')
      const { status } = await control(emulator, route.method, path, JSON.stringify(value))
      assert.ok([200, 400, 404, 409].includes(status), `${route.path} ${JSON.stringify(value)}: ${status}`)
      emulator.clearFaults()
    }),
    { numRuns: 600 },
  )
})
