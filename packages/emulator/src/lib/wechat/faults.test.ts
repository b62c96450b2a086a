import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { codeFor, exchange, NOON_SECONDS, PATH, startForTest } from '../../test-support/kit.ts'

function causeCode(error: unknown): unknown {
  return Object(Object(error)['cause'])['code']
}

test('[F82] a fault with an errcode answers it in the dress of its path, as often as times says', async (t) => {
  const emulator = await startForTest(t)
  emulator.addFault({ path: PATH, times: 2, errcode: 40029 })
  const js_code = codeFor(emulator)
  for (const _ of [1, 2]) {
    const { status, type, json } = await exchange(emulator, { js_code })
    assert.deepEqual([status, type, json['errcode']], [200, 'text/plain', 40029])
    assert.match(String(json['errmsg']), /^invalid code, rid: 68aaa4d1-[0-9a-f]{8}-[0-9a-f]{8}$/)
  }
  assert.ok((await exchange(emulator, { js_code })).json['openid'], 'the code was not spent')
})

test('[F82] without times a fault stays until it is cleared', async (t) => {
  const emulator = await startForTest(t)
  emulator.addFault({ path: PATH, errcode: -1 })
  for (const _ of [1, 2, 3])
    assert.equal((await exchange(emulator, {})).text, '{"errcode":-1,"errmsg":"system error"}')
  emulator.clearFaults()
  assert.ok((await exchange(emulator, { js_code: codeFor(emulator) })).json['openid'])
})

test('[F82] when after: WeChat has done its work, the code is spent, the answer is lost', async (t) => {
  const emulator = await startForTest(t)
  emulator.addFault({ path: PATH, times: 1, reset: true, when: 'after' })
  const js_code = codeFor(emulator)
  await assert.rejects(exchange(emulator, { js_code }), (error) => causeCode(error) === 'ECONNRESET')
  assert.equal((await exchange(emulator, { js_code })).json['errcode'], 40163)
})

test('[F82] reset tears the connection and leaves the code alone', async (t) => {
  const emulator = await startForTest(t)
  emulator.addFault({ path: '*', times: 1, reset: true })
  const js_code = codeFor(emulator)
  await assert.rejects(exchange(emulator, { js_code }), (error) => causeCode(error) === 'ECONNRESET')
  assert.ok((await exchange(emulator, { js_code })).json['openid'])
  assert.deepEqual(
    emulator.calls().map(({ status, fault }) => ({ status, fault })),
    [
      { status: null, fault: true },
      { status: 200, fault: false },
    ],
  )
})

test('[F82] a delay alone is a slow but right answer; the caller may give up before', async (t) => {
  const emulator = await startForTest(t)
  emulator.addFault({ path: PATH, times: 1, delayMs: 40 })
  const startedMs = performance.now()
  assert.ok((await exchange(emulator, { js_code: codeFor(emulator) })).json['openid'])
  assert.ok(performance.now() - startedMs >= 35)
  emulator.addFault({ path: PATH, times: 1, delayMs: 60_000 })
  const signal = AbortSignal.timeout(30)
  await assert.rejects(exchange(emulator, {}, { signal }), { name: 'TimeoutError' })
})

test('[F82] closing does not wait for a delayed answer', async (t) => {
  const emulator = await startForTest(t)
  emulator.addFault({ path: PATH, delayMs: 60_000 })
  const hanging = exchange(emulator, {}).catch(() => 'torn')
  while (emulator.calls().length === 0) await new Promise(setImmediate)
  await emulator.close()
  assert.equal(await hanging, 'torn')
})

test('[F82] a status alone is the HTML page of a proxy; with an errcode both hold', async (t) => {
  const emulator = await startForTest(t)
  emulator.addFault({ path: PATH, times: 1, status: 502 })
  const page = await exchange(emulator, {})
  assert.deepEqual([page.status, page.type], [502, 'text/html'])
  assert.match(page.text, /<h1>502<\/h1>/)
  emulator.addFault({ path: PATH, times: 1, status: 500, errcode: 45009 })
  const both = await exchange(emulator, {})
  assert.deepEqual([both.status, both.json['errcode']], [500, 45009])
})

test('[F82] any body, type and headers; bytes that are no UTF-8 too', async (t) => {
  const emulator = await startForTest(t)
  emulator.addFault({ path: PATH, times: 1, body: '{"openid":', contentType: 'application/json' })
  const broken = await exchange(emulator, {})
  assert.deepEqual([broken.type, broken.text], ['application/json', '{"openid":'])
  const packed = gzipSync('{"openid":"o"}').toString('base64')
  emulator.addFault({ path: PATH, times: 1, bodyBase64: packed, headers: { 'Content-Encoding': 'gzip' } })
  assert.equal((await exchange(emulator, {})).text, '{"openid":"o"}')
  emulator.addFault({ path: PATH, times: 1, body: '' })
  assert.equal((await exchange(emulator, {})).text, '')
})

