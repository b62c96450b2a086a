import assert from 'node:assert/strict'
import { request } from 'node:http'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Emulator } from '../../index.ts'
import { mirror, startBackend } from '../../test-support/backend.ts'
import { startForTest } from '../../test-support/kit.ts'
import { ask, PHONE, proxiedWx } from '../../test-support/proxied.ts'
import { type Envelope, pack, phoneHeader, readPhoneHeader, unpack } from './envelope.ts'

const ENVELOPE: Envelope = {
  api: 'request',
  method: 'GET',
  url: 'http://127.0.0.1:1/',
  headers: [],
  redirect: 'follow',
  isLost: false,
}

interface Raw {
  method?: string
  headers?: Record<string, string>
}

/** A request as fetch would not send it. */
function send(
  emulator: Emulator,
  { method = 'POST', headers = {} }: Raw,
): Promise<{ status: number | undefined; text: string }> {
  const { port } = new URL(emulator.url)
  return new Promise((resolve, reject) => {
    const outgoing = request(
      { host: '127.0.0.1', port, path: '/_emulator/phone/send', method, headers },
      (res) => {
        let text = ''
        res.setEncoding('utf8').on('data', (chunk) => {
          text += chunk
        })
        res.on('end', () => resolve({ status: res.statusCode, text }))
      },
    )
    outgoing.on('error', reject)
    if (headers['content-length'] === undefined) outgoing.end()
    else outgoing.flushHeaders()
  })
}

const good = { 'x-yaopai-phone': phoneHeader(PHONE), 'x-yaopai-send': pack(ENVELOPE) }

const REFUSED: [string, Raw, number, RegExp][] = [
  [
    'a form of a foreign page',
    { headers: { ...good, origin: 'https://evil.example' } },
    403,
    /foreign_origin/,
  ],
  ['a name that points here', { headers: { ...good, host: 'evil.example' } }, 403, /host_not_loopback/],
  ['a simple request without the headers', {}, 400, /x-yaopai-phone/],
  ['no phone', { headers: { ...good, 'x-yaopai-phone': 'alice' } }, 400, /names no phone/],
  ['no envelope', { headers: { ...good, 'x-yaopai-send': 'e30' } }, 400, /no envelope/],
  ['an envelope that is no JSON', { headers: { ...good, 'x-yaopai-send': '***' } }, 400, /no envelope/],
  ['another method', { method: 'GET', headers: good }, 405, /use POST/],
  ['more than 100 MB', { headers: { ...good, 'content-length': '104857601' } }, 413, /104857600 bytes/],
]

for (const [what, raw, status, message] of REFUSED) {
  test(`[F86] the proxy does not take ${what}`, async (t) => {
    const emulator = await startForTest(t)
    const answer = await send(emulator, raw)
    assert.equal(answer.status, status, answer.text)
    assert.match(answer.text, message)
    assert.deepEqual(emulator.conversation().arrows, [])
  })
}

test('[F86] no envelope makes the proxy fail inside, and none with a bad header or URL gets out', async (t) => {
  const emulator = await startForTest(t)
  const field = fc.oneof(fc.string(), fc.jsonValue())
  const odd = fc.record({ method: field, url: field, headers: field, api: field }, { requiredKeys: [] })
  const bad = fc.constantFrom(
    { url: 'file:///etc/hosts' },
    { url: 'http://' },
    { headers: [['a b', 'x']] },
    { headers: [['a', 'x\r\ny: z']] },
    { method: 'GET /\r\nx' },
  )
  await fc.assert(
    fc.asyncProperty(fc.oneof(odd, bad), async (change) => {
      const headers = { ...good, 'x-yaopai-send': pack({ ...ENVELOPE, ...change }) }
      const { status } = await send(emulator, { headers })
      assert.ok(status === 400 || status === 502, `${JSON.stringify(change)}: ${status}`)
    }),
    { numRuns: 300 },
  )
})

test('[F86] a mini program gets neither to the controls nor to the proxy, and WeChat’s own host is refused', async (t) => {
  const emulator = await startForTest(t)
  const { port } = new URL(emulator.url)
  const wx = proxiedWx(emulator)
  for (const host of ['127.0.0.1', 'localhost', '127.0.0.1.']) {
    const outcome = await ask(wx, { url: `http://${host}:${port}/_emulator/state` })
    assert.equal(outcome.ok && outcome.res.statusCode === 200, false, host)
  }
  const headers = {
    ...good,
    'x-yaopai-send': pack({ ...ENVELOPE, url: 'https://api.weixin.qq.com/sns/jscode2session' }),
  }
  assert.equal((await send(emulator, { headers })).status, 502)
  assert.equal(emulator.conversation().arrows.at(-1)?.outcome, 'failed')
})

test('[F86] --backend: a URL takes all that is for others, a pair takes one origin, this machine is left alone', async (t) => {
  const [rest, own, local] = [
    await startBackend(t, mirror),
    await startBackend(t, mirror),
    await startBackend(t, mirror),
  ]
  const lines: string[] = []
  const backends = [`${rest}/api/`, `https://shop.example.com=${own}`]
  const emulator = await startForTest(t, { backends, log: (line) => lines.push(line) })
  const wx = proxiedWx(emulator)
  const reached = async (url: string) => {
    const outcome = await ask(wx, { url })
    assert.ok(outcome.ok, JSON.stringify(outcome))
    const { headers, url: path } = outcome.res.data as { headers: { host: string }; url: string }
    return `http://${headers.host}${path}`
  }
  assert.equal(await reached('https://api.example.com/orders?a=%20'), `${rest}/api/orders?a=%20`)
  assert.equal(await reached('https://shop.example.com/x'), `${own}/x`)
  assert.equal(await reached(`${local}/y`), `${local}/y`)
  assert.deepEqual(lines, [])
  const { stations } = emulator.conversation()
  const shop = stations.find(({ id }) => id === 'https://shop.example.com')
  assert.deepEqual(shop, { id: 'https://shop.example.com', kind: 'back-end', sentTo: own })
})

test('[F86] without --backend a request goes where it says, and the log says once that it left', async (t) => {
  const lines: string[] = []
  const emulator = await startForTest(t, { log: (line) => lines.push(line) })
  const wx = proxiedWx(emulator)
  for (const path of ['/a', '/b']) await ask(wx, { url: `http://no-such-host.invalid${path}` })
  assert.deepEqual(lines, [
    'requests to http://no-such-host.invalid leave this machine; --backend URL sends them to a back end of yours',
  ])
  assert.equal(emulator.conversation().arrows[0]?.to, 'http://no-such-host.invalid')
})

test('[F86] a back end that makes no sense is named with its cure', async (t) => {
  const wrong = [
    ['nonsense'],
    ['ftp://x'],
    ['http://a/?b=1'],
    ['http://a', 'http://b'],
    ['http://a/path=http://b'],
    ['http://a=http://b', 'http://a=http://c'],
  ]
  for (const backends of wrong) {
    await assert.rejects(
      startForTest(t, { backends }),
      { code: 'bad_backend', message: /give a URL/ },
      backends.join(),
    )
  }
})

test('[F86] what is packed into a header is what comes out, whatever the names', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary' }),
      fc.string({ minLength: 1, maxLength: 50, unit: 'grapheme' }),
      (text, user) => {
        assert.deepEqual(unpack(pack({ text })), { text })
        const phone = { id: 'phone:1', user, device: 'phone' }
        assert.deepEqual(readPhoneHeader(phoneHeader(phone)), phone)
      },
    ),
  )
})
