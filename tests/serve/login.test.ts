import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { createWx, type Wx } from '@yaopai/wechat-emulator'
import { createYaopaiClient } from 'yaopai/client'
import { call, statusOf, tokenOf } from './support/client.ts'
import { APPID, createRig } from './support/rig.ts'

test('[F68] a server of its own logs users in and tells back ends who calls', async (t) => {
  const rig = await createRig(t)
  const server = await rig.serve()
  assert.equal((await call('GET', `${server.publicUrl}/readyz`)).status, 200)
  const token = await tokenOf(server.publicUrl, rig.code())
  const yaopai = createYaopaiClient({ internalUrl: server.internalUrl, apiKey: rig.apiKey })
  const verdict = await yaopai.verify(token)
  assert.ok(verdict.ok)
  const known = await yaopai.introspect(token)
  assert.ok(known.active)
  assert.equal(known.sub, verdict.user.id)
  assert.equal(known.openid, rig.emulator.openidOf(APPID, 'alice'))
  assert.equal((await call('GET', `${server.publicUrl}/metrics`)).status, 404)
  const metrics = await call('GET', `${server.internalUrl}/metrics`)
  assert.match(metrics.text, /yaopai_logins_total\{app="wx[0-9a-f]{16}",outcome="ok"\} 1/)
  assert.match(metrics.text, /yaopai_build_info\{version="/)
  assert.equal((await server.stop()).exitCode, 0)
})

test('[F79] it needs nothing but a file, and knows its users again after a restart', async (t) => {
  const rig = await createRig(t)
  const first = await rig.serve()
  const token = await tokenOf(first.publicUrl, rig.code())
  const before = await call('GET', `${first.publicUrl}/session`, { token })
  await first.stop()
  const second = await rig.serve()
  const after = await call('GET', `${second.publicUrl}/session`, { token })
  assert.equal(after.status, 200)
  assert.deepEqual(after.body, before.body)
  assert.equal(
    (await readFile(join(rig.folder, '.yaopai', 'yaopai.db'))).subarray(0, 15).toString(),
    'SQLite format 3',
  )
})

/** A page as the classic tutorial writes it: its calls, its names, its storage key. */
function classicPage(wx: Wx, origin: string, nickName: string) {
  const logIn = () =>
    new Promise<void>((resolve, reject) => {
      wx.login({
        success: ({ code }) =>
          wx.request({
            url: `${origin}/login`,
            data: { code, userInfo: nickName },
            success: (res) => {
              const { user_uuid: state } = Object(res.data)
              wx.setStorageSync('openid', state)
              resolve()
            },
            fail: reject,
          }),
        fail: reject,
      })
    })
  const enter = () =>
    new Promise<'known' | 'logged in'>((resolve, reject) => {
      wx.checkSession({
        success: () => resolve('known'),
        fail: () => logIn().then(() => resolve('logged in'), reject),
      })
    })
  return { logIn, enter }
}

test("[F1] the classic tutorial's client logs in over GET /login and is known from then on", async (t) => {
  const rig = await createRig(t)
  const app = { appid: APPID, secret: { env: 'WECHAT_SECRET' }, classicLogin: true }
  await writeFile(join(rig.folder, 'yaopai.config.json'), JSON.stringify({ apps: [app] }))
  const server = await rig.serve()
  const wx = createWx({ emulator: rig.emulator, appid: APPID, user: 'alice' })
  const page = classicPage(wx, server.publicUrl, 'Alice')
  assert.equal(await page.enter(), 'logged in')
  const state = wx.getStorageSync('openid')
  assert.match(String(state), /^yp1_[A-Za-z0-9_-]{52}[0-9A-Za-z]{6}$/)
  assert.equal(await page.enter(), 'known')
  const session = await call('GET', `${server.publicUrl}/session`, { token: String(state) })
  assert.equal(session.status, 200)
  assert.equal(Object(session.body['user']).nickname, 'Alice')
  await page.logIn()
  assert.notEqual(wx.getStorageSync('openid'), state)
  assert.equal(await statusOf(server.publicUrl, String(wx.getStorageSync('openid'))), 200)
})

test('without classicLogin there is no GET /login', async (t) => {
  const rig = await createRig(t)
  const server = await rig.serve()
  const answer = await call('GET', `${server.publicUrl}/login?code=${rig.code()}&userInfo=x`)
  assert.ok(answer.status === 404 || answer.status === 405, answer.text)
  assert.equal(rig.emulator.calls().length, 0)
})
