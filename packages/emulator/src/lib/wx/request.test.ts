import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createManualTimer, type RequestOptions, type RequestResult, type Wx } from '../../index.ts'
import { mirror, startBackend } from '../../test-support/backend.ts'
import { APPID } from '../../test-support/kit.ts'
import { heldBackend, makeWx, type Settled, settled } from '../../test-support/phone.ts'

function settle(wx: Wx, options: RequestOptions): Promise<Settled<RequestResult>> {
  return settled((callbacks) => wx.request({ ...options, ...callbacks }))
}

interface Mirrored {
  method: string
  url: string
  headers: Record<string, string>
  body: string
}

async function mirrored(wx: Wx, options: RequestOptions): Promise<Mirrored> {
  const outcome = await settle(wx, options)
  assert.ok(outcome.ok, JSON.stringify(outcome))
  return outcome.res.data as Mirrored // the mirror answers nothing else
}

const tick = () => new Promise((resolve) => setTimeout(resolve, 30))

for (const status of [200, 201, 204, 304, 400, 401, 404, 500, 503]) {
  test(`[F84] wx.request: HTTP ${status} is a success`, async (t) => {
    const url = await startBackend(t, (_req, res) => res.writeHead(status).end())
    const settled = await settle(makeWx(), { url })
    assert.ok(settled.ok)
    assert.deepEqual([settled.res.errMsg, settled.res.statusCode], ['request:ok', status])
  })
}

test('[F84] the Referer is the mini program’s and cannot be set', async (t) => {
  const url = await startBackend(t, mirror)
  const header = { Referer: 'https://evil.example/', referer: 'x', 'X-Own': 'y' }
  const page = `https://servicewechat.com/${APPID}`
  const develop = await mirrored(makeWx(), { url, header })
  assert.deepEqual([develop.headers['referer'], develop.headers['x-own']], [`${page}/0/page-frame.html`, 'y'])
  const devtools = await mirrored(makeWx({ devtools: true }), { url })
  assert.equal(devtools.headers['referer'], `${page}/devtools/page-frame.html`)
  const release = await mirrored(makeWx({ envVersion: 'release' }), { url })
  assert.equal(release.headers['referer'], `${page}/1/page-frame.html`)
})

test('[F84] GET data goes into the query, encoded; POST data into a JSON body', async (t) => {
  const url = await startBackend(t, mirror)
  const wx = makeWx()
  const data = { 名: '张 三', plus: 'a+b=', n: 1, none: undefined }
  const got = await mirrored(wx, { url: `${url}/p?x=1#frag`, data })
  assert.equal(got.url, '/p?x=1&%E5%90%8D=%E5%BC%A0%20%E4%B8%89&plus=a%2Bb%3D&n=1')
  assert.deepEqual([got.method, got.headers['content-type']], ['GET', 'application/json'])
  const posted = await mirrored(wx, { url, method: 'POST', data })
  assert.deepEqual([posted.method, posted.body], ['POST', JSON.stringify(data)])
  const header = { 'Content-Type': 'application/x-www-form-urlencoded' }
  const form = await mirrored(wx, { url, method: 'post', data: { a: '1 2', b: '&' }, header })
  assert.equal(form.body, 'a=1%202&b=%26')
  assert.equal((await mirrored(wx, { url, method: 'PUT', data: 'as it is' })).body, 'as it is')
})

test('[F84] whatever a page puts into GET data, the back end reads it', async (t) => {
  const url = await startBackend(t, mirror)
  const wx = makeWx()
  const text = fc.string({ unit: 'grapheme', minLength: 1 })
  await fc.assert(
    fc.asyncProperty(text, text, async (name, value) => {
      const { url: path } = await mirrored(wx, { url, data: { [name]: value } })
      assert.equal(new URL(path, url).searchParams.get(name), value)
    }),
    { numRuns: 200 },
  )
})

