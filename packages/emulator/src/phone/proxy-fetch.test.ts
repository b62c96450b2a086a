import assert from 'node:assert/strict'
import { createServer, type RequestListener, type ServerResponse } from 'node:http'
import { test } from 'node:test'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import type { Emulator, RequestOptions, Wx } from '../index.ts'
import { bodyOf, mirror, startBackend } from '../test-support/backend.ts'
import { APPID, startForTest } from '../test-support/kit.ts'
import { heldBackend, makeWx, settled } from '../test-support/phone.ts'
import { ask, PHONE, proxiedWx, until } from '../test-support/proxied.ts'
import { createProxyFetch } from './proxy-fetch.ts'

/** What a page can tell of a call, as far as it does not depend on the connection. */
async function seen(wx: Wx, options: RequestOptions): Promise<object> {
  const outcome = await ask(wx, options)
  if (!outcome.ok) return outcome
  const { data, statusCode, cookies, errMsg } = outcome.res
  return { data, statusCode, cookies, errMsg }
}

/** Both ways must come to the same: straight as in Node, and through the proxy as in the browser. */
async function alike(emulator: Emulator, options: RequestOptions): Promise<object> {
  const straight = await seen(makeWx(), options)
  assert.deepEqual(await seen(proxiedWx(emulator), options), straight, JSON.stringify(options))
  return straight
}

interface Mirrored {
  method: string
  url: string
  headers: Record<string, string>
  body: string
}

async function mirrored(wx: Wx, options: RequestOptions): Promise<Mirrored> {
  const outcome = await ask(wx, options)
  assert.ok(outcome.ok, JSON.stringify(outcome))
  return outcome.res.data as Mirrored // the mirror answers nothing else
}

test('[F84] any status, body and cookie is told as without a proxy', async (t) => {
  const emulator = await startForTest(t)
  const url = await startBackend(t, (req, res) => {
    const status = Number(req.url?.slice(1))
    res.setHeader('Set-Cookie', ['a=1; Path=/', 'b=2'])
    res.writeHead(status, { 'Content-Type': 'application/json' }).end(status === 204 ? '' : '{"状态":"好"}')
  })
  for (const status of [200, 201, 204, 205, 304, 400, 401, 404, 500, 599]) {
    await alike(emulator, { url: `${url}/${status}` })
  }
  const outcome = await ask(proxiedWx(emulator), { url: `${url}/799` })
  assert.equal(outcome.ok && outcome.res.statusCode, 799)
})

test('[F84] every method, body and header arrives as the mini program sent it', async (t) => {
  const emulator = await startForTest(t)
  const url = await startBackend(t, mirror)
  const wx = proxiedWx(emulator)
  for (const method of ['GET', 'POST', 'PUT', 'DELETE', 'OPTIONS']) {
    const got = await mirrored(wx, {
      url: `${url}/路?a=1`,
      method,
      data: { 名: '值' },
      header: { Cookie: 'k=v', 'X-Own': 'y' },
    })
    const plain = await mirrored(makeWx(), { url: `${url}/路?a=1`, method, data: { 名: '值' } })
    assert.deepEqual([got.method, got.url, got.body], [plain.method, plain.url, plain.body])
    assert.deepEqual([got.headers['cookie'], got.headers['x-own']], ['k=v', 'y'])
    assert.equal(got.headers['host'], new URL(url).host)
    assert.equal(got.headers['referer'], `https://servicewechat.com/${APPID}/0/page-frame.html`)
    assert.match(got.headers['user-agent'] ?? '', /MicroMessenger/)
    assert.deepEqual(
      Object.keys(got.headers).filter((name) => /yaopai|origin|sec-/.test(name)),
      [],
    )
  }
})

