import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { type TestContext, test } from 'node:test'
import fc from 'fast-check'
import { createAuthenticateNow } from '../authenticate.ts'
import { selectorOf } from '../session/selector.ts'
import { createSessionTable } from '../store/cached/session-table.ts'
import type { DoorHandler } from './deps.ts'
import { listen } from './listen.ts'
import { createQuickDoor, type QuickDoor } from './quick-door.ts'
import type { Listener } from './route.ts'
import { appConfig, type Desk, openDesk } from './testing/desk.ts'
import { type RawAnswer, sendRaw } from './testing/raw.ts'

/** The same requests go to a listener with a quick door and to one without. */
interface Pair {
  readonly desk: Desk
  /** Sends `head`, whose `TOKEN` becomes that one, to both; fails where they differ. Says whether it went quickly. */
  same(listener: Listener, head: string, token?: string): Promise<boolean>
  remember(sessionId: string): Promise<void>
  /** By listener and way, such as `public quick`. */
  readonly ports: ReadonlyMap<string, number>
}

async function openPair(t: TestContext, options: Parameters<typeof openDesk>[0] = {}): Promise<Pair> {
  const table = createSessionTable(50)
  const desk = openDesk({
    ...options,
    store: (store) => ({
      ...store,
      recallSession: (selector) => table.recall(selector),
      isRecalledStill: (recalled) => table.isHere(recalled),
    }),
  })
  const counted: string[] = []
  const telemetry = {
    ...desk.services.telemetry,
    count: (name: string, labels: object) => void counted.push(JSON.stringify([name, labels])),
  }
  Object.assign(desk.services, { telemetry })
  let quickly = 0
  const doors = { public: desk.publicHandler, internal: desk.internalHandler }
  const ports = new Map<string, number>()
  for (const listener of ['public', 'internal'] as const) {
    // What the test changes in the desk's, a reload changes in a server's.
    const deps = Object.assign(Object.create(desk.deps), {
      authenticateNow: createAuthenticateNow(desk.services),
    })
    const door = createQuickDoor(listener, deps)
    const quick: QuickDoor = (incoming, outgoing) => {
      const isDone = door(incoming, outgoing)
      if (isDone) quickly += 1
      return isDone
    }
    ports.set(`${listener} quick`, await portOf(t, doors[listener], listener, quick))
    ports.set(`${listener} slow`, await portOf(t, doors[listener], listener))
  }
  const tell = async (port: number, head: string) => {
    counted.length = 0
    desk.lines.length = 0
    const answer = await sendRaw(port, Buffer.from(`${head}Connection: close\r\n\r\n`, 'latin1'))
    const lines = desk.lines.map(({ level, event, fields }) => ({
      level,
      event,
      ...fields,
      requestId: '',
      ms: 0,
    }))
    return { ...told(answer), lines, counted: [...counted] }
  }
  return {
    desk,
    ports,
    async same(listener, head, token = '') {
      const before = quickly
      const bytes = head.replaceAll('TOKEN', token)
      const quick = await tell(ports.get(`${listener} quick`) ?? 0, bytes)
      const slow = await tell(ports.get(`${listener} slow`) ?? 0, bytes)
      assert.deepEqual(quick, slow, bytes)
      return quickly > before
    },
    async remember(sessionId) {
      const session = await desk.services.store.findSession(selectorOf(sessionId) ?? 0)
      if (session !== null) table.put(session)
    },
  }
}

async function sendAll(port: number, text: string): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  socket.end(Buffer.from(text, 'latin1'))
  const parts: Buffer[] = []
  for await (const part of socket) parts.push(part)
  return Buffer.concat(parts).toString('latin1')
}

async function portOf(
  t: TestContext,
  handler: DoorHandler,
  listener: Listener,
  quick?: QuickDoor,
): Promise<number> {
  const gatewayPath = listener === 'internal' ? { gatewayPath: '/forward-auth' } : {}
  const opened = await listen(handler, {
    host: '127.0.0.1',
    port: 0,
    ...gatewayPath,
    ...(quick === undefined ? {} : { quick }),
  })
  t.after(() => opened.close({ drainMs: 0 }))
  return opened.port
}