test('[F84] answers: JSON is parsed, other text stays, a BOM is dropped, bytes on demand', async (t) => {
  const bodies: Record<string, string> = { '/json': '{"a":1}', '/text': 'no {json', '/bom': '\ufeff{"a":2}' }
  const url = await startBackend(t, (req, res) => res.end(bodies[req.url ?? '']))
  const wx = makeWx()
  const dataOf = async (options: RequestOptions) => {
    const outcome = await settle(wx, options)
    return outcome.ok ? outcome.res.data : outcome
  }
  assert.deepEqual(await dataOf({ url: `${url}/json` }), { a: 1 })
  assert.equal(await dataOf({ url: `${url}/text` }), 'no {json')
  assert.deepEqual(await dataOf({ url: `${url}/bom` }), { a: 2 })
  assert.equal(await dataOf({ url: `${url}/json`, dataType: 'text' }), '{"a":1}')
  const bytes = await dataOf({ url: `${url}/json`, responseType: 'arraybuffer' })
  assert.ok(bytes instanceof ArrayBuffer && bytes.byteLength === 7)
})

test('[F84] header names come as the platform writes them, cookies as a list that nobody keeps', async (t) => {
  const url = await startBackend(t, (req, res) => {
    res.setHeader('WWW-Authenticate', 'Bearer')
    res.setHeader('Set-Cookie', ['a=1', 'b=2'])
    res.end(JSON.stringify(req.headers.cookie ?? null))
  })
  const title = await settle(makeWx(), { url })
  assert.ok(title.ok && title.res.header['Www-Authenticate'] === 'Bearer')
  assert.deepEqual(title.res.cookies, ['a=1', 'b=2'])
  const wx = makeWx({ headerCase: 'lower' })
  await settle(wx, { url })
  const lower = await settle(wx, { url })
  assert.ok(lower.ok && lower.res.header['www-authenticate'] === 'Bearer')
  assert.equal(lower.res.data, null)
})

test('[F84] redirects are followed, or handed over where redirect is manual', async (t) => {
  const url = await startBackend(t, (req, res) => {
    if (req.url === '/old') res.writeHead(302, { Location: '/new' }).end()
    else res.end('"arrived"')
  })
  const followed = await settle(makeWx(), { url: `${url}/old` })
  assert.ok(followed.ok && followed.res.data === 'arrived')
  const manual = await settle(makeWx(), { url: `${url}/old`, redirect: 'manual' })
  assert.ok(manual.ok && manual.res.statusCode === 302)
})

test('[F84] ten requests run at a time, the others wait their turn', async (t) => {
  const backend = heldBackend()
  const url = await startBackend(t, backend.listener)
  const wx = makeWx()
  const all = Array.from({ length: 25 }, () => settle(wx, { url }))
  await backend.until(10)
  await tick()
  assert.equal(backend.held.length, 10)
  assert.deepEqual(wx.phone.requests(), { running: 10, queued: 15 })
  backend.held.shift()?.end('{}')
  await backend.until(10)
  await tick()
  assert.equal(backend.held.length, 10)
  const answering = setInterval(backend.answerAll, 5)
  const settled = await Promise.all(all)
  clearInterval(answering)
  assert.ok(settled.every(({ ok }) => ok))
  assert.deepEqual(wx.phone.requests(), { running: 0, queued: 0 })
})

test('[F84] time-outs: 60 s, or the call’s own; a waiting request’s time has not begun', async (t) => {
  const backend = heldBackend()
  const url = await startBackend(t, backend.listener)
  const clock = createManualTimer()
  const wx = makeWx({ timer: clock.timer })
  const usual = settle(wx, { url })
  const own = settle(wx, { url, timeout: 1000 })
  clock.advance(999)
  assert.equal(wx.phone.requests().running, 2)
  clock.advance(1)
  assert.deepEqual(await own, { ok: false, errMsg: 'request:fail timeout', errno: 5 })
  clock.advance(58_999)
  assert.equal(wx.phone.requests().running, 1)
  clock.advance(1)
  assert.deepEqual(await usual, { ok: false, errMsg: 'request:fail timeout', errno: 5 })
  const running = Array.from({ length: 10 }, () => settle(wx, { url, timeout: 500 }))
  const waiting = settle(wx, { url, timeout: 400 })
  clock.advance(500)
  await Promise.all(running)
  assert.equal(wx.phone.requests().running, 1)
  clock.advance(400)
  assert.ok(!(await waiting).ok)
})

