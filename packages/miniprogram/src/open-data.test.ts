import assert from 'node:assert/strict'
import { test } from 'node:test'
import { APPID, CHALLENGE, refusal, startWorld, turns, type World } from './testing/world.ts'

/** A phone whose every wx.login makes a new session_key, as WeChat may. */
async function restless(world: World, storage = new Map<string, string>()) {
  world.emulator.setSettings({ sessionKeyMinRefreshSeconds: 0 })
  const wx = world.phone({ storage })
  return { wx, storage, yaopai: world.client(wx) }
}

test('[F61] requests never ask wx.checkSession', async (t) => {
  const world = await startWorld(t)
  const { wx, yaopai } = await restless(world)
  await yaopai.request({ url: '/orders' })
  await yaopai.login()
  assert.equal(wx.phone.counts().checkSession, 0)
})

test('"the first tap fails, the second works": the timeline of that bug, without the client', async (t) => {
  const world = await startWorld(t)
  const { wx, yaopai } = await restless(world)
  await yaopai.ready()
  world.emulator.rotateSessionKey({ appid: APPID, user: 'alice' })
  // The usual code: get the data in the tap, then find the key stale and log in, then send what was got before.
  const data = await wx.getUserProfile({ desc: 'x' })
  await yaopai.login()
  const { encryptedData, iv, rawData, signature } = data
  const body = { encryptedData, iv, rawData, signature }
  const res = await yaopai.request({ url: '/me/open-data', method: 'POST', data: body })
  assert.equal(res.statusCode, 422)
})

test('[F61] the same timeline with openData: the first tap works', async (t) => {
  const world = await startWorld(t)
  const { wx, yaopai } = await restless(world)
  await yaopai.ready()
  world.emulator.rotateSessionKey({ appid: APPID, user: 'alice' })
  let gets = 0
  const opened = await yaopai.openData<{ userInfo: { nickName: string } }>(() => {
    gets += 1
    return wx.getUserInfo()
  })
  assert.equal(opened.userInfo.nickName.length > 0, true)
  assert.equal(gets, 2)
})

test('[F61] after a restart checkSession is asked once, and a key that died is replaced before the data are got', async (t) => {
  const world = await startWorld(t)
  const first = await restless(world)
  await first.yaopai.ready()
  world.emulator.expireSessionKey({ appid: APPID, user: 'alice' })
  const { wx, yaopai } = await restless(world, first.storage)
  const order: string[] = []
  world.meddle = async (request, pass) => {
    order.push(new URL(request.url).pathname)
    return pass(request)
  }
  const get = () => {
    order.push('get')
    return wx.getUserInfo()
  }
  await yaopai.openData(get)
  await yaopai.openData(get)
  assert.equal(wx.phone.counts().checkSession, 1)
  assert.deepEqual(order, ['/login', 'get', '/me/open-data', 'get', '/me/open-data'])
})

test('[F61] once prepared, the data are asked for within the tap itself', async (t) => {
  const world = await startWorld(t)
  const { wx, yaopai } = await restless(world)
  await yaopai.prepareOpenData()
  let isInTap = true
  const opening = yaopai.openData(() => {
    assert.ok(isInTap)
    return wx.getUserProfile({ desc: 'x' })
  })
  isInTap = false
  await opening
})

test('[F61] no login comes between the data and their use: one that is asked for waits', async (t) => {
  const world = await startWorld(t)
  const { wx, yaopai } = await restless(world)
  await yaopai.prepareOpenData()
  const logins: Promise<unknown>[] = []
  await yaopai.openData(async () => {
    const data = await wx.getUserInfo()
    logins.push(yaopai.login())
    await turns()
    assert.equal(wx.phone.counts().login, 1)
    return data
  })
  await Promise.all(logins)
  assert.equal(wx.phone.counts().login, 2)
})

test('[F61] a token that died meanwhile: log in, get the data anew, open them', async (t) => {
  const world = await startWorld(t)
  const { wx, yaopai } = await restless(world)
  await yaopai.prepareOpenData()
  const old = yaopai.token()
  world.meddle = async (request, pass) =>
    request.headers.get('authorization') === `Bearer ${old}` ? refusal(401, CHALLENGE.expired) : pass(request)
  const opened = await yaopai.openData<{ userInfo: object }>(() => wx.getUserInfo())
  assert.ok(opened.userInfo)
  assert.equal(wx.phone.counts().login, 2)
})

test('what the user refuses is handed on as WeChat says it, and logins go on', async (t) => {
  const world = await startWorld(t)
  const { wx, yaopai } = await restless(world)
  wx.phone.failNext('getUserProfile', 'getUserProfile:fail auth deny')
  await assert.rejects(
    yaopai.openData(() => wx.getUserProfile({ desc: 'x' })),
    { errMsg: 'getUserProfile:fail auth deny' },
  )
  await yaopai.login()
})

test('a dialog that is never answered keeps logins waiting for a minute, not for ever', async (t) => {
  const world = await startWorld(t)
  const { yaopai } = await restless(world)
  await yaopai.prepareOpenData()
  yaopai.openData(() => new Promise(() => {})).catch(() => {})
  assert.equal((await world.settle(yaopai.login())).status, 'fulfilled')
})

test('bindPhone hands on the code; a refusal says why, and nothing is sent', async (t) => {
  const world = await startWorld(t)
  const { yaopai } = await restless(world)
  await yaopai.ready()
  const old = yaopai.token()
  const bodies: unknown[] = []
  world.meddle = async (request, pass) => {
    if (request.headers.get('authorization') === `Bearer ${old}`) return refusal(401, CHALLENGE.expired)
    if (!request.url.endsWith('/me/phone')) return pass(request)
    bodies.push(await request.json())
    return Response.json({ phone: '156****1234' })
  }
  // The server's side follows; its answer is played here, by the contract.
  assert.deepEqual(await yaopai.bindPhone({ detail: { code: 'phone-code', errMsg: 'getPhoneNumber:ok' } }), {
    phone: '156****1234',
  })
  assert.deepEqual(bodies, [{ code: 'phone-code' }])
  assert.equal(yaopai.user?.phone, '156****1234')
  const denied = { detail: { errMsg: 'getPhoneNumber:fail no quota', errno: 1400001 } }
  await assert.rejects(yaopai.bindPhone(denied), {
    code: 'phone_refused',
    class: 'input',
    errMsg: 'getPhoneNumber:fail no quota',
    errno: 1400001,
  })
})
