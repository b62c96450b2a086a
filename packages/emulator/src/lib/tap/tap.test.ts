import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import type { Emulator } from '../../index.ts'
import { bodyOf, mirror, startBackend } from '../../test-support/backend.ts'
import { APPID, startForTest } from '../../test-support/kit.ts'
import { ask, proxiedWx } from '../../test-support/proxied.ts'

const TOKEN = 'yp1_0123456789abcdefghij'

function tap(emulator: Emulator, path: string, init: RequestInit = {}): Promise<Response> {
  return fetch(`${emulator.url}/_emulator/tap/${path}`, init)
}

function taps(emulator: Emulator) {
  return emulator.conversation().arrows.filter(({ kind }) => kind === 'tap')
}

test('[F86] a tap hands on method, path, query, headers and body, and hands back what comes', async (t) => {
  const server = await startBackend(t, mirror)
  const emulator = await startForTest(t, { taps: { server: `${server}/internal` } })
  for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']) {
    const body = method === 'GET' ? {} : { body: 'token=x' }
    const answer = await tap(emulator, 'server/a%2Fb?c=%20', { method, headers: { 'x-own': 'y' }, ...body })
    const got = Object(await answer.json())
    assert.deepEqual(
      [got.method, got.url, got.body],
      [method, '/internal/a%2Fb?c=%20', method === 'GET' ? '' : 'token=x'],
    )
    assert.deepEqual([got.headers['x-own'], got.headers.host], ['y', new URL(server).host])
  }
})

test('[F86] status, cookies, redirects and packed bodies come back untouched, and are read unpacked', async (t) => {
  const server = await startBackend(t, (_req, res) => {
    res.writeHead(302, 'Found', { Location: '/x', 'Content-Encoding': 'gzip', 'Set-Cookie': ['a=1', 'b=2'] })
    res.end(gzipSync('{"active":false}'))
  })
  const emulator = await startForTest(t, { taps: { server } })
  const answer = await tap(emulator, 'server/introspect', { redirect: 'manual' })
  assert.deepEqual([answer.status, answer.headers.get('location')], [302, '/x'])
  assert.deepEqual(answer.headers.getSetCookie(), ['a=1', 'b=2'])
  assert.equal(await answer.text(), '{"active":false}')
  assert.equal(taps(emulator)[1]?.message?.body, '{\n  "active": false\n}')
})

test('[F86] “who calls?” is drawn from the back end that was asked with the token to the server that logs in', async (t) => {
  const login = await startBackend(t, (_req, res) => res.end(JSON.stringify({ token: TOKEN })))
  const internal = await startBackend(t, mirror)
  const emulator = await startForTest(t, { taps: { server: internal } })
  const backend = await startBackend(t, (_req, res) => {
    const init = {
      method: 'POST',
      headers: { authorization: 'Bearer yk1_orders0123' },
      body: `token=${TOKEN}`,
    }
    void tap(emulator, 'server/introspect', init).then(() => res.end('{}'))
  })
  const wx = proxiedWx(emulator)
  const { code } = await wx.login()
  await ask(wx, { url: login, method: 'POST', data: { code } })
  await ask(wx, { url: `${backend}/orders`, header: { Authorization: `Bearer ${TOKEN}` } })
  const [call, answer] = taps(emulator)
  assert.deepEqual([call?.from, call?.to, call?.label], [backend, login, 'POST /introspect'])
  assert.deepEqual([answer?.from, answer?.to, answer?.outcome], [login, backend, 'ok'])
  const { stations } = emulator.conversation()
  assert.deepEqual(
    stations.filter(({ id }) => id.startsWith('http')).map(({ id, kind }) => [id, kind]),
    [
      [login, 'server'],
      [backend, 'back-end'],
    ],
  )
  assert.equal(call?.message?.headers.find(([name]) => name === 'authorization')?.[1], 'Bearer ‹API key 1›')
  assert.equal(call?.message?.body, 'token=‹token 1›')
})

test('[F86] where no call is under way with its token, somebody at the back end asks', async (t) => {
  const emulator = await startForTest(t, { taps: { server: await startBackend(t, mirror) } })
  await tap(emulator, 'server/introspect', { method: 'POST', body: `token=${TOKEN}` })
  assert.equal(taps(emulator)[0]?.from, 'back-end')
})

test('[F86] --backend has a tap of its own, where a mini program of DevTools is known by its Referer', async (t) => {
  const backend = await startBackend(t, mirror)
  const emulator = await startForTest(t, { backends: [backend] })
  const { code } = emulator.login({ appid: APPID, user: 'alice' })
  const headers = { referer: `https://servicewechat.com/${APPID}/devtools/page-frame.html` }
  await tap(emulator, `backend/login?code=${code}`, { headers })
  const [call] = emulator.conversation().arrows.slice(-2)
  assert.deepEqual([call?.kind, call?.from, call?.to], ['wx.request', 'phone:devtools', backend])
  assert.deepEqual(emulator.conversation().stations.at(-1), { id: backend, kind: 'server' })
})

test('[F86] a tap refuses strangers, pages and names that it has not', async (t) => {
  const emulator = await startForTest(t, { taps: { server: await startBackend(t, mirror) } })
  const statusOf = async (path: string, headers: Record<string, string>) =>
    (await tap(emulator, path, { headers })).status
  assert.equal(await statusOf('server/x', { origin: 'https://evil.example' }), 403)
  assert.equal(await statusOf('server/x', { 'sec-fetch-site': 'cross-site' }), 403)
  assert.equal(await statusOf('nobody/x', {}), 404)
  assert.deepEqual(taps(emulator), [])
})

test('[F86] a server that is not there is named, and the arrow says so', async (t) => {
  const emulator = await startForTest(t, { taps: { server: 'http://127.0.0.1:1' } })
  const answer = await tap(emulator, 'server/introspect')
  assert.equal(answer.status, 502)
  assert.match(await answer.text(), /"tap_failed".*http:\/\/127\.0\.0\.1:1/)
  assert.deepEqual(
    taps(emulator).map(({ outcome, reason }) => [outcome, reason]),
    [
      [undefined, undefined],
      ['failed', 'ECONNREFUSED'],
    ],
  )
})

test('[F86] a caller that hangs up is not waited for', async (t) => {
  const hangUp = new AbortController()
  const gone = new Promise<void>((resolve) => {
    void startBackend(t, (req, res) => {
      res.once('close', resolve)
      void bodyOf(req).then(() => hangUp.abort())
    }).then(async (server) => {
      const emulator = await startForTest(t, { taps: { server } })
      await tap(emulator, 'server/slow', { signal: hangUp.signal }).catch(() => {})
    })
  })
  await gone
})

test('[F86] a tap that makes no sense is named with its cure', async (t) => {
  for (const taps of [{ 'a/b': 'http://x' }, { server: 'nonsense' }, { server: 'http://x/?y' }]) {
    await assert.rejects(startForTest(t, { taps }), { code: 'bad_tap' })
  }
})

test('[F86] a page behind a tap runs no script at the address of the controls', async (t) => {
  const server = await startBackend(t, (_req, res) => res.end('<script>alert(1)</script>'))
  const emulator = await startForTest(t, { taps: { server } })
  const policyFor = async (dest: string) =>
    (await tap(emulator, 'server/x', { headers: { 'sec-fetch-dest': dest } })).headers.get(
      'content-security-policy',
    )
  assert.deepEqual(await Promise.all(['document', 'iframe', 'empty'].map(policyFor)), [
    'sandbox',
    'sandbox',
    null,
  ])
})
