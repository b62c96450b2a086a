import assert from 'node:assert/strict'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { Agent, request as httpRequest } from 'node:http'
import { connect } from 'node:net'
import { type TestContext, test } from 'node:test'
import { setImmediate, setTimeout as sleep } from 'node:timers/promises'
import { problemShape } from './answer-schemas.ts'
import type { HttpHandler } from './deps.ts'
import { type HttpListener, type ListenOptions, listen } from './listen.ts'
import { ListenError } from './listen-error.ts'
import { openDesk } from './testing/desk.ts'
import { parseAnswer, sendRaw, untilClosed } from './testing/raw.ts'
import { webDoor } from './testing/web-door.ts'

const GLOBALS = { Request: globalThis.Request, Response: globalThis.Response }

async function open(t: TestContext, options: Partial<ListenOptions> = {}, handler?: HttpHandler) {
  const desk = openDesk()
  const door = handler === undefined ? desk.publicHandler : webDoor(handler)
  const listener = await listen(door, { host: '127.0.0.1', port: 0, ...options })
  t.after(() => listener.close({ drainMs: 0 }))
  return { desk, listener }
}

const closing = 'Host: yaopai.test\r\nConnection: close\r\n'

test('a login goes over a real socket, with headers and body as the handler gave them', async (t) => {
  const { listener } = await open(t)
  const response = await fetch(`${listener.url}/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ code: 'alice-1' }),
  })
  assert.equal(response.status, 200)
  assert.deepEqual(
    ['server', 'x-powered-by', 'cache-control', 'x-content-type-options'].map((n) => response.headers.get(n)),
    [null, null, 'no-store', 'nosniff'],
  )
  assert.match(await response.text(), /"token":"yp1_/)
  const head = await fetch(`${listener.url}/healthz`, { method: 'HEAD' })
  assert.deepEqual([head.status, await head.text()], [200, ''])
})

test('a shorter way that fails ends neither request nor server: the handler answers', async (t) => {
  const quick = () => {
    throw new RangeError('There is no such block')
  }
  const { listener } = await open(t, { quick })
  for (let turn = 0; turn < 2; turn += 1) assert.equal((await fetch(`${listener.url}/healthz`)).status, 200)
})

const json = 'Content-Type: application/json\r\n'
const smuggled: [string, string, number][] = [
  [
    'Content-Length and Transfer-Encoding',
    `POST /login HTTP/1.1\r\n${closing}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    400,
  ],
  [
    'two Content-Lengths',
    `POST /login HTTP/1.1\r\n${closing}Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd`,
    400,
  ],
  [
    'two Content-Lengths alike',
    `POST /login HTTP/1.1\r\n${closing}Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc`,
    400,
  ],
  ['a Content-Length with a sign', `POST /login HTTP/1.1\r\n${closing}Content-Length: +3\r\n\r\nabc`, 400],
  ['a bare LF after the request line', `GET /healthz HTTP/1.1\n${closing}\r\n`, 400],
  ['a bare LF after a header', `GET /healthz HTTP/1.1\r\nHost: a\nX: b\r\n\r\n`, 400],
  [
    'a bare LF after a chunk size',
    `POST /login HTTP/1.1\r\n${closing}${json}Transfer-Encoding: chunked\r\n\r\n3\nabc\r\n0\r\n\r\n`,
    400,
  ],
  ['a folded header', `GET /healthz HTTP/1.1\r\n${closing}X: b\r\n c\r\n\r\n`, 400],
  ['a NUL in a header', `GET /healthz HTTP/1.1\r\n${closing}X: b\0c\r\n\r\n`, 400],
  ['a NUL in the path', `GET /healthz\0 HTTP/1.1\r\n${closing}\r\n`, 400],
  ['a space before the colon', `GET /healthz HTTP/1.1\r\nHost : a\r\n\r\n`, 400],
  ['no Host', 'GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n', 400],
  ['no Host in HTTP/1.0', 'GET /healthz HTTP/1.0\r\n\r\n', 400],
  ['an empty Host', 'GET /healthz HTTP/1.1\r\nHost:\r\nConnection: close\r\n\r\n', 400],
  ['a Host with a path', 'GET /healthz HTTP/1.1\r\nHost: a/b\r\nConnection: close\r\n\r\n', 400],
  ...['1.2.3.999', 'xn--a', 'a:99999', '[::::]', '[1.2.3.4]', '1.2.3', '0x7f.1', '[0::1]'].map(
    (host): [string, string, number] => [
      `the Host ${host}`,
      `GET /healthz HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`,
      400,
    ],
  ),
  ['two Hosts', `GET /healthz HTTP/1.1\r\nHost: a\r\n${closing}\r\n`, 400],
  ['an absolute target', `GET http://evil.test/healthz HTTP/1.1\r\n${closing}\r\n`, 400],
  ['a target that is no path', `OPTIONS * HTTP/1.1\r\n${closing}\r\n`, 400],
  ['TRACE', `TRACE /healthz HTTP/1.1\r\n${closing}\r\n`, 405],
  ['CONNECT', `CONNECT evil.test:80 HTTP/1.1\r\n${closing}\r\n`, 405],
  ['a method nobody has', `PURGE /healthz HTTP/1.1\r\n${closing}\r\n`, 405],
  ['a header of 20 kB', `GET /healthz HTTP/1.1\r\n${closing}X: ${'y'.repeat(20_000)}\r\n\r\n`, 431],
  ['101 headers', `GET /healthz HTTP/1.1\r\n${closing}${'X: y\r\n'.repeat(99)}\r\n`, 431],
  [
    'an unknown transfer coding',
    `POST /login HTTP/1.1\r\n${closing}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n`,
    400,
  ],
  [
    'a coding that only looks like chunked',
    `POST /login HTTP/1.1\r\n${closing}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`,
    400,
  ],
  [
    'chunks over HTTP/1.0',
    `POST /login HTTP/1.0\r\n${closing}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    400,
  ],
  [
    'an unknown expectation',
    `POST /login HTTP/1.1\r\n${closing}Expect: more\r\nContent-Length: 0\r\n\r\n`,
    400,
  ],
  ['a GET with a body', `GET /healthz HTTP/1.1\r\n${closing}Content-Length: 3\r\n\r\nabc`, 400],
  ['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400],
  ['a TLS hello', '\u0016\u0003\u0001\u0000\u00a5\u0001', 400],
]
for (const [name, bytes, status] of smuggled) {
  test(`[T26] ${name}: ${status} and the connection ends`, async (t) => {
    const { listener } = await open(t)
    const answer = await sendRaw(listener.port, Buffer.from(bytes, 'latin1'))
    assert.equal(answer.status, status, answer.all)
    assert.equal(answer.headers.get('content-type'), 'application/problem+json')
    assert.equal(answer.headers.get('connection'), 'close')
    assert.equal(problemShape.parse(JSON.parse(answer.body)).status, status)
    assert.equal(answer.all.match(/HTTP\/1\.1 \d/g)?.length, 1, answer.all)
  })
}

test('hosts as clients and proxies write them are let in', async (t) => {
  const { listener } = await open(t)
  for (const host of [
    'a',
    'A.Example.COM:443',
    '127.0.0.1:8787',
    '[::1]:8789',
    '[2001:DB8::1]',
    'a_b-c.d',
    'a:80',
  ]) {
    const raw = `GET /healthz HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`
    assert.equal((await sendRaw(listener.port, raw)).status, 200, host)
  }
})

test('a handler that throws is a 500 with a problem, and its words reach nobody', async (t) => {
  const { listener } = await open(t, {}, () => Promise.reject(new Error('words of the handler')))
  const response = await fetch(`${listener.url}/x`)
  const body = await response.text()
  assert.equal(response.headers.get('content-type'), 'application/problem+json')
  assert.deepEqual([response.status, problemShape.parse(JSON.parse(body)).code], [500, 'internal'])
  assert.doesNotMatch(body, /words/)
})

test('a listener inside another process leaves its global Request and Response alone', async (t) => {
  await open(t)
  assert.ok(globalThis.Request === GLOBALS.Request && globalThis.Response === GLOBALS.Response)
})

test('[T26] garbage behind two good requests is not answered in the place of the second', async (t) => {
  let finish: () => void = () => undefined
  const finished = new Promise<void>((resolve) => {
    finish = resolve
  })
  const handler: HttpHandler = async ({ url }) => {
    if (url.endsWith('/slow')) await finished
    return new Response('mine')
  }
  const { listener } = await open(t, {}, handler)
  const socket = connect(listener.port, '127.0.0.1')
  socket.on('error', () => undefined)
  socket.write('GET /quick HTTP/1.1\r\nHost: a\r\n\r\nGET /slow HTTP/1.1\r\nHost: a\r\n\r\n')
  const all = untilClosed(socket)
  await once(socket, 'data')
  await new Promise<void>((resolve) => socket.write('garbage\r\n\r\n', () => resolve()))
  // The kernel has it: in one of the next turns of this loop, which is the server's too, it is read.
  for (let turn = 0; turn < 20; turn += 1) await setImmediate()
  finish()
  assert.doesNotMatch(await all, /HTTP\/1\.1 4/)
})

test('[T15] two Authorization headers are refused, whatever is in them', async (t) => {
  const { desk, listener } = await open(t)
  const { token } = await desk.login('alice-1')
  const header = `authorization: Bearer ${token}\r\n`
  const once = await sendRaw(listener.port, `GET /session HTTP/1.1\r\n${closing}${header}\r\n`)
  assert.equal(once.status, 200)
  for (const second of [header, 'Authorization:\r\n', 'AUTHORIZATION: Basic x\r\n']) {
    const twice = await sendRaw(listener.port, `GET /session HTTP/1.1\r\n${closing}${header}${second}\r\n`)
    assert.equal(twice.status, 400)
    assert.equal(problemShape.parse(JSON.parse(twice.body)).field, 'authorization')
  }
})

test('[T17] odd spellings of a path are refused as they came, before any URL parser mends them', async (t) => {
  const { desk, listener } = await open(t)
  const { token } = await desk.login('alice-1')
  const spellings = [
    '//session',
    '/./session',
    '/x/../session',
    '/session%2f',
    '/%73ession',
    '/session;x',
    '/session/..',
    '/\\session',
    '/session%00',
    '/..;/session',
    '/session#x',
    '/session/.',
  ]
  for (const path of spellings) {
    const raw = `GET ${path} HTTP/1.1\r\n${closing}Authorization: Bearer ${token}\r\n\r\n`
    assert.equal((await sendRaw(listener.port, raw)).status, 400, path)
  }
  for (const path of ['/session/', '/Session', '/SESSION', '/sessio', '/sessions', '/session.json']) {
    const raw = `GET ${path} HTTP/1.1\r\n${closing}Authorization: Bearer ${token}\r\n\r\n`
    assert.equal((await sendRaw(listener.port, raw)).status, 404, path)
  }
})

test('[T26] what one connection does wrong, another that is kept open does not feel', async (t) => {
  const { listener } = await open(t)
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  t.after(() => agent.destroy())
  const ports = new Set<number | undefined>()
  for (const [, bytes] of smuggled) {
    const [response] = await once(httpRequest(`${listener.url}/healthz`, { agent }).end(), 'response')
    ports.add(response.socket.localPort)
    response.resume()
    await once(response, 'end')
    assert.equal(response.statusCode, 200)
    await sendRaw(listener.port, Buffer.from(bytes, 'latin1'))
  }
  assert.equal(ports.size, 1)
})

test('[T26] garbage behind a good request is never answered in its place', async (t) => {
  const handler: HttpHandler = async () => {
    await sleep(50)
    return new Response('mine')
  }
  const { listener } = await open(t, {}, handler)
  const good = 'GET /x HTTP/1.1\r\nHost: a\r\n\r\n'
  assert.doesNotMatch((await sendRaw(listener.port, `${good}garbage\r\n\r\n`)).all, /HTTP\/1\.1 4/)
  const first = await sendRaw(listener.port, `${good}GET /y HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n`)
  assert.deepEqual([first.status, first.body], [200, 'mine'])
})

test('[T27] a body without end is answered at the first byte too many', async (t) => {
  const { listener } = await open(t)
  const socket = connect(listener.port, '127.0.0.1')
  const chunk = `1000\r\n${'x'.repeat(4096)}\r\n`
  socket.write(
    `POST /login HTTP/1.1\r\nHost: a\r\n${json}Transfer-Encoding: chunked\r\n\r\n${chunk.repeat(5)}`,
  )
  const startedAtMs = Date.now()
  const [answer] = await once(socket, 'data')
  assert.equal(parseAnswer(String(answer)).status, 413)
  assert.ok(Date.now() - startedAtMs < 5_000)
  socket.destroy()
})

test('[T27] who never ends a body that was answered is cut off', async (t) => {
  const { listener } = await open(t, { requestTimeoutMs: 0 })
  const head = `POST /login HTTP/1.1\r\nHost: a\r\n${json}Transfer-Encoding: chunked\r\n\r\n`
  const answer = await sendRaw(listener.port, `${head}5000\r\n${'x'.repeat(0x5000)}\r\n`)
  assert.equal(answer.status, 413)
})

test('[T27] a body of more than 16 kB is refused, said beforehand or not', async (t) => {
  const { listener } = await open(t)
  const post = (body: string | ReadableStream) =>
    fetch(`${listener.url}/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
      duplex: 'half',
    })
  const said = await post('x'.repeat(16_385))
  assert.equal(said.status, 413)
  const stream = ReadableStream.from(Array.from({ length: 20 }, () => Buffer.alloc(1_000, 'x')))
  assert.equal((await post(stream)).status, 413)
  const full = JSON.stringify({ code: 'a' }).padEnd(16_384, ' ')
  assert.equal((await post(full)).status, 200)
  const raw = `POST /login HTTP/1.1\r\nHost: a\r\n${json}Expect: 100-continue\r\nContent-Length: 99999\r\n\r\n`
  const socket = connect(listener.port, '127.0.0.1')
  socket.write(raw)
  const [first] = await once(socket, 'data')
  assert.equal(parseAnswer(String(first)).status, 413)
  socket.destroy()
})