test('[F84] redirects are followed as without a proxy, and strangers get neither cookies nor credentials', async (t) => {
  const emulator = await startForTest(t)
  const other = await startBackend(t, mirror)
  const url = await startBackend(t, (req, res) => {
    const [, status = '', where = ''] = /^\/(\d+)\/(\w+)/.exec(req.url ?? '') ?? []
    if (status === '') return mirror(req, res)
    const location =
      { same: '/end', other: `${other}/end`, loop: req.url ?? '', nowhere: 'ftp://x/' }[where] ?? ''
    res.writeHead(Number(status), { Location: location }).end('moved')
  })
  for (const status of [301, 302, 303, 307, 308]) {
    for (const method of ['GET', 'POST', 'PUT']) {
      const options = { url: `${url}/${status}/same`, method, data: { a: 1 } }
      const straight = await mirrored(makeWx(), options)
      const got = await mirrored(proxiedWx(emulator), options)
      assert.deepEqual([got.method, got.url, got.body], [straight.method, straight.url, straight.body])
    }
  }
  const header = { Authorization: 'Bearer t0ken', Cookie: 'a=1', 'X-Own': 'y' }
  const abroad = await mirrored(proxiedWx(emulator), {
    url: `${url}/307/other`,
    method: 'POST',
    data: 'x',
    header,
  })
  const { authorization, cookie, 'x-own': own } = abroad.headers
  assert.deepEqual([authorization, cookie, own, abroad.body], [undefined, undefined, 'y', 'x'])
  for (const where of ['loop', 'nowhere']) await alike(emulator, { url: `${url}/302/${where}` })
  const manual = await ask(proxiedWx(emulator), { url: `${url}/302/same`, redirect: 'manual' })
  assert.ok(manual.ok && manual.res.statusCode === 302 && manual.res.header['Location'] === '/end')
})

const BROKEN: [string, RequestListener][] = [
  ['a connection that is reset', (req) => void req.socket.destroy()],
  [
    'an answer that breaks off',
    (_req, res) => void res.writeHead(200, { 'Content-Length': '100' }).write('{', () => res.destroy()),
  ],
  ['an answer that is no HTTP', (_req, res) => void res.socket?.end('nonsense\r\n\r\n')],
]

for (const [what, listener] of BROKEN) {
  test(`[F84] ${what} fails with the words that it has without a proxy`, async (t) => {
    const emulator = await startForTest(t)
    const failure = await alike(emulator, { url: await startBackend(t, listener) })
    assert.match(JSON.stringify(failure), /request:fail -\d+:net::ERR_/)
  })
}

