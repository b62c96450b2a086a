import assert from 'node:assert/strict'
import { test } from 'node:test'
import { API, CHALLENGE, gate, refusal, startWorld, turns, type World } from './testing/world.ts'

const OUT = { name: 'YaopaiError', class: 'signed_out' }

async function loggedIn(world: World, storage = new Map<string, string>()) {
  const wx = world.phone({ storage })
  const yaopai = world.client(wx)
  await yaopai.ready()
  return { wx, yaopai, storage }
}

test('[F25][R35] an end on purpose is told once, and nothing leads back in but login(), also after a restart', async (t) => {
  const world = await startWorld(t)
  const { wx, yaopai, storage } = await loggedIn(world)
  const heard: string[] = []
  yaopai.onSignedOut(({ code }) => heard.push(code))
  world.meddle = async () => refusal(401, CHALLENGE.revoked)
  const calls = [1, 2, 3].map((id) => assert.rejects(yaopai.request({ url: `/orders/${id}` }), OUT))
  await Promise.all(calls)
  world.meddle = null
  await turns()
  assert.deepEqual(heard, ['revoked_by_admin'])
  assert.deepEqual([yaopai.token(), yaopai.user, yaopai.signedOut], [null, null, 'revoked_by_admin'])
  world.sent.length = 0
  await assert.rejects(yaopai.ready(), OUT)
  await assert.rejects(yaopai.request({ url: '/orders' }), { ...OUT, code: 'revoked_by_admin' })
  const restarted = world.phone({ storage })
  const again = world.client(restarted)
  await assert.rejects(again.request({ url: '/orders' }), OUT)
  assert.deepEqual([world.sent.length, wx.phone.counts().login, restarted.phone.counts().login], [0, 1, 0])
  await again.login()
  assert.equal((await again.request({ url: '/orders' })).statusCode, 200)
  assert.equal(again.signedOut, null)
})

test('logout() is out at once, tells the server, and is heard like any other end', async (t) => {
  const world = await startWorld(t)
  const { yaopai } = await loggedIn(world)
  const token = yaopai.token()
  const heard: string[] = []
  yaopai.onSignedOut(({ code }) => heard.push(code))
  const leaving = yaopai.logout()
  assert.equal(yaopai.token(), null)
  assert.equal(await leaving, true)
  assert.deepEqual(heard, ['logged_out'])
  const verdict = await world.server.verify(token)
  assert.equal(verdict.ok, false)
  await assert.rejects(yaopai.request({ url: '/orders' }), { ...OUT, code: 'logged_out' })
  assert.equal(await yaopai.logout(), true)
  assert.deepEqual(heard, ['logged_out'])
})

test('[R35] logout() without a network is a logout all the same, and says that the server does not know', async (t) => {
  const world = await startWorld(t)
  const { wx, yaopai } = await loggedIn(world)
  wx.phone.setOffline(true)
  assert.equal(await yaopai.logout(), false)
  await assert.rejects(yaopai.ready(), OUT)
})

test('a login that was under way at logout() is not taken, and its session ends', async (t) => {
  const world = await startWorld(t)
  const wx = world.phone()
  const yaopai = world.client(wx)
  const door = gate()
  world.meddle = async (request, pass) => {
    const answer = await pass(request)
    if (request.url.endsWith('/login')) await door.passed
    return answer
  }
  const request = assert.rejects(yaopai.request({ url: '/orders' }), OUT)
  await turns()
  await yaopai.logout()
  door.open()
  await request
  await turns()
  assert.equal(yaopai.token(), null)
  assert.equal(world.count('DELETE', '/session'), 1)
  assert.equal(world.count('GET', '/orders'), 0)
})

test('login() right after logout() waits for the login that is not wanted any more: one wx.login at a time', async (t) => {
  const world = await startWorld(t)
  const wx = world.phone()
  const yaopai = world.client(wx)
  yaopai.ready().catch(() => {})
  const leaving = yaopai.logout()
  const user = await yaopai.login()
  await leaving
  assert.equal(wx.phone.counts().login, 1)
  assert.equal((await yaopai.request<{ user: string }>({ url: '/orders' })).data.user, user.id)
})

test('a listener that goes away hears nothing, and may go twice', async (t) => {
  const world = await startWorld(t)
  const { yaopai } = await loggedIn(world)
  const heard: string[] = []
  const off = yaopai.onSignedOut(() => heard.push('gone'))
  yaopai.onSignedOut(({ code }) => heard.push(code))
  off()
  off()
  await yaopai.logout()
  assert.deepEqual(heard, ['logged_out'])
})

test('[R35] Storage that is full, unreadable, corrupt or wiped is a normal path', async (t) => {
  const world = await startWorld(t)
  for (const trouble of ['full', 'unreadable'] as const) {
    const wx = world.phone()
    wx.phone.storage[trouble] = true
    const yaopai = world.client(wx)
    for (let time = 0; time < 3; time += 1)
      assert.equal((await yaopai.request({ url: '/orders' })).statusCode, 200)
    assert.equal(wx.phone.counts().login, 1)
  }
  const { wx, storage } = await loggedIn(world)
  wx.phone.storage.corrupt()
  const after = world.client(world.phone({ storage }))
  assert.equal((await after.request({ url: '/orders' })).statusCode, 200)
  wx.phone.storage.wipe()
  assert.equal((await after.request({ url: '/orders' })).statusCode, 200)
})