test('a client that waits for 100 Continue gets it', async (t) => {
  const { listener } = await open(t)
  const socket = connect(listener.port, '127.0.0.1')
  const body = '{"code":"alice-1"}'
  socket.write(
    `POST /login HTTP/1.1\r\n${closing}${json}Expect: 100-continue\r\nContent-Length: ${body.length}\r\n\r\n`,
  )
  const [first] = await once(socket, 'data')
  assert.match(String(first), /^HTTP\/1\.1 100 Continue/)
  socket.write(body)
  assert.equal(parseAnswer(await untilClosed(socket)).status, 200)
})

const slow = { headersTimeoutMs: 100, requestTimeoutMs: 200, checkIntervalMs: 20 }

test('[T27] headers that come slowly end in 408, while others are served', async (t) => {
  const { listener } = await open(t, slow)
  const socket = connect(listener.port, '127.0.0.1')
  const drip = setInterval(() => socket.write('X'), 10)
  socket.write('GET /healthz HTTP/1.1\r\nHost: a\r\nX')
  socket.on('error', () => undefined)
  const closed = untilClosed(socket)
  assert.equal((await fetch(`${listener.url}/healthz`)).status, 200)
  const answer = parseAnswer(await closed)
  clearInterval(drip)
  assert.equal(answer.status, 408)
  assert.equal(problemShape.parse(JSON.parse(answer.body)).code, 'invalid_request')
})

