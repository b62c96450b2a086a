import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import { createServer as createTcpServer, type Socket } from 'node:net'
import { describe, type TestContext, test } from 'node:test'
import { setTimeout as passed } from 'node:timers/promises'
import { inspect } from 'node:util'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { listen } from '../../testing/listen.ts'
import type { WechatAnswer, WechatRequest } from './transport.ts'
import { createUndiciTransport, type UndiciTransportOptions } from './undici-transport.ts'

const SECRET = 'c0ffee00c0ffee00c0ffee00c0ffee00'

function request(): WechatRequest {
  return {
    path: '/sns/jscode2session',
    query: new URLSearchParams({ appid: 'wx1', secret: SECRET, js_code: 'a b&c' }),
  }
}

/** Sends one request; nothing of what comes back may show the secret. */
async function ask(t: TestContext, options: UndiciTransportOptions): Promise<WechatAnswer> {
  const send = createUndiciTransport({ timeoutMs: 10_000, ...options })
  t.after(() => send.close())
  const answer = await send(request())
  const shown = inspect(answer, { depth: null, showHidden: true }) + JSON.stringify(answer)
  assert.equal(shown.includes(SECRET), false, shown)
  return answer
}

async function askHttp(t: TestContext, listener: RequestListener, timeoutMs = 10_000): Promise<WechatAnswer> {
  const port = await listen(t, createServer(listener))
  return ask(t, { baseUrl: `http://127.0.0.1:${port}`, timeoutMs })
}

async function askTcp(t: TestContext, onData: (socket: Socket) => void): Promise<WechatAnswer> {
  const server = createTcpServer((socket) => socket.once('data', () => onData(socket)))
  const port = await listen(t, server)
  return ask(t, { baseUrl: `http://127.0.0.1:${port}` })
}

async function closedPort(): Promise<number> {
  const server = createTcpServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  assert.ok(address !== null && typeof address === 'object')
  server.close()
  await once(server, 'close')
  return address.port
}

describe('an answer', () => {
  test('[F1] status and body come as they are, refusals too', async (t) => {
    const seen: IncomingMessage[] = []
    const answer = await askHttp(t, (incoming, response) => {
      seen.push(incoming)
      response.setHeader('content-type', 'text/plain').end('{"errcode":40029}')
    })
    assert.deepEqual(answer, { kind: 'answer', status: 200, body: '{"errcode":40029}' })
    assert.equal(seen[0]?.method, 'GET')
    assert.equal(seen[0]?.url, `/sns/jscode2session?appid=wx1&secret=${SECRET}&js_code=a+b%26c`)
    assert.equal(seen[0]?.headers['accept-encoding'], undefined)
  })

  test('[R10] a status of any kind is handed on, its body with it', async (t) => {
    for (const status of [201, 400, 404, 500, 503]) {
      const answer = await askHttp(t, (_, response) => response.writeHead(status).end('<html>'))
      assert.deepEqual(answer, { kind: 'answer', status, body: '<html>' })
    }
    const nothing = await askHttp(t, (_, response) => response.writeHead(204).end())
    assert.deepEqual(nothing, { kind: 'answer', status: 204, body: '' })
  })

  test('[R10] wherever the body is cut into chunks, also within a letter, it comes whole', async (t) => {
    const body = Buffer.from('{"openid":"o1","errmsg":"小程序🌏"}')
    let cut = 0
    const server = createServer((_, response) => {
      response.write(body.subarray(0, cut))
      setImmediate(() => response.end(body.subarray(cut)))
    })
    const port = await listen(t, server)
    const send = createUndiciTransport({ baseUrl: `http://127.0.0.1:${port}`, timeoutMs: 10_000 })
    t.after(() => send.close())
    for (cut = 0; cut <= body.length; cut += 1)
      assert.deepEqual(await send(request()), { kind: 'answer', status: 200, body: body.toString() })
  })

  test('[R10] a byte at a time is as good', async (t) => {
    const body = Buffer.from('{"session_key":"小"}')
    const answer = await askHttp(t, async (_, response) => {
      for (const byte of body) {
        response.write(Buffer.of(byte))
        await passed(1)
      }
      response.end()
    })
    assert.deepEqual(answer, { kind: 'answer', status: 200, body: body.toString() })
  })
})

