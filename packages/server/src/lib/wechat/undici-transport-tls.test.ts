import assert from 'node:assert/strict'
import { connect, createServer as createTcpServer } from 'node:net'
import process from 'node:process'
import { describe, type TestContext, test } from 'node:test'
import { createServer, type TlsOptions } from 'node:tls'
import { inspect } from 'node:util'
import { needs } from '../../../../../tools/needs.ts'
import { type Certificate, type Certificates, withCertificates } from '../../testing/certificates.ts'
import { listen } from '../../testing/listen.ts'
import { createUndiciTransport } from './undici-transport.ts'

const SECRET = 'c0ffee00c0ffee00c0ffee00c0ffee00'
const query = new URLSearchParams({ appid: 'wx1', secret: SECRET })

interface Outcome {
  readonly answered: boolean
  readonly cause: string
  /** What the server understood of it, and what went over the wire. */
  readonly decrypted: string
  readonly wire: string
}

/** Talks to a TLS server through a tap, so that the bytes on the wire are seen as well. */
async function talk(t: TestContext, options: TlsOptions, ca: string): Promise<Outcome> {
  let decrypted = ''
  let wire = ''
  const server = createServer(options, (socket) => {
    socket.on('error', () => undefined)
    socket.on('data', (data) => {
      decrypted += data.toString('latin1')
      socket.end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}')
    })
  })
  server.on('tlsClientError', () => undefined)
  const serverPort = await listen(t, server)
  const tap = createTcpServer((client) => {
    const upstream = connect(serverPort, '127.0.0.1')
    client.on('data', (data) => {
      wire += data.toString('latin1')
      upstream.write(data)
    })
    upstream.on('error', () => client.destroy()).on('close', () => client.destroy())
    upstream.on('data', (data) => client.write(data))
    client.on('error', () => upstream.destroy()).on('close', () => upstream.destroy())
  })
  const port = await listen(t, tap)
  const send = createUndiciTransport({ baseUrl: `https://localhost:${port}`, ca, timeoutMs: 30_000 })
  t.after(() => send.close())
  const answer = await send({ path: '/sns/jscode2session', query })
  assert.equal(inspect(answer, { depth: null }).includes(SECRET), false)
  return {
    answered: answer.kind === 'answer',
    cause: answer.kind === 'answer' ? '' : answer.cause,
    decrypted,
    wire,
  }
}

function assertNothingWasTold(outcome: Outcome): void {
  assert.equal(outcome.answered, false)
  assert.equal(outcome.decrypted, '')
  assert.ok(outcome.wire.length > 0, 'the client never came')
  assert.equal(outcome.wire.includes(SECRET), false)
}

interface Made {
  readonly ca: string
  readonly good: Certificate
  readonly wrongName: Certificate
  readonly expired: Certificate
  readonly selfSigned: Certificate
  readonly foreign: Certificate
}

function makeAll(certificates: Certificates): Made {
  return {
    ca: certificates.ca,
    good: certificates.issue('localhost'),
    wrongName: certificates.issue('api.weixin.qq.com.evil.example'),
    expired: certificates.issue('localhost', -1),
    selfSigned: certificates.selfSigned('localhost'),
    foreign: withCertificates((others) => others.issue('localhost')),
  }
}

describe('over TLS', needs('openssl'), () => {
  let made: Made | undefined
  const certificates = () => {
    made ??= withCertificates(makeAll)
    return made
  }

  test('[F9] a server whose certificate is right is asked, and the wire shows no secret', async (t) => {
    const { ca, good } = certificates()
    for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
      const outcome = await talk(t, { ...good, minVersion: version, maxVersion: version }, ca)
      assert.equal(outcome.answered, true, outcome.cause)
      assert.ok(outcome.decrypted.includes(SECRET))
      assert.equal(outcome.wire.includes(SECRET), false)
    }
  })

  for (const [kind, cause] of [
    ['selfSigned', 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    ['wrongName', 'ERR_TLS_CERT_ALTNAME_INVALID'],
    ['expired', 'CERT_HAS_EXPIRED'],
    ['foreign', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
  ] as const) {
    test(`[F9][T29][T02] one whose certificate is ${kind} is told nothing`, async (t) => {
      const { ca, [kind]: certificate } = certificates()
      const outcome = await talk(t, { ...certificate }, ca)
      assertNothingWasTold(outcome)
      assert.equal(outcome.cause, cause)
    })
  }

  test('[F9][T29][T02] one that speaks only TLS 1.1 or 1.0 is told nothing', async (t) => {
    const { ca, good } = certificates()
    for (const version of ['TLSv1.1', 'TLSv1'] as const) {
      const old = { minVersion: version, maxVersion: version, ciphers: 'DEFAULT:@SECLEVEL=0' }
      assertNothingWasTold(await talk(t, { ...good, ...old }, ca))
    }
  })

  test('[F9][T39] the environment switch that trusts everyone does not reach it', async (t) => {
    const { ca, selfSigned } = certificates()
    const before = process.env['NODE_TLS_REJECT_UNAUTHORIZED']
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0'
    try {
      assertNothingWasTold(await talk(t, { ...selfSigned }, ca))
    } finally {
      if (before === undefined) delete process.env['NODE_TLS_REJECT_UNAUTHORIZED']
      else process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = before
    }
  })

  test('[T29][T02] one that speaks plain HTTP on the port is told nothing', async (t) => {
    let wire = ''
    const plain = createTcpServer((socket) => {
      socket.on('data', (data) => {
        wire += data.toString('latin1')
        socket.end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}')
      })
    })
    const port = await listen(t, plain)
    const send = createUndiciTransport({ baseUrl: `https://localhost:${port}`, timeoutMs: 30_000 })
    t.after(() => send.close())
    const answer = await send({ path: '/sns/jscode2session', query })
    assert.equal(answer.kind, 'no_answer')
    assert.equal(wire.includes(SECRET), false)
  })

  test('[R08] one that never finishes its handshake is given up in time, nothing sent', async (t) => {
    const port = await listen(
      t,
      createTcpServer(() => undefined),
    )
    const send = createUndiciTransport({ baseUrl: `https://localhost:${port}`, timeoutMs: 3_000 })
    t.after(() => send.close())
    const startedAt = performance.now()
    const answer = await send({ path: '/sns/jscode2session', query })
    assert.deepEqual(answer, { kind: 'no_answer', sent: false, cause: 'UND_ERR_CONNECT_TIMEOUT' })
    assert.ok(performance.now() - startedAt < 2_900)
  })
})