test('[F84] nobody there, no such name: the words are those that it has without a proxy', async (t) => {
  const emulator = await startForTest(t)
  const port = await new Promise<number>((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
  const refused = await alike(emulator, { url: `http://127.0.0.1:${port}/` })
  assert.match(JSON.stringify(refused), /ERR_CONNECTION_REFUSED","errno":600001/)
  await alike(emulator, { url: 'http://no-such-host.invalid/' })
})

test('[F84] packed answers arrive unpacked, and the headers say what was sent', async (t) => {
  const emulator = await startForTest(t)
  const packers: Record<string, (text: string) => Buffer> = {
    gzip: gzipSync,
    deflate: deflateSync,
    br: brotliCompressSync,
  }
  const url = await startBackend(t, (req, res) => {
    const encoding = req.url?.slice(1) ?? ''
    res.setHeader('Content-Encoding', encoding)
    res.end(packers[encoding]?.('{"a":1}'))
  })
  for (const encoding of Object.keys(packers)) {
    const outcome = await ask(proxiedWx(emulator), { url: `${url}/${encoding}` })
    assert.ok(outcome.ok)
    assert.deepEqual([outcome.res.data, outcome.res.header['Content-Encoding']], [{ a: 1 }, encoding])
  }
})

test('[F84] the body streams: its first part arrives before the last is sent', async (t) => {
  const emulator = await startForTest(t)
  let answer: ServerResponse | undefined
  const url = await startBackend(t, (_req, res) => {
    answer = res
    res.write('first')
  })
  const response = await createProxyFetch({ phone: PHONE, emulatorUrl: emulator.url })(url, {
    headers: { a: 'b' },
  })
  const reader = response.body?.getReader()
  assert.equal(new TextDecoder().decode((await reader?.read())?.value), 'first')
  answer?.end('last')
  assert.equal(new TextDecoder().decode((await reader?.read())?.value), 'last')
  assert.equal((await reader?.read())?.done, true)
})

test('[F84] when the phone gives up, the server hears of it', async (t) => {
  const emulator = await startForTest(t)
  const backend = heldBackend()
  const url = await startBackend(t, backend.listener)
  const wx = proxiedWx(emulator)
  const failure = new Promise((fail) => wx.request({ url, fail }).onHeadersReceived(() => {}))
  const task = wx.request({ url, fail: () => {} })
  await backend.until(2)
  let gone = 0
  for (const res of backend.held)
    res.once('close', () => {
      gone += 1
    })
  task.abort()
  await until(() => gone === 1)
  wx.phone.setOffline(true)
  await until(() => gone === 2)
  assert.deepEqual(await failure, {
    errMsg: 'request:fail -106:net::ERR_INTERNET_DISCONNECTED',
    errno: 600001,
  })
})

test('[F84] uploads and downloads go the same way', async (t) => {
  const emulator = await startForTest(t)
  const bytes = Buffer.from(Array.from({ length: 3000 }, (_, index) => index % 256))
  const url = await startBackend(t, (req, res) => {
    if (req.method === 'GET') return res.setHeader('Content-Type', 'image/png').end(bytes)
    return void bodyOf(req).then((body) => res.end(`${req.headers['content-type']}|${body}`))
  })
  const wx = proxiedWx(emulator)
  const filePath = wx.phone.addTempFile('a photo', 'jpg')
  const up = await settled((callbacks) =>
    wx.uploadFile({ url, filePath, name: 'f', formData: { token: 't' }, ...callbacks }),
  )
  assert.ok(up.ok)
  const [, boundary = 'none', body = ''] =
    /^multipart\/form-data; boundary=([^|]+)\|(.*)$/s.exec((up.res as { data: string }).data) ?? []
  assert.ok(body.includes(boundary) && body.includes('a photo') && body.includes('name="token"'))
  const progress: number[] = []
  const down = await settled((callbacks) => {
    wx.downloadFile({ url, ...callbacks }).onProgressUpdate((told) =>
      progress.push(told.totalBytesExpectedToWrite),
    )
  })
  assert.ok(down.ok)
  const { tempFilePath } = down.res as { tempFilePath: string }
  assert.deepEqual(Buffer.from(wx.phone.files.get(tempFilePath) ?? ''), bytes)
  assert.equal(progress[0], 3000)
  const kinds = emulator.conversation().arrows.map(({ kind, part }) => `${kind} ${part}`)
  assert.deepEqual(kinds, [
    'wx.uploadFile call',
    'wx.uploadFile answer',
    'wx.downloadFile call',
    'wx.downloadFile answer',
  ])
})

test('[F84] a long URL passes, and so does a body of many megabytes', async (t) => {
  const emulator = await startForTest(t)
  const url = await startBackend(t, (req, res) => {
    let length = 0
    req.on('data', (chunk: Buffer) => {
      length += chunk.length
    })
    req.on('end', () =>
      res.end(JSON.stringify({ length, url: req.url?.length, announced: req.headers['content-length'] })),
    )
  })
  const wx = proxiedWx(emulator)
  const long = await ask(wx, { url: `${url}/${'x'.repeat(12_000)}` })
  assert.equal(long.ok && (long.res.data as { url: number }).url, 12_001)
  const large = await ask(wx, { url, method: 'POST', data: new ArrayBuffer(5_000_000) })
  assert.deepEqual(large.ok && large.res.data, { length: 5_000_000, url: 1, announced: '5000000' })
})

test('[F84] what the phone asks of the emulator itself says which phone asks', async (t) => {
  const emulator = await startForTest(t)
  const wx = proxiedWx(emulator, {}, { id: 'phone:2', user: '小 明', device: '平板' })
  await wx.login()
  const { stations, arrows } = emulator.conversation()
  assert.deepEqual(stations[0], { id: 'phone:2', kind: 'mini-program', user: '小 明', device: '平板' })
  assert.deepEqual(
    arrows.map(({ kind, from }) => [kind, from]),
    [
      ['wx.login', 'phone:2'],
      ['wx.login', 'wechat'],
    ],
  )
})
