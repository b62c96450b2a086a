import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Desk, openDesk, openidOf } from '../../http/testing/desk.ts'
import { formatToken } from '../../session/token.ts'
import { createYaopaiClient } from './yaopai-client.ts'

/** Well formed, and nobody's. */
const TOKEN = formatToken('yp1_', 7, Buffer.alloc(32, 7))

type Fetch = NonNullable<Parameters<typeof createYaopaiClient>[0]['fetch']>

function clientOf(desk: Desk, apiKey = desk.apiKeys.orders, troubles: string[] = []) {
  const fetchOfDesk: Fetch = (input, init) =>
    desk.internalHandler(new Request(input, init), { ip: '127.0.0.1' })
  return createYaopaiClient({
    internalUrl: 'http://yaopai.test/',
    apiKey,
    fetch: fetchOfDesk,
    onTrouble: (message) => troubles.push(message),
  })
}

function answering(respond: () => Response | Promise<Response>, troubles: string[] = []) {
  return createYaopaiClient({
    internalUrl: 'http://yaopai.test',
    apiKey: 'yk1_secret-of-tests',
    timeoutMs: 50,
    fetch: async (_input, init) => {
      const signal = init?.signal
      const aborted = new Promise<never>((_resolve, reject) => {
        signal?.addEventListener('abort', () => reject(new DOMException('slow', 'TimeoutError')))
      })
      return Promise.race([respond(), aborted])
    },
    onTrouble: (message) => troubles.push(message),
  })
}

test('[F69][F70] a client tells who holds a token, and why a dead one is dead', async () => {
  const desk = openDesk()
  const client = clientOf(desk)
  const { token, user, session } = await desk.login('alice-1')
  assert.deepEqual(await client.verify(token), { ok: true, user, session })
  await desk.publicly('/session', { method: 'DELETE', token })
  const dead = await client.verify(token)
  assert.ok(!dead.ok)
  assert.deepEqual([dead.problem.code, dead.problem.class], ['logged_out', 'signed_out'])
  const none = await client.verify(null)
  assert.ok(!none.ok)
  assert.equal(none.problem.code, 'missing_token')
})

test('[F71] a client introspects as RFC 7662 has it', async () => {
  const desk = openDesk()
  const client = clientOf(desk)
  const { token, user } = await desk.login('alice-1')
  const active = await client.introspect(token)
  assert.ok(active.active)
  assert.deepEqual([active.sub, active.openid], [user.id, openidOf('alice')])
  assert.deepEqual(await client.introspect('x'), { active: false })
})

test('[R03][F69] whatever Yaopai does wrong is 503, never an identity and never a 401', async () => {
  const user = { id: 'usr_1' }
  const session = { id: 'ses_1', appid: 'wx1' }
  const nonsense: (() => Response | Promise<Response>)[] = [
    () => new Response('<html>'),
    () => Response.json(null),
    () => Response.json({ ok: 1, user, session }),
    () => Response.json({ ok: true, session }),
    () => Response.json({ ok: true, user: { id: 7 }, session }),
    () => Response.json({ ok: true, user: { id: 'ses_1' }, session }),
    () => Response.json({ ok: false, problem: { code: 'expired' }, wwwAuthenticate: 'x' }),
    () => Response.json({ ok: false, problem: { status: 200 }, wwwAuthenticate: 'x' }),
    () => Response.json({ ok: false, problem: { status: 401 }, wwwAuthenticate: 'x\r\ny: z' }),
    () => Response.json({ ok: true, user, session, pad: 'x'.repeat(70_000) }),
    () => Response.json({ ok: true, user, session }, { status: 500 }),
    () => Response.json({ code: 'invalid_token' }, { status: 401 }),
    () => new Response(null, { status: 302, headers: { location: '/elsewhere' } }),
    () => Promise.reject(new TypeError('fetch failed: Bearer yk1_secret-of-tests')),
    () => sleep(300, new Response()),
  ]
  for (const respond of nonsense) {
    const troubles: string[] = []
    const verdict = await answering(respond, troubles).verify(TOKEN)
    assert.ok(!verdict.ok)
    assert.deepEqual([verdict.problem.status, verdict.problem.code], [503, 'store_unavailable'])
    assert.match(verdict.problem.detail ?? '', /^Who calls cannot be known right now/)
    assert.ok(!('requestId' in verdict.problem), 'no request id is known')
    assert.equal(troubles.length, 1)
    assert.doesNotMatch(troubles.join(), /secret-of-tests|yp1_/)
  }
})

