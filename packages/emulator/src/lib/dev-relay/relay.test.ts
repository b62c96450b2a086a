import assert from 'node:assert/strict'
import type { RequestListener } from 'node:http'
import { type TestContext, test } from 'node:test'
import { EmulatorError, startEmulator } from '../../index.ts'
import { bodyOf, mirror, startBackend } from '../../test-support/backend.ts'
import { APPID, control, startForTest } from '../../test-support/kit.ts'

async function startBoth(t: TestContext, onRequest: RequestListener = mirror) {
  const devUrl = await startBackend(t, onRequest)
  return { devUrl, emulator: await startForTest(t, { devUrl }) }
}

test('what is asked under /_emulator/dev is asked at the back end, body, query and language included', async (t) => {
  const { emulator } = await startBoth(t)
  const list = await control(emulator, 'GET', '/dev')
  assert.deepEqual([list.status, list.json['method'], list.json['url']], [200, 'GET', '/_dev'])
  const headers = { 'accept-language': 'zh' }
  const moved = await control(emulator, 'POST', '/dev/clock', { advanceSeconds: 60 }, headers)
  assert.deepEqual([moved.json['method'], moved.json['url']], ['POST', '/_dev/clock'])
  assert.equal(moved.json['body'], '{"advanceSeconds":60}')
  const sent = Object(moved.json['headers'])
  assert.deepEqual([sent['content-type'], sent['accept-language']], ['application/json', 'zh'])
  assert.deepEqual([sent['origin'], sent['x-forwarded-for']], [undefined, undefined])
  const asked = await control(emulator, 'GET', '/dev/sessions?appid=wx1&openid=o%201')
  assert.equal(asked.json['url'], '/_dev/sessions?appid=wx1&openid=o+1')
  assert.equal((await control(emulator, 'POST', '/dev/x')).json['body'], '{}')
})

test('a user of the emulator becomes the openid that the back end knows', async (t) => {
  const { emulator } = await startBoth(t)
  const openid = emulator.openidOf(APPID, 'alice')
  const input = { appid: APPID, user: 'alice', as: 'admin' }
  const ended = await control(emulator, 'POST', '/dev/sessions/end', input)
  assert.deepEqual(JSON.parse(String(ended.json['body'])), { appid: APPID, as: 'admin', openid })
  const asked = await control(emulator, 'GET', `/dev/sessions?appid=${APPID}&user=alice`)
  assert.equal(asked.json['url'], `/_dev/sessions?appid=${APPID}&openid=${openid}`)
  const without = await control(emulator, 'POST', '/dev/sessions/end', { user: 'alice' })
  assert.deepEqual([without.status, without.json['field']], [400, 'appid'])
})

test("the back end's refusals come through as they are", async (t) => {
  const { emulator } = await startBoth(t, (_req, res) => {
    res.writeHead(404, { 'Content-Type': 'application/problem+json' }).end('{"code":"not_found"}')
  })
  const answer = await control(emulator, 'POST', '/dev/users/ban', { appid: APPID, user: 'bob' })
  assert.deepEqual([answer.status, answer.json], [404, { code: 'not_found' }])
})

test('without a back end to ask it says how to name one, and asks another once it is told', async (t) => {
  const emulator = await startForTest(t)
  const answer = await control(emulator, 'POST', '/dev/clock', { advanceSeconds: 60 })
  assert.deepEqual([answer.status, answer.json['error']], [404, 'no_dev_url'])
  assert.match(String(answer.json['cure']), /--dev URL/)
  emulator.connect({ devUrl: `${await startBackend(t, mirror)}/deep/` })
  assert.equal((await control(emulator, 'GET', '/dev')).json['url'], '/deep/_dev')
  emulator.connect({ taps: { server: 'http://127.0.0.1:1' } })
  assert.equal((await control(emulator, 'GET', '/dev')).status, 200, 'what is not named stays')
})

test('a back end that is down, or answers without JSON, is named with the cure; nobody is sent elsewhere', async (t) => {
  const emulator = await startForTest(t, { devUrl: 'http://127.0.0.1:1' })
  const down = await control(emulator, 'GET', '/dev')
  assert.deepEqual([down.status, down.json['error']], [502, 'dev_unreachable'])
  assert.match(String(down.json['message']), /http:\/\/127\.0\.0\.1:1\/_dev could not be reached/)
  const elsewhere: string[] = []
  const trap = await startBackend(t, (req, res) => {
    elsewhere.push(req.url ?? '')
    res.end('{}')
  })
  const odd: RequestListener[] = [
    (_req, res) => res.writeHead(404).end('<html>Not found</html>'),
    (_req, res) => res.writeHead(302, { Location: trap }).end(),
    (_req, res) => res.end('"text"'),
    (_req, res) => res.end(`{"a":"${'x'.repeat(1_100_000)}"}`),
  ]
  for (const onRequest of odd) {
    emulator.connect({ devUrl: await startBackend(t, onRequest) })
    const answer = await control(emulator, 'GET', '/dev')
    assert.deepEqual([answer.status, answer.json['error']], [502, 'dev_odd'])
  }
  assert.deepEqual(elsewhere, [])
})

