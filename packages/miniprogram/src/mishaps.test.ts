import assert from 'node:assert/strict'
import process from 'node:process'
import { type TestContext, test } from 'node:test'
import { CHALLENGE, gate, refusal, startWorld, turns } from './testing/world.ts'

/** What nobody caught, as a phone writes it to its console; without this the runner would take it for the test's. */
function uncaught(t: TestContext): string[] {
  const seen: string[] = []
  const others = process.listeners('unhandledRejection')
  process.removeAllListeners('unhandledRejection')
  process.on('unhandledRejection', (error) =>
    seen.push(error instanceof Error ? error.message : String(error)),
  )
  t.after(() => {
    process.removeAllListeners('unhandledRejection')
    for (const other of others) process.on('unhandledRejection', other)
  })
  return seen
}

function bug(name: string): () => never {
  return () => {
    throw new Error(`bug in ${name}`)
  }
}

test('a success or complete that throws is seen by the app, and takes nothing from the Promise or the login', async (t) => {
  const seen = uncaught(t)
  const world = await startWorld(t)
  const wx = world.phone()
  const yaopai = world.client(wx)
  const completed: unknown[] = []
  const complete = (result: unknown) => completed.push(result)
  const thrower = { success: bug('success'), complete }
  const answers = await Promise.all([
    yaopai.request({ url: '/orders/1', ...thrower }),
    yaopai.request({ url: '/orders/2', complete: bug('complete') }),
    yaopai.request({ url: '/orders/3' }),
  ])
  await turns()
  assert.deepEqual(
    answers.map(({ statusCode }) => statusCode),
    [200, 200, 200],
  )
  assert.deepEqual(seen.sort(), ['bug in complete', 'bug in success'])
  assert.deepEqual(completed, [answers[0]])
  assert.equal((await yaopai.request({ url: '/orders/4' })).statusCode, 200)
  assert.deepEqual([wx.phone.counts().login, world.count('POST', '/login')], [1, 1])
})

test('a fail that throws is seen by the app, and the Promise fails as it would have', async (t) => {
  const seen = uncaught(t)
  const world = await startWorld(t)
  const wx = world.phone()
  const yaopai = world.client(wx)
  await yaopai.ready()
  wx.phone.setOffline(true)
  await assert.rejects(yaopai.request({ url: '/orders', fail: bug('fail') }), {
    name: 'YaopaiError',
    code: 'network',
  })
  await turns()
  assert.deepEqual(seen, ['bug in fail'])
  wx.phone.setOffline(false)
  assert.equal((await yaopai.request({ url: '/orders' })).statusCode, 200)
})

test('[F25] a listener of onSignedOut that throws keeps neither the others from hearing nor the user in', async (t) => {
  const seen = uncaught(t)
  const world = await startWorld(t)
  const yaopai = world.client(world.phone())
  await yaopai.ready()
  const heard: string[] = []
  yaopai.onSignedOut(bug('the first listener'))
  yaopai.onSignedOut(({ code }) => heard.push(code))
  world.meddle = async () => refusal(401, CHALLENGE.revoked)
  await assert.rejects(yaopai.request({ url: '/orders' }), { code: 'revoked_by_admin', class: 'signed_out' })
  world.meddle = null
  await turns()
  assert.deepEqual([seen, heard], [['bug in the first listener'], ['revoked_by_admin']])
  assert.deepEqual([yaopai.token(), yaopai.signedOut], [null, 'revoked_by_admin'])
  await yaopai.login()
  assert.equal((await yaopai.request({ url: '/orders' })).statusCode, 200)
})

test('[F57] a code that grew old at WeChat before it was exchanged costs one more wx.login, which nobody notices', async (t) => {
  const world = await startWorld(t)
  const wx = world.phone()
  const yaopai = world.client(wx)
  world.meddle = (request, pass) => {
    world.meddle = null
    world.emulator.advanceClock(300)
    return pass(request)
  }
  const outcome = await world.settle(yaopai.request({ url: '/orders' }))
  assert.equal(outcome.status === 'fulfilled' && outcome.value.statusCode, 200)
  assert.deepEqual(
    world.emulator.calls().map(({ errcode }) => errcode),
    [40029, undefined],
  )
  assert.deepEqual([wx.phone.counts().login, world.count('POST', '/login')], [2, 2])
})

test('where every code comes too late the client says so after the second, and does not go on trying', async (t) => {
  const world = await startWorld(t)
  const wx = world.phone()
  const yaopai = world.client(wx)
  world.meddle = (request, pass) => {
    world.emulator.advanceClock(300)
    return pass(request)
  }
  const outcome = await world.settle(yaopai.ready())
  assert.equal(outcome.status, 'rejected')
  const { code, class: errorClass } = Object(outcome.status === 'rejected' && outcome.reason)
  assert.deepEqual([code, errorClass, wx.phone.counts().login], ['code_invalid', 'relogin', 2])
  world.meddle = null
  await world.pass(3)
  await yaopai.ready()
  assert.equal(wx.phone.counts().login, 3)
})

test('[R35] a POST /login that hung for five minutes comes too late to matter: the token of the newer code stays', async (t) => {
  const world = await startWorld(t)
  const wx = world.phone()
  const yaopai = world.client(wx)
  const { passed, open } = gate()
  let late: Promise<Response> | undefined
  world.meddle = (request, pass) => {
    world.meddle = null
    late = passed.then(() => pass(request))
    return late
  }
  const ready = yaopai.ready()
  await turns(100)
  await world.pass(300)
  assert.equal((await world.settle(ready)).status, 'fulfilled')
  const token = yaopai.token()
  assert.equal(wx.phone.counts().login, 2)
  open()
  const answer = await late
  await turns()
  assert.equal(answer?.status, 401)
  assert.equal(yaopai.token(), token)
  assert.equal((await yaopai.request({ url: '/orders' })).statusCode, 200)
})