test('[R35] no value in Storage, however odd, is sent as a token or thrown over', async (t) => {
  const world = await startWorld(t)
  const key = `yaopai:${API}`
  const values: unknown[] = [null, 0, 'x', [], {}, { rev: 5 }, { rev: 5, current: 'oOpenid', next: '' }]
  values.push(
    { rev: 'x', current: '', next: '' },
    { rev: 9, current: {}, next: [] },
    { rev: 9, current: '' },
    { rev: 1, current: 'yp1_short', next: '' },
  )
  for (const value of values) {
    const wx = world.phone()
    wx.setStorageSync(key, value)
    assert.equal((await world.client(wx).request({ url: '/orders' })).statusCode, 200, JSON.stringify(value))
    assert.equal(wx.phone.counts().login, 1)
  }
})

test('Storage holds token, user and times, and neither openid nor session_key', async (t) => {
  const world = await startWorld(t)
  const { yaopai, storage } = await loggedIn(world)
  const kept = [...storage.entries()].map(String).join('\n')
  const known = await world.server.authenticate(yaopai.token())
  assert.ok(known.ok)
  assert.ok(kept.includes(yaopai.token() ?? 'none'))
  assert.ok(!kept.includes(known.openid))
  assert.deepEqual([...storage.keys()], [`yaopai:${API}`])
})

test('[F57] a token that the classic client left under "openid" is adopted once, and a real openid never', async (t) => {
  const world = await startWorld(t)
  const { yaopai: first } = await loggedIn(world)
  const token = first.token()
  const wx = world.phone()
  wx.setStorageSync('openid', token)
  const yaopai = world.client(wx)
  await yaopai.request({ url: '/orders' })
  assert.equal(wx.phone.counts().login, 0)
  assert.equal(wx.getStorageSync('openid'), '')
  const stranger = world.phone()
  stranger.setStorageSync('openid', 'oQx2W4h1AbCdEfGhIjKlMnOpQrSt')
  await world.client(stranger).request({ url: '/orders' })
  assert.equal(stranger.phone.counts().login, 1)
  assert.equal(stranger.getStorageSync('openid'), 'oQx2W4h1AbCdEfGhIjKlMnOpQrSt')
})

test('[F58] a second copy of the client in the same app finds out what the first one did', async (t) => {
  const world = await startWorld(t)
  const { wx, yaopai } = await loggedIn(world)
  // Another object of the same phone: no shared memory, one Storage.
  const copy = world.client({ ...wx } as typeof wx)
  await copy.ready()
  assert.equal(copy.token(), yaopai.token())
  await yaopai.login()
  await world.pass(11)
  assert.equal((await copy.request({ url: '/orders' })).statusCode, 200)
  assert.equal(copy.token(), yaopai.token())
  await copy.logout()
  await world.pass(11)
  await assert.rejects(yaopai.ready(), OUT)
})

test('[R35][T13] a renewed token that Storage does not take stays unused, so that a restart is no theft', async (t) => {
  const world = await startWorld(t)
  const { wx, yaopai, storage } = await loggedIn(world)
  wx.phone.storage.full = true
  await world.pass(2 * 86_400)
  await yaopai.request({ url: '/orders' })
  await turns()
  await yaopai.request({ url: '/orders' })
  await world.pass(60)
  const restarted = world.phone({ storage })
  const again = world.client(restarted)
  assert.equal((await again.request({ url: '/orders' })).statusCode, 200)
  assert.deepEqual([again.signedOut, restarted.phone.counts().login], [null, 0])
})

test('who was asked for before a logout, and comes after it, is not remembered', async (t) => {
  const world = await startWorld(t)
  const { yaopai, storage } = await loggedIn(world)
  const door = gate()
  world.meddle = async (request, pass) => {
    const answer = await pass(request)
    if (request.method === 'GET') await door.passed
    return answer
  }
  const asking = yaopai.refreshUser()
  await turns()
  await yaopai.logout()
  door.open()
  await asking
  assert.equal(yaopai.user, null)
  assert.doesNotMatch([...storage.values()].join(), /usr_/)
})

test('logout() after a login() that still waits for its turn is the last word', async (t) => {
  const world = await startWorld(t)
  const wx = world.phone()
  const yaopai = world.client(wx)
  const silent = assert.rejects(yaopai.ready(), OUT)
  await yaopai.logout()
  const wanted = assert.rejects(yaopai.login(), OUT)
  await yaopai.logout()
  await silent
  await wanted
  assert.deepEqual([yaopai.signedOut, yaopai.token(), wx.phone.counts().login], ['logged_out', null, 0])
})