test('[F82] cutAfterBytes breaks off in the middle of the answer', async (t) => {
  const emulator = await startForTest(t)
  emulator.addFault({ path: PATH, times: 1, cutAfterBytes: 10 })
  const js_code = codeFor(emulator)
  await assert.rejects(exchange(emulator, { js_code }))
  assert.equal((await exchange(emulator, { js_code })).json['errcode'], 40163)
})

test('[F82] faults hit their own path alone, in the order in which they were added', async (t) => {
  const emulator = await startForTest(t)
  emulator.addFault({ path: '/cgi-bin/token', errcode: 40164 })
  emulator.addFault({ path: PATH, times: 1, errcode: -1 })
  emulator.addFault({ path: '*', times: 1, errcode: 45009 })
  assert.equal((await exchange(emulator, {})).json['errcode'], -1)
  assert.equal((await exchange(emulator, {})).json['errcode'], 45009)
  assert.equal((await exchange(emulator, {})).json['errcode'], 41008)
  const token = await fetch(`${emulator.url}/cgi-bin/token`)
  assert.equal(token.headers.get('content-type'), 'application/json')
  assert.match(await token.text(), /invalid ip 127\.0\.0\.1 ipv6 ::ffff:127\.0\.0\.1, not in whitelist rid: /)
})

test('[F82] a fault that does nothing, or has no text, is refused with the cure', async (t) => {
  const emulator = await startForTest(t)
  assert.throws(() => emulator.addFault({ path: PATH }), /no effect; give one of errcode, status/)
  assert.throws(() => emulator.addFault({ path: PATH, errcode: 99_999 }), /give errmsg beside it/)
  assert.throws(() => emulator.addFault({ path: 'sns/jscode2session', errcode: -1 }), /path: /)
  assert.throws(() => emulator.addFault({ path: PATH, times: 0, errcode: -1 }), /times: /)
  emulator.addFault({ path: PATH, times: 1, errcode: 99_999, errmsg: 'odd, rid: {rid}' })
  const { json } = await exchange(emulator, {})
  assert.match(String(json['errmsg']), /^odd, rid: 68aaa4d1-/)
  assert.match(emulator.addFault({ path: '/sns/jscode2sesion', errcode: -1 }) ?? '', /spelt right/)
})

test('[F86] the call log tells each call, newest last, and masks what is secret', async (t) => {
  const emulator = await startForTest(t)
  const js_code = codeFor(emulator)
  await exchange(emulator, { js_code }, { headers: { 'user-agent': 'a-server/1' } })
  await exchange(emulator, { js_code, access_token: 'tok' })
  const [first, second] = emulator.calls()
  assert.ok(first && second)
  assert.deepEqual(first.query, {
    appid: 'wx0123456789abcdef',
    secret: '***',
    grant_type: 'authorization_code',
    js_code,
  })
  assert.equal(first.openid, emulator.openidOf('wx0123456789abcdef', 'alice'))
  assert.equal(first.at, new Date(NOON_SECONDS * 1000).toISOString())
  assert.deepEqual([first.userAgent, first.status, first.errcode], ['a-server/1', 200, undefined])
  assert.deepEqual([second.seq, second.errcode, second.query['access_token']], [2, 40163, '***'])
  const key = emulator.sessionKeyOf({ appid: 'wx0123456789abcdef', user: 'alice' }) ?? ''
  assert.equal(JSON.stringify(emulator.calls()).includes(key), false)
})

test('[F86] a path that is not served says so in the log and answers as WeChat would', async (t) => {
  const lines: string[] = []
  const emulator = await startForTest(t, { log: (line) => lines.push(line) })
  const typo = await fetch(`${emulator.url}/sns/jscode2sesion`)
  assert.match(await typo.text(), /^\{"errcode":40066,"errmsg":"invalid url, rid: /)
  assert.match(lines[0] ?? '', /is no path of WeChat.*served: \/sns\/jscode2session/)
  await fetch(`${emulator.url}/wxa/msg_sec_check`)
  assert.match(lines[1] ?? '', /does not serve yet/)
  assert.equal((await fetch(`${emulator.url}/elsewhere`)).status, 404)
  assert.deepEqual(
    emulator.calls().map((call) => call.unknownPath),
    [true, true, true],
  )
})