/** All that is the client's to see, but for what is another one each time. */
function told({ status, headers, body }: RawAnswer) {
  const kept = [...headers].filter(([name]) => name !== 'date' && name !== 'x-request-id').sort()
  assert.equal(headers.has('x-request-id'), status !== 0)
  return { status, kept, body: body.replace(/"requestId":"[^"]*"/, '') }
}

const AUTHORIZED = 'Host: a.test\r\nAuthorization: Bearer TOKEN\r\n'

test('[F19] a living session is answered quickly, as the door answers it', async (t) => {
  const { desk, same, remember } = await openPair(t)
  const device = { id: 'd1', brand: '华为', model: 'P60', platform: 'android', label: '小明的手机' }
  const { token, session } = await desk.login('alice-1', { device })
  await remember(session.id)
  const plain = [
    AUTHORIZED,
    `${AUTHORIZED}User-Agent: MicroMessenger\r\nAccept: */*\r\nReferer: https://servicewechat.com/\r\n`,
    `${AUTHORIZED}Cookie: a=b; c=d\r\nAccept-Language: zh-CN\r\n`,
    `${AUTHORIZED}X-Request-Id: request-of-a-stranger\r\n`,
  ]
  for (const headers of plain) {
    assert.equal(await same('public', `GET /session HTTP/1.1\r\n${headers}`, token), true, headers)
    assert.equal(await same('internal', `GET /forward-auth HTTP/1.1\r\n${headers}`, token), true, headers)
  }
  const forwarded = `${AUTHORIZED}X-Forwarded-For: 203.0.113.9\r\n`
  assert.equal(await same('internal', `GET /forward-auth HTTP/1.1\r\n${forwarded}`, token), true)
})

test('[F19] what is due to be written, or ends a session, is the door’s to do; then it goes quickly again', async (t) => {
  const { desk, same, remember } = await openPair(t)
  const { token, session } = await desk.login('alice-1')
  const ask = () => same('public', 'GET /session HTTP/1.1\r\n'.concat(AUTHORIZED), token)
  await remember(session.id)
  desk.clock.advanceSeconds(2 * 3_600)
  assert.equal(await ask(), false)
  await remember(session.id)
  assert.equal(await ask(), true)
  desk.clock.advanceSeconds(259_200 + 7_200)
  assert.equal(await ask(), false)
  await remember(session.id)
  assert.equal(await ask(), false)
})

test('a token of another session, a frozen app and a logout are the door’s to answer', async (t) => {
  const { desk, same, remember } = await openPair(t, { apps: [appConfig({ frozen: false })] })
  const { token, session } = await desk.login('alice-1')
  const other = await desk.login('bob-1')
  await remember(session.id)
  await remember(other.session.id)
  const ask = (sent: string) => same('internal', 'GET /forward-auth HTTP/1.1\r\n'.concat(AUTHORIZED), sent)
  assert.equal(await ask(token), true)
  assert.equal(await ask(`${token.slice(0, -7)}${token.at(-7) === 'A' ? 'B' : 'A'}${token.slice(-6)}`), false)
  assert.equal(await ask(token.slice(0, -1)), false)
  assert.equal(await ask('yp1_'.padEnd(62, 'A')), false)
  await desk.publicly('/session', { method: 'DELETE', token })
  await remember(session.id)
  assert.equal(await ask(token), false)
})

test('[F28] where a reload brings a back end with an audience, gateways get assertions from then on', async (t) => {
  const { desk, same, remember } = await openPair(t)
  const { token, session } = await desk.login('alice-1')
  await remember(session.id)
  const ask = () => same('internal', 'GET /forward-auth HTTP/1.1\r\n'.concat(AUTHORIZED), token)
  assert.equal(await ask(), true)
  const { backends } = desk.deps
  Object.assign(desk.deps, { backends: backends.map((one) => ({ ...one, audience: 'orders' })) })
  assert.equal(await ask(), false)
  assert.ok((await desk.internally('/forward-auth', { token })).headers.has('x-yaopai-assertion'))
  Object.assign(desk.deps, { backends })
  assert.equal(await ask(), true)
})

const LINES = [
  'Authorization: Bearer TOKEN',
  'authorization: bearer TOKEN',
  'Authorization: Bearer  TOKEN',
  'Authorization: Bearer TOKEN, Bearer TOKEN',
  'Authorization: Basic TOKEN',
  'Host: a.test',
  'Host: a.test:80',
  'Host: 1.2.3.999',
  'Cookie: token=1',
  'Cookie: a=TOKEN',
  'Cookie: a=b',
  'Content-Length: 0',
  'Content-Length: 2',
  'Content-Type: application/json',
  'Transfer-Encoding: chunked',
  'Expect: 100-continue',
  'Upgrade: h2c',
  'Referer: a',
  'X-Request-Id: abcdefgh12345678',
  'X-Forwarded-For: 203.0.113.7',
  'Accept-Language: zh',
  'X: \u00e9\u00ff',
]
const request = fc.record({
  method: fc.constantFrom('GET', 'GET', 'GET', 'GET', 'GET', 'HEAD', 'POST', 'get'),
  path: fc.constantFrom(
    'own',
    'own',
    'own',
    'own',
    'own',
    '/session',
    '/session/',
    '/session?',
    '/forward-auth?optional=1',
  ),
  version: fc.constantFrom('1.1', '1.1', '1.1', '1.0'),
  isGood: fc.constantFrom(true, true, true, false),
  lines: fc.array(fc.constantFrom(...LINES), { maxLength: 2 }),
  listener: fc.constantFrom('public' as const, 'internal' as const),
})

test('[T24][T26] whatever a request looks like, both ways agree', async (t) => {
  const { desk, same, remember } = await openPair(t)
  const { token, session } = await desk.login('alice-1')
  await remember(session.id)
  let quickly = 0
  await fc.assert(
    fc.asyncProperty(request, async ({ method, path, version, isGood, lines, listener }) => {
      const target = path === 'own' ? (listener === 'public' ? '/session' : '/forward-auth') : path
      const good = isGood ? ['Host: a.test', 'Authorization: Bearer TOKEN'] : []
      const head = [`${method} ${target} HTTP/${version}`, ...good, ...lines]
        .map((line) => `${line}\r\n`)
        .join('')
      // Once an hour the operator is told of a proxy: which of the two requests meets that hour is chance.
      if (listener === 'public' && head.includes('X-Forwarded-For')) return
      if (head.includes('Expect') || head.includes('chunked') || head.includes('Length: 2')) return
      if (await same(listener, head, token)) quickly += 1
    }),
    { numRuns: 250 },
  )
  assert.ok(quickly > 10, `${quickly} went quickly`)
})

/** Forms that programs on the way may read in different ways, or that are not ours; `LINES` stand for good ones. */
const FORMS = [
  'GET http://a.test/PATH HTTP/1.1\r\nLINES',
  'GET //PATH HTTP/1.1\r\nLINES',
  'GET /./PATH HTTP/1.1\r\nLINES',
  'GET /PATH/ HTTP/1.1\r\nLINES',
  'GET /PATH? HTTP/1.1\r\nLINES',
  'GET /PATH# HTTP/1.1\r\nLINES',
  'GET /PATH;a HTTP/1.1\r\nLINES',
  'GET /%50ATH HTTP/1.1\r\nLINES',
  'GET * HTTP/1.1\r\nLINES',
  'OPTIONS * HTTP/1.1\r\nLINES',
  'OPTIONS /PATH HTTP/1.1\r\nLINES',
  'DELETE /PATHS HTTP/1.1\r\nLINES',
  'TRACE /PATH HTTP/1.1\r\nLINES',
  'GET  /PATH HTTP/1.1\r\nLINES',
  'GET /PATH HTTP/1.2\r\nLINES',
  'GET /PATH HTTP/2.0\r\nLINES',
  'GET /PATH\r\nLINES',
  'GET /PATH HTTP/1.1\r\nLINESX:\ta\r\n b\r\n',
  'GET /PATH HTTP/1.1\r\nHost: a.test\r\nAuthorization: Bearer\r\n TOKEN\r\n',
  'GET /PATH HTTP/1.1\r\nHost: a.test\r\nAuthorization:\tBearer TOKEN\t\r\n',
  'GET /PATH HTTP/1.1\r\nHost: a.test\r\nAuthorization: Bearer\tTOKEN\r\n',
  'GET /PATH HTTP/1.1\r\nHost: a.test\r\nAuthorization : Bearer TOKEN\r\n',
  'GET /PATH HTTP/1.1\r\nHost: a.test\r\nProxy-Authorization: Bearer TOKEN\r\n',
  'GET /PATH HTTP/1.1\r\nLINESHost: b.test\r\n',
  'GET /PATH HTTP/1.1\r\nLINEShost: a.test\r\n',
  'GET /PATH HTTP/1.1\r\nLINESAUTHORIZATION: Bearer other\r\n',
  'GET /PATH HTTP/1.1\r\nLINESCookie: a=b\r\ncookie: yaopai_token=1\r\n',
  'GET /PATH HTTP/1.1\r\nLINESCookie:  token = 1\r\n',
  'GET /PATH HTTP/1.1\r\nLINESCookie: a="TOKEN"\r\n',
  'GET /PATH HTTP/1.1\r\nLINESReferer: a\r\nReferer: b\r\n',
  'GET /PATH HTTP/1.1\r\nLINESX-Request-Id: one-of-two-ids\r\nX-Request-Id: two-of-two-ids\r\n',
  'GET /PATH HTTP/1.1\r\nLINESIf-None-Match: *\r\nIf-Modified-Since: Sat, 28 Nov 2026 00:00:00 GMT\r\n',
  'GET /PATH HTTP/1.1\r\nLINESRange: bytes=0-1\r\nOrigin: https://evil.test\r\nAccept: text/html\r\n',
  'GET /PATH HTTP/1.1\r\nLINESX-HTTP-Method-Override: DELETE\r\nX-Original-URL: /me\r\n',
  'GET /PATH HTTP/1.1\r\nLINESUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n',
  'GET /PATH HTTP/1.1\r\nLINESTE: trailers\r\nTrailer: X\r\nKeep-Alive: timeout=5\r\n',
  'GET /PATH HTTP/1.1\r\nLINESContent-Length: 0\r\n',
  'GET /PATH HTTP/1.1\r\nLINESContent-Length: 00\r\n',
  `GET /PATH HTTP/1.1\r\nLINES${'X: 1\r\n'.repeat(97)}`,
  `GET /PATH HTTP/1.1\r\nLINES${'X: 1\r\n'.repeat(98)}`,
  `GET /PATH HTTP/1.1\r\nLINESX: ${'y'.repeat(17_000)}\r\n`,
  'GET /PATH HTTP/1.1\r\nLINESX: \0\r\n',
]

test('[T24][T26] forms that two programs may read in two ways are read in one', async (t) => {
  const { desk, same, remember } = await openPair(t)
  const { token, session } = await desk.login('alice-1')
  await remember(session.id)
  let quickly = 0
  for (const [listener, path] of [
    ['public', 'session'],
    ['internal', 'forward-auth'],
  ] as const) {
    for (const form of FORMS) {
      const head = form.replace('PATH', path).replace('LINES', AUTHORIZED)
      if (await same(listener, head, token)) quickly += 1
    }
  }
  // Headers that say nothing to us, a tab for a space around a value, and the hundredth header.
  assert.equal(quickly, 18)
})

test('requests one behind the other on a connection are answered in their order, each in its way', async (t) => {
  const { desk, ports, remember } = await openPair(t)
  const { token, session } = await desk.login('alice-1')
  await remember(session.id)
  const asked = (target: string, more = '') => `GET ${target} HTTP/1.1\r\n${AUTHORIZED}${more}\r\n`
  const turns = ['/session', '/healthz', '/session', '/nowhere', '/session', '/me', '/session']
  const all = turns.map((target, at) => asked(target, at === 6 ? 'Connection: close\r\n' : '')).join('')
  const answersOf = async (way: string) => {
    const text = await sendAll(ports.get(`public ${way}`) ?? 0, all.replaceAll('TOKEN', token))
    return text.split('HTTP/1.1 ').map((one) => [one.slice(0, 3), /\{.{40}/.exec(one)?.[0] ?? ''])
  }
  const quick = await answersOf('quick')
  assert.deepEqual(quick, await answersOf('slow'))
  assert.deepEqual(
    quick.map(([status]) => status),
    ['', '200', '200', '200', '404', '200', '200', '200'],
  )
})

test('behind a trusted proxy its request id and the address it names hold on both ways', async (t) => {
  const { desk, same, remember } = await openPair(t, { deps: { trustProxy: ['127.0.0.1'] } })
  const { token, session } = await desk.login('alice-1')
  await remember(session.id)
  const proxied = `${AUTHORIZED}X-Forwarded-For: 198.51.100.1, 203.0.113.9\r\nX-Request-Id: from-the-proxy-1\r\n`
  assert.equal(await same('public', `GET /session HTTP/1.1\r\n${proxied}`, token), true)
})