test('a key that Yaopai refuses is named to the operator with its cure', async () => {
  const desk = openDesk()
  const troubles: string[] = []
  await clientOf(desk, 'yk1_unknown', troubles).verify(TOKEN)
  await clientOf(desk, desk.apiKeys.gate, troubles).verify(TOKEN)
  assert.match(troubles[0] ?? '', /YAOPAI_API_KEYS/)
  assert.match(troubles[1] ?? '', /scope introspect/)
})

test('wrong wiring throws at once, with the cure', () => {
  assert.throws(() => createYaopaiClient({ internalUrl: '127.0.0.1:8789', apiKey: 'k' }), /http:\/\/127/)
  for (const apiKey of ['', undefined]) {
    const create = () => createYaopaiClient({ internalUrl: 'http://a', apiKey })
    assert.throws(create, { name: 'RangeError', message: /^apiKey is missing.*YAOPAI_API_KEYS/ })
  }
  const cannotBe = () => createYaopaiClient({ internalUrl: 'http://a', apiKey: 'my secret' })
  assert.throws(cannotBe, (error) => {
    assert.match(String(error), /apiKey cannot be a key/)
    assert.doesNotMatch(String(error), /my secret/)
    return true
  })
  assert.throws(() => createYaopaiClient(Object({ apiKey: 'k' })), {
    name: 'RangeError',
    message: /^internalUrl/,
  })
})

test('[F69] what cannot be a token is refused without asking Yaopai', async () => {
  const troubles: string[] = []
  const client = answering(() => Promise.reject(new TypeError('asked all the same')), troubles)
  for (const token of ['x', 'yp1_token', `${TOKEN}x`, TOKEN.toLowerCase(), TOKEN.replace('yp1_', 'yk1_')]) {
    const verdict = await client.verify(token)
    assert.ok(!verdict.ok)
    assert.deepEqual([verdict.problem.status, verdict.problem.code], [401, 'invalid_token'])
    assert.match(verdict.wwwAuthenticate, /yaopai_code="invalid_token"/)
  }
  assert.deepEqual(troubles, [])
})

test('a refusal has its title in the language that the client asked for, whoever made it', async () => {
  const desk = openDesk()
  const client = clientOf(desk)
  const { token } = await desk.login('alice-1')
  await desk.publicly('/session', { method: 'DELETE', token })
  const titles = []
  for (const sent of [token, 'x', null]) {
    const verdict = await client.verify(sent, { acceptLanguage: 'zh-CN,zh;q=0.9,en;q=0.8' })
    titles.push(verdict.ok ? '' : verdict.problem.title)
  }
  assert.deepEqual(titles, ['用户已退出登录', '登录态无效', '请求没有携带登录态'])
})

test('whoever listens to no trouble finds it on the console, once for a crowd', async (t: TestContext) => {
  const told = t.mock.method(console, 'error', () => undefined)
  const client = createYaopaiClient({
    internalUrl: 'http://yaopai.test',
    apiKey: 'yk1_secret-of-tests',
    fetch: async () => new Response(null, { status: 401 }),
  })
  await Promise.all(Array.from({ length: 20 }, () => client.verify(TOKEN)))
  const lines = told.mock.calls.map(({ arguments: [line] }) => String(line))
  assert.equal(lines.length, 1)
  assert.match(lines.join(), /^yaopai: Yaopai does not know the API key \(401\): name it in YAOPAI_API_KEYS/)
  assert.doesNotMatch(lines.join(), /secret-of-tests|yp1_/)
})