describe('no answer', () => {
  test('[F11] a refused connection: nothing was sent', async (t) => {
    const answer = await ask(t, { baseUrl: `http://127.0.0.1:${await closedPort()}` })
    assert.deepEqual(answer, { kind: 'no_answer', sent: false, cause: 'ECONNREFUSED' })
  })

  test('[F11] a name of several addresses that all refuse: nothing was sent', async (t) => {
    const answer = await ask(t, { baseUrl: `http://localhost:${await closedPort()}` })
    assert.equal(answer.kind === 'no_answer' && answer.sent, false)
  })

  test('[F11][T02] a connection reset after the request: it may have been sent', async (t) => {
    const answer = await askTcp(t, (socket) => socket.resetAndDestroy())
    assert.equal(answer.kind === 'no_answer' && answer.sent, true)
  })

  test('[F11][T02] a connection closed before, within and after the head: it may have been sent', async (t) => {
    for (const text of ['', 'HTTP/1.1 200', 'HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\n{"openid"']) {
      const answer = await askTcp(t, (socket) => socket.end(text))
      assert.equal(answer.kind === 'no_answer' && answer.sent, true, text)
    }
  })

  test('[T02][R10] what is no HTTP at all', async (t) => {
    for (const text of ['SSH-2.0-OpenSSH_9\r\n', '\0\0\0\0', 'HTTP/9.9 abc\r\n\r\n', '<html>\n\n']) {
      const answer = await askTcp(t, (socket) => socket.end(text))
      assert.equal(answer.kind === 'no_answer' && answer.sent, true, text)
    }
  })

  test('[R08][T02] one that is slow, in its head or in its body, is given up in time', async (t) => {
    const listeners: RequestListener[] = [
      () => undefined,
      (_, response) => response.write('{'),
      (_, response) => {
        const timer = setInterval(() => response.write(' '), 20)
        response.on('close', () => clearInterval(timer))
      },
    ]
    for (const listener of listeners) {
      const startedAt = performance.now()
      const answer = await askHttp(t, listener, 300)
      assert.deepEqual(answer, { kind: 'no_answer', sent: true, cause: 'time-out' })
      assert.ok(performance.now() - startedAt < 8_000)
    }
  })

  test('[T02] an address that is none shows nothing of the secret', async (t) => {
    for (const baseUrl of ['nowhere', 'http://[', 'ftp://127.0.0.1', 'http://127.0.0.1:1:1']) {
      const answer = await ask(t, { baseUrl })
      assert.equal(answer.kind, 'no_answer')
    }
  })

  test('a connection that the other side closed meanwhile is made anew', async (t) => {
    const server = createServer((_, response) => response.end('{}'))
    server.keepAliveTimeout = 1
    const port = await listen(t, server)
    const send = createUndiciTransport({ baseUrl: `http://127.0.0.1:${port}`, timeoutMs: 10_000 })
    t.after(() => send.close())
    for (let round = 0; round < 3; round += 1) {
      assert.equal((await send(request())).kind, 'answer')
      server.closeAllConnections()
      await passed(100)
    }
  })
})

describe('what is not taken', () => {
  test('[T29][T02] a redirect is not followed: the secret reaches no second host', async (t) => {
    const visitors: string[] = []
    const evil = createServer((incoming, response) => {
      visitors.push(incoming.url ?? '')
      response.end('{}')
    })
    evil.on('connection', () => visitors.push('connection'))
    const evilPort = await listen(t, evil)
    for (const status of [301, 302, 303, 307, 308]) {
      const answer = await askHttp(t, (incoming, response) => {
        response.writeHead(status, { location: `http://127.0.0.1:${evilPort}${incoming.url}` }).end('moved')
      })
      assert.deepEqual(answer, { kind: 'answer', status, body: 'moved' })
    }
    assert.deepEqual(visitors, [])
  })

  test('[T29][R10] ten megabytes are not read to their end', async (t) => {
    let written = 0
    const answer = await askHttp(t, async (_, response) => {
      const chunk = Buffer.alloc(65_536, 0x20)
      while (written < 160 && !response.destroyed) {
        written += 1
        if (!response.write(chunk)) await passed(1)
      }
      response.end()
    })
    assert.deepEqual(answer, { kind: 'unreadable', status: 200, cause: 'body over 64 KiB' })
  })

  test('[T29] 64 KiB are taken, one byte more is not', async (t) => {
    const exact = await askHttp(t, (_, response) => response.end(' '.repeat(65_536)))
    assert.equal(exact.kind, 'answer')
    const over = await askHttp(t, (_, response) => response.end(' '.repeat(65_537)))
    assert.deepEqual(over, { kind: 'unreadable', status: 200, cause: 'body over 64 KiB' })
  })

  test('[T29][R10] a compressed body is not unpacked, and the server goes on', async (t) => {
    const bomb = Buffer.alloc(10_000_000)
    const bodies = [
      ['gzip', gzipSync(bomb)],
      ['br', brotliCompressSync('{}')],
      ['deflate', Buffer.from('{}')],
      ['gzip, gzip', gzipSync(gzipSync('{}'))],
    ] as const
    for (const [encoding, body] of bodies) {
      const answer = await askHttp(t, (_, response) =>
        response.setHeader('content-encoding', encoding).end(body),
      )
      assert.deepEqual(answer, { kind: 'unreadable', status: 200, cause: 'compressed body' })
    }
    await passed(20)
  })

  test('[T29][R10] bytes that are not UTF-8 are no text', async (t) => {
    for (const bytes of [[0xff, 0xfe], [0xc3], [0xed, 0xa0, 0x80], [0xc0, 0xaf], [0xb1, 0xbe]]) {
      const answer = await askHttp(t, (_, response) => response.end(Buffer.from(bytes)))
      assert.deepEqual(answer, { kind: 'unreadable', status: 200, cause: 'body is not UTF-8' })
    }
  })
})