test('[T27] a body that comes slowly ends in 408, and is no error of the server', async (t) => {
  const { desk, listener } = await open(t, slow)
  const startedAtMs = Date.now()
  const socket = connect(listener.port, '127.0.0.1')
  socket.on('error', () => undefined)
  socket.write(`POST /login HTTP/1.1\r\nHost: a\r\n${json}Content-Length: 100\r\n\r\n{`)
  assert.equal(parseAnswer(await untilClosed(socket)).status, 408)
  assert.ok(Date.now() - startedAtMs < 5_000)
  assert.deepEqual(
    desk.lines.filter(({ level }) => level === 'error'),
    [],
  )
})

test('[T27] more connections than the limit are not taken', async (t) => {
  const { listener } = await open(t, { maxConnections: 2 })
  const sockets = [1, 2, 3].map(() => connect(listener.port, '127.0.0.1'))
  t.after(() => {
    for (const socket of sockets) socket.destroy()
  })
  for (const socket of sockets) socket.on('error', () => undefined)
  const closed = await Promise.race(sockets.map(async (socket) => once(socket, 'close').then(() => socket)))
  assert.equal(sockets.filter((socket) => socket !== closed && !socket.closed).length, 2)
})

test('[R20][T27] a crowd that connects in one moment is taken at once, as large as the kernel lets it be', async (t) => {
  const { listener } = await open(t)
  const sockets = Array.from({ length: Math.min(700, mostThatMayWait()) }, () =>
    connect(listener.port, '127.0.0.1'),
  )
  t.after(() => {
    for (const socket of sockets) socket.destroy()
  })
  for (const socket of sockets) socket.on('error', () => undefined)
  // Whose first packet was dropped tries again a second later.
  const untilMs = performance.now() + 900
  const connecting = () => sockets.filter((socket) => socket.connecting).length
  while (connecting() > 0 && performance.now() < untilMs) await setImmediate()
  assert.equal(connecting(), 0)
})