test('[F84] abort fails a running and a waiting request, once, and frees the place', async (t) => {
  const backend = heldBackend()
  const url = await startBackend(t, backend.listener)
  const wx = makeWx()
  let fails = 0
  const fail = ({ errMsg }: { errMsg: string }) => {
    assert.equal(errMsg, 'request:fail abort')
    fails += 1
  }
  const tasks = Array.from({ length: 12 }, () => wx.request({ url, fail }))
  await backend.until(10)
  tasks.at(-1)?.abort()
  tasks.at(0)?.abort()
  tasks.at(0)?.abort()
  await tick()
  assert.equal(fails, 2)
  assert.deepEqual(wx.phone.requests(), { running: 10, queued: 0 })
  for (const task of tasks) task.abort()
  await tick()
  assert.equal(fails, 12)
})

test('[F84] five seconds in the background interrupt what is not done, and what is begun then', async (t) => {
  const backend = heldBackend()
  const url = await startBackend(t, backend.listener)
  const clock = createManualTimer()
  const wx = makeWx({ timer: clock.timer })
  const interrupted = { ok: false, errMsg: 'request:fail interrupted', errno: 600003 }
  const all = Array.from({ length: 12 }, () => settle(wx, { url }))
  wx.phone.toBackground()
  clock.advance(4999)
  assert.equal(wx.phone.requests().running, 10)
  clock.advance(1)
  assert.deepEqual(new Set((await Promise.all(all)).map((one) => JSON.stringify(one))).size, 1)
  assert.deepEqual(await all[11], interrupted)
  assert.deepEqual(await settle(wx, { url }), interrupted)
  wx.phone.toForeground()
  const answering = setInterval(backend.answerAll, 5)
  const again = await settle(wx, { url })
  clearInterval(answering)
  assert.ok(again.ok)
})

test('[F84] a short look elsewhere interrupts nothing', async (t) => {
  const backend = heldBackend()
  const url = await startBackend(t, backend.listener)
  const clock = createManualTimer()
  const wx = makeWx({ timer: clock.timer })
  const pending = settle(wx, { url })
  wx.phone.toBackground()
  clock.advance(4000)
  wx.phone.toForeground()
  clock.advance(4000)
  await backend.until(1)
  backend.answerAll()
  assert.ok((await pending).ok)
})

test('[F84] failures have WeChat’s words', async (t) => {
  const url = await startBackend(t, (req) => req.socket.destroy())
  const closed = await startBackend(t, () => {})
  const wx = makeWx({ domains: [url] })
  const reset = await settle(wx, { url })
  assert.deepEqual(reset, { ok: false, errMsg: 'request:fail -101:net::ERR_CONNECTION_RESET', errno: 600001 })
  const domain = { ok: false, errMsg: 'request:fail url not in domain list', errno: 600002 }
  assert.deepEqual(await settle(wx, { url: closed }), domain)
  assert.deepEqual(await settle(makeWx(), { url: 'https://api.weixin.qq.com/sns/jscode2session' }), domain)
  const invalid = await settle(wx, { url: '/relative' })
  assert.equal(invalid.ok ? '' : invalid.errMsg, 'request:fail invalid url "/relative"')
  wx.phone.failNext('request', 'request:fail ssl hand shake error', 600001)
  const ordered = await settle(wx, { url })
  assert.equal(ordered.ok ? '' : ordered.errMsg, 'request:fail ssl hand shake error')
})

test('[F84] a port that nobody listens on is refused; before base library 2.24.0 without errno', async (t) => {
  const emulatorUrl = await startBackend(t, mirror)
  const port = Number(new URL(emulatorUrl).port)
  const fetch_: typeof fetch = async () => {
    const cause = Object.assign(new Error(`connect ${port}`), { code: 'ECONNREFUSED' })
    throw new TypeError('fetch failed', { cause })
  }
  const errMsg = 'request:fail -102:net::ERR_CONNECTION_REFUSED'
  const url = emulatorUrl
  assert.deepEqual(await settle(makeWx({ fetch: fetch_ }), { url }), { ok: false, errMsg, errno: 600001 })
  const old = makeWx({ fetch: fetch_, baseLibrary: '2.23.4' })
  assert.deepEqual(await settle(old, { url }), { ok: false, errMsg, errno: undefined })
})

test('[F84] wx.request returns a task at once, which tells the headers', async (t) => {
  const url = await startBackend(t, mirror)
  const wx = makeWx()
  const header = await new Promise<Record<string, string>>((resolve) => {
    const task = wx.request({ url })
    task.onHeadersReceived((res) => resolve(res.header))
  })
  assert.equal(header['Content-Type'], 'application/json')
})
