import assert from 'node:assert/strict'
import { test } from 'node:test'
import { API, CHALLENGE, gate, refusal, startWorld, turns, type World } from './testing/world.ts'

const HOUR = 3600
const DAY = 24 * HOUR

async function loggedIn(world: World) {
  const storage = new Map<string, string>()
  const wx = world.phone({ storage })
  const yaopai = world.client(wx)
  await yaopai.ready()
  return { wx, yaopai, storage, token: yaopai.token() }
}

test('[F62] under regular use the token is renewed before it is due to die, and nobody logs in again', async (t) => {
  const world = await startWorld(t)
  const { wx, yaopai } = await loggedIn(world)
  const tokens = new Set<string | null>()
  for (let day = 0; day < 29; day += 0.5) {
    assert.equal((await yaopai.request({ url: '/orders' })).statusCode, 200)
    await turns()
    tokens.add(yaopai.token())
    await world.pass(DAY / 2)
  }
  assert.equal(wx.phone.counts().login, 1)
  assert.ok(tokens.size >= 25 && tokens.size <= 32, `${tokens.size} tokens in 29 days`)
})

test('[F62] a renewal holds nobody up, and the new token waits until nothing under way carries the old one', async (t) => {
  const world = await startWorld(t)
  const { yaopai, token } = await loggedIn(world)
  await world.pass(1.5 * DAY)
  const door = gate()
  world.meddle = async (request, pass) => {
    if (request.url.endsWith('/slow')) await door.passed
    return pass(request)
  }
  const slow = yaopai.request({ url: '/slow' })
  await turns()
  assert.equal(world.count('POST', '/session/renew'), 1)
  assert.equal((await yaopai.request({ url: '/fast' })).statusCode, 200)
  assert.equal(yaopai.token(), token)
  await world.pass(45)
  door.open()
  assert.equal((await slow).statusCode, 200)
  await yaopai.ready()
  assert.notEqual(yaopai.token(), token)
  await world.pass(60)
  assert.equal((await yaopai.request({ url: '/orders' })).statusCode, 200)
  assert.equal(world.count('POST', '/session/renew'), 1)
})

test('[F62][R35] a lost answer costs nothing: the old token goes on, and the same successor comes later', async (t) => {
  const world = await startWorld(t)
  const { wx, yaopai, token } = await loggedIn(world)
  await world.pass(1.5 * DAY)
  const bodies: string[] = []
  world.meddle = async (request, pass) => {
    const answer = await pass(request)
    if (!request.url.endsWith('/renew')) return answer
    bodies.push(JSON.parse(await answer.clone().text()).token)
    if (bodies.length === 1) throw new TypeError('fetch failed')
    return answer
  }
  await yaopai.request({ url: '/orders' })
  await turns()
  await yaopai.request({ url: '/orders' })
  assert.deepEqual([yaopai.token(), bodies.length], [token, 1])
  await world.pass(61)
  await yaopai.request({ url: '/orders' })
  await turns()
  await yaopai.ready()
  assert.equal(bodies.length, 2)
  assert.equal(bodies[0], bodies[1])
  assert.equal(yaopai.token(), bodies[1])
  assert.equal(wx.phone.counts().login, 1)
})

test('[F62] after long absence the server is asked before anything is sent, so that a first POST does not fail', async (t) => {
  const world = await startWorld(t)
  const { wx, yaopai } = await loggedIn(world)
  await world.pass(4 * DAY)
  world.sent.length = 0
  const res = await yaopai.request({ url: '/orders', method: 'POST', data: {} })
  assert.equal(res.statusCode, 200)
  assert.deepEqual(
    world.sent.map(({ path }) => path),
    ['/session/renew', '/login', '/orders'],
  )
  assert.equal(wx.phone.counts().login, 2)
})

test('[F62] asked so, the server may also say that somebody ended the session on purpose: no silent login undoes that', async (t) => {
  const world = await startWorld(t)
  const { wx, yaopai } = await loggedIn(world)
  await world.pass(4 * DAY)
  world.meddle = async (request, pass) =>
    request.url.endsWith('/renew') ? refusal(401, CHALLENGE.revoked) : pass(request)
  await assert.rejects(yaopai.request({ url: '/orders' }), { class: 'signed_out', code: 'revoked_by_admin' })
  assert.equal(wx.phone.counts().login, 1)
})