/** Of the connections to one listener; where nothing says it, what the oldest systems allow. */
function mostThatMayWait(): number {
  const file = '/proc/sys/net/core/somaxconn'
  return existsSync(file) ? Number(readFileSync(file, 'utf8')) : 128
}

test('a taken port is an error that names port, setting and cure', async (t) => {
  const { listener } = await open(t)
  const again = listen(
    webDoor(async () => new Response()),
    {
      host: '127.0.0.1',
      port: listener.port,
      portSetting: 'INTERNAL_PORT',
    },
  )
  await assert.rejects(again, (error) => {
    assert.ok(error instanceof ListenError)
    assert.equal(error.setting, 'INTERNAL_PORT')
    assert.match(error.message, new RegExp(`Port ${listener.port} .*taken.*set INTERNAL_PORT`))
    return true
  })
  await assert.rejects(
    listen(
      webDoor(async () => new Response()),
      { host: '192.0.2.1', port: 0 },
    ),
    /set HOST/,
  )
})

test('closing lets requests under way finish, tells them to close, and takes no new ones', async () => {
  let finish: () => void = () => undefined
  let arrive: () => void = () => undefined
  const arrived = new Promise<void>((resolve) => {
    arrive = resolve
  })
  const handler: HttpHandler = () => {
    arrive()
    return new Promise((resolve) => {
      finish = () => resolve(new Response('done'))
    })
  }
  const listener = await listen(webDoor(handler), { host: '127.0.0.1', port: 0 })
  const running = fetch(`${listener.url}/x`)
  await arrived
  const closed = listener.close()
  await assert.rejects(fetch(`${listener.url}/x`))
  finish()
  const response = await running
  assert.deepEqual([await response.text(), response.headers.get('connection')], ['done', 'close'])
  await closed
})