test('what was done at the back end stands in the conversation; what it refused, or was only asked, does not', async (t) => {
  const { emulator } = await startBoth(t, (req, res) => {
    res.writeHead(req.url === '/_dev/users/ban' ? 404 : 200).end('{}')
  })
  const alice = { appid: APPID, user: 'alice' }
  await control(emulator, 'GET', '/dev')
  await control(emulator, 'POST', '/dev/users/ban', alice)
  await control(emulator, 'POST', '/dev/clock', { advanceSeconds: 259_200 })
  await control(emulator, 'POST', '/dev/sessions/end', { ...alice, as: 'admin' })
  await control(emulator, 'POST', '/dev/users/unban', { appid: APPID, openid: 'o1' })
  await control(emulator, 'POST', '/dev/own/knob', { on: true })
  const notes = emulator.conversation().arrows.filter(({ action }) => action === 'dev')
  assert.deepEqual(
    notes.map(({ label }) => label),
    ['server clock +3 d', 'session of alice ended by admin', 'a user unbanned', '/own/knob'],
  )
  assert.deepEqual(notes[1]?.facts, { path: '/sessions/end', ...alice, as: 'admin' })
})

test('servers that are named wrongly change nothing', async (t) => {
  const { emulator } = await startBoth(t)
  for (const servers of [
    { devUrl: 'http://example.com' },
    { devUrl: 'http://127.0.0.1:1', backends: ['not a url'] },
    { devUrl: 'http://127.0.0.1:1', taps: { 'a b': 'http://127.0.0.1:1' } },
  ]) {
    assert.throws(() => emulator.connect(servers), EmulatorError)
    assert.equal((await control(emulator, 'GET', '/dev')).status, 200)
  }
})

test('only this machine may ask, and only what can be handed on', async (t) => {
  const reached: string[] = []
  const { emulator } = await startBoth(t, (req, res) => {
    reached.push(req.url ?? '')
    bodyOf(req).then(() => res.end('{}'))
  })
  const page = { origin: 'https://evil.example' }
  assert.equal((await control(emulator, 'POST', '/dev/clock', { advanceSeconds: 1 }, page)).status, 403)
  const text = { 'content-type': 'text/plain' }
  assert.equal((await control(emulator, 'POST', '/dev/clock', '{}', text)).status, 415)
  for (const path of ['/dev/', '/dev/%2e%2e/x', '/dev/a.b', '/dev//x', `/dev${'/a'.repeat(9)}`]) {
    assert.equal((await control(emulator, 'GET', path)).status, 404, path)
  }
  for (const body of ['[]', '1', '"x"', 'null']) {
    assert.equal((await control(emulator, 'POST', '/dev/clock', body)).status, 400, body)
  }
  const wrong = await control(emulator, 'DELETE', '/dev/clock')
  assert.deepEqual([wrong.status, wrong.headers.get('allow')], [405, 'GET, POST'])
  assert.equal((await control(emulator, 'GET', '/develop')).json['error'], 'not_found')
  assert.deepEqual(reached, [])
})

test('the address of /_dev must be of this machine', async () => {
  for (const devUrl of [
    'https://api.example.com',
    'http://127.0.0.1.evil.example',
    'http://10.0.0.5:8789',
    'ftp://127.0.0.1',
    '127.0.0.1:8789',
    'http://me:secret@127.0.0.1',
    'http://127.0.0.1/?a=1',
    '',
  ]) {
    const isBadUrl = (error: unknown) => error instanceof EmulatorError && error.code === 'bad_dev_url'
    await assert.rejects(startEmulator({ devUrl }), isBadUrl, devUrl)
  }
})

test('an answer without end is not gathered: it is no answer of the protocol', async (t) => {
  const { emulator } = await startBoth(t, (_req, res) => void res.write(`{"a":"${'x'.repeat(2_000_000)}`))
  const answer = await control(emulator, 'GET', '/dev')
  assert.deepEqual([answer.status, answer.json['error']], [502, 'dev_odd'])
})