test('[F62] a renewal that finds no server is tried again after a minute, not with each request', async (t) => {
  const world = await startWorld(t)
  const { yaopai } = await loggedIn(world)
  await world.pass(1.5 * DAY)
  let renewals = 0
  world.meddle = async (request, pass) => {
    if (!request.url.endsWith('/renew')) return pass(request)
    renewals += 1
    return new Response('<html>502</html>', { status: 502 })
  }
  for (let seconds = 0; seconds < 120; seconds += 5) {
    assert.equal((await yaopai.request({ url: '/orders' })).statusCode, 200)
    await world.pass(5)
  }
  assert.ok(renewals >= 2 && renewals <= 3, `${renewals}`)
})

test('[F62][R35] a phone whose clock is years off, or is set while it runs, neither loops nor logs in again', async (t) => {
  for (const shiftSeconds of [-3650 * DAY, 3650 * DAY]) {
    await t.test(`${shiftSeconds}`, async (inner) => {
      const world = await startWorld(inner)
      const { wx, yaopai } = await loggedIn(world)
      inner.mock.timers.setTime(Date.now() + shiftSeconds * 1000)
      for (let time = 0; time < 20; time += 1) {
        assert.equal((await yaopai.request({ url: '/orders' })).statusCode, 200)
        await turns()
      }
      assert.equal(wx.phone.counts().login, 1)
      assert.ok(world.count('POST', '/session/renew') <= 1)
    })
  }
})

test('[F62][R35] a restart finds the renewed token that was not used yet', async (t) => {
  const world = await startWorld(t)
  const { yaopai, storage, token } = await loggedIn(world)
  await world.pass(1.5 * DAY)
  world.meddle = async (request, pass) =>
    request.url.endsWith('/slow') ? new Promise(() => {}) : pass(request)
  yaopai.request({ url: '/slow' }).catch(() => {})
  await turns()
  world.meddle = null
  assert.equal(world.count('POST', '/session/renew'), 1)
  const wx = world.phone({ storage })
  const again = world.client(wx)
  assert.equal((await again.request({ url: '/orders' })).statusCode, 200)
  assert.equal(wx.phone.counts().login, 0)
  assert.notEqual(again.token(), token)
})

test('[T13] a stolen token that was renewed by the thief ends the session for both, and the owner stays out', async (t) => {
  const world = await startWorld(t)
  const { wx, yaopai, token } = await loggedIn(world)
  const renew = async (stolen: string | null) => {
    const headers = { authorization: `Bearer ${stolen}` }
    const answer = await world.server.handler(
      new Request(`${API}/session/renew`, { method: 'POST', headers }),
    )
    return JSON.parse(await answer.text()).token
  }
  const thiefs = await renew(token)
  await world.server.verify(thiefs)
  await world.pass(31)
  await assert.rejects(yaopai.request({ url: '/orders' }), { code: 'reuse_detected', class: 'signed_out' })
  assert.equal((await world.server.verify(thiefs)).ok, false)
  assert.equal(wx.phone.counts().login, 1)
})

test('[T13][R35] a switch to the renewed token that Storage did not take is made up for at the restart: no theft', async (t) => {
  const world = await startWorld(t)
  const { wx, yaopai, storage, token } = await loggedIn(world)
  await world.pass(1.5 * DAY)
  const door = gate()
  world.meddle = async (request, pass) => {
    if (request.url.endsWith('/slow')) await door.passed
    return pass(request)
  }
  const slow = yaopai.request({ url: '/slow' })
  await turns()
  wx.phone.storage.full = true
  door.open()
  await slow
  await yaopai.request({ url: '/orders' })
  assert.notEqual(yaopai.token(), token)
  await world.pass(60)
  const again = world.client(world.phone({ storage }))
  assert.equal((await again.request({ url: '/orders' })).statusCode, 200)
  assert.equal(again.signedOut, null)
})