test('closing does not wait for connections on which nobody said anything', async () => {
  const listener = await listen(
    webDoor(async () => new Response()),
    { host: '127.0.0.1', port: 0 },
  )
  const silent = connect(listener.port, '127.0.0.1')
  await once(silent, 'connect')
  await fetch(`${listener.url}/x`)
  const startedAtMs = Date.now()
  await listener.close()
  assert.ok(Date.now() - startedAtMs < 3_000)
})

test('[R24] who had connected before the closing began may still ask', async () => {
  const listener = await listen(
    webDoor(async () => new Response('late')),
    { host: '127.0.0.1', port: 0 },
  )
  const early = connect(listener.port, '127.0.0.1')
  await once(early, 'connect')
  await fetch(`${listener.url}/x`)
  const closed = listener.close()
  early.write(`GET /x HTTP/1.1\r\n${closing}\r\n`)
  const [piece] = await once(early, 'data')
  assert.match(String(piece), /^HTTP\/1\.1 200 /)
  early.destroy()
  await closed
})

test('closing does not wait for ever for what never ends', async () => {
  const listener: HttpListener = await listen(
    { ask: () => new Promise(() => undefined) },
    {
      host: '127.0.0.1',
      port: 0,
    },
  )
  const running = fetch(`${listener.url}/x`)
  await sleep(20)
  await listener.close({ drainMs: 50 })
  await assert.rejects(running)
})
