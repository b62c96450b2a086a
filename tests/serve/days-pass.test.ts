// What npm start runs, with the client on a phone: days pass on the clocks of WeChat and the server.
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { createWx, DEMO_APP } from '@yaopai/wechat-emulator'
import { createYaopai } from '../../packages/miniprogram/src/index.ts'
import type { Demo } from '../../tools/demo/start-demo.ts'
import { call } from './support/client.ts'
import { startTestDemo } from './support/demo.ts'

const APPID = DEMO_APP.appid
const DAY_SECONDS = 86_400
const OUT = { name: 'YaopaiError', class: 'signed_out' }

function phoneOf(demo: Demo, user: string, storage = new Map<string, string>()) {
  const wx = createWx({ emulator: demo.emulator, appid: APPID, user, storage })
  const yaopai = createYaopai({ baseUrl: demo.shopUrl, authUrl: demo.publicUrl, platform: wx })
  const visit = async () => {
    const { statusCode, data } = await yaopai.request<{ visits: number }>({ url: '/whoami' })
    return statusCode === 200 ? data.visits : statusCode
  }
  return { wx, yaopai, storage, visit }
}

/** As the page at the controls does it: the emulator's clock, then that of the server, handed on by the emulator. */
async function letDaysPass(demo: Demo, days: number): Promise<void> {
  const json = { advanceSeconds: days * DAY_SECONDS }
  for (const path of ['clock', 'dev/clock']) {
    const moved = await call('POST', `${demo.emulator.url}/_emulator/${path}`, { json })
    assert.equal(moved.status, 200, moved.text)
    assert.ok(Math.abs(Date.parse(String(moved.body['now'])) - demo.emulator.nowMs()) < 60_000)
  }
}

async function act(demo: Demo, path: string, more: object = {}): Promise<void> {
  const done = await call('POST', `${demo.emulator.url}/_emulator/dev/${path}`, {
    json: { appid: APPID, user: 'alice', ...more },
  })
  assert.equal(done.status, 200, done.text)
}

async function reasonFor(demo: Demo, token: string | null): Promise<unknown> {
  return (await call('GET', `${demo.shopUrl}/whoami`, { token: token ?? '' })).body['code']
}

test('[F17][F57] three idle days: the token gets idle_timeout, and the client is in again without anybody seeing it', async (t) => {
  const demo = await startTestDemo(t)
  const { wx, yaopai, visit } = phoneOf(demo, 'alice')
  assert.equal(await visit(), 1)
  const [old, user] = [yaopai.token(), yaopai.user?.id]
  await letDaysPass(demo, 2)
  assert.equal(await visit(), 2)
  assert.equal(wx.phone.counts().login, 1, 'two days are no reason for a new login')
  await letDaysPass(demo, 4)
  assert.equal(await reasonFor(demo, yaopai.token()), 'idle_timeout')
  assert.equal(await visit(), 3)
  assert.deepEqual([wx.phone.counts().login, yaopai.user?.id], [2, user])
  assert.notEqual(yaopai.token(), old)
  await letDaysPass(demo, 31)
  assert.equal(await visit(), 4, 'nor does a month lock anybody out')
})

test('[F25] after days have passed, an end on purpose is told with its reason, and stays one until somebody taps', async (t) => {
  const demo = await startTestDemo(t)
  const { yaopai, storage, visit } = phoneOf(demo, 'alice')
  await visit()
  await letDaysPass(demo, 1)
  for (const [as, code] of [
    ['admin', 'revoked_by_admin'],
    ['user', 'revoked_by_user'],
  ] as const) {
    const dead = yaopai.token()
    await act(demo, 'sessions/end', { as })
    await assert.rejects(visit(), { ...OUT, code })
    await letDaysPass(demo, 6)
    assert.equal(await reasonFor(demo, dead), code, 'days do not make it a mere time-out')
    await assert.rejects(phoneOf(demo, 'alice', storage).yaopai.ready(), { ...OUT, code })
    await yaopai.login()
    assert.equal(typeof (await visit()), 'number')
  }
})

test('a ban holds over the days, and its end lets the same session go on', async (t) => {
  const demo = await startTestDemo(t)
  const { yaopai, visit } = phoneOf(demo, 'alice')
  await visit()
  await act(demo, 'users/ban')
  await letDaysPass(demo, 1)
  assert.equal(await reasonFor(demo, yaopai.token()), 'banned')
  await act(demo, 'users/unban')
  assert.equal(await visit(), 2)
})

test('what was fetched before the days passed is old: a code of then logs nobody in', async (t) => {
  const demo = await startTestDemo(t)
  const { code } = demo.emulator.login({ appid: APPID, user: 'alice' })
  await letDaysPass(demo, 1)
  const late = await call('POST', `${demo.publicUrl}/login`, { json: { code } })
  assert.deepEqual([late.status, late.body['code']], [401, 'code_invalid'])
})

test('a server that starts again is back at the time of day, and goes on with what it wrote "later"', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'yaopai-days-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  const tokens: (string | null)[] = []
  for (const _start of [1, 2, 3]) {
    const demo = await startTestDemo(t, folder)
    for (const token of tokens) assert.equal(await reasonFor(demo, token), undefined, 'known since before')
    const { yaopai, visit } = phoneOf(demo, `phone ${tokens.length}`)
    await letDaysPass(demo, 20 - tokens.length)
    assert.equal(await visit(), 1)
    tokens.push(yaopai.token())
    await demo.stop()
  }
})
