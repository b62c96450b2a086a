// What the phone in the browser finds behind npm start.
import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { test } from 'node:test'
import { createWx, DEMO_APP } from '@yaopai/wechat-emulator'
import { createProxyFetch } from '../../packages/emulator/src/phone/proxy-fetch.ts'
import { createYaopai } from '../../packages/miniprogram/src/index.ts'
import { bundleForWeChat, clientInExample } from '../../tools/package/build-miniprogram.ts'
import { miniprogramPackage } from '../../tools/package/build-package.ts'
import { call } from '../serve/support/client.ts'
import { startTestDemo } from '../serve/support/demo.ts'

const { baseUrl, authUrl } = createRequire(import.meta.url)(
  '../../examples/miniprogram/miniprogram/config.js',
)

test('the addresses in the example lead to the demo on whatever ports it runs, and the shop is seen to ask who calls', async (t) => {
  const demo = await startTestDemo(t)
  const { emulator } = demo
  assert.deepEqual([authUrl.develop, baseUrl.develop], ['http://127.0.0.1:8787', 'http://127.0.0.1:8790'])
  const phone = { id: 'phone:1', user: 'alice', device: 'phone' }
  const fetch = createProxyFetch({ phone, emulatorUrl: emulator.url })
  const wx = createWx({ emulator, appid: DEMO_APP.appid, user: 'alice', fetch })
  const yaopai = createYaopai({ baseUrl, authUrl, platform: wx })
  const { statusCode, data } = await yaopai.request<{ visits: number }>({ url: '/whoami' })
  assert.deepEqual([statusCode, data.visits], [200, 1])
  const { arrows } = emulator.conversation()
  const calls = arrows.filter(({ part }) => part === 'call').map(({ kind, label }) => `${kind} ${label}`)
  assert.deepEqual(calls, [
    'wx.login wx.login',
    'wx.request POST /login',
    'wechat GET /sns/jscode2session',
    'wx.request GET /whoami',
    'tap POST /verify',
  ])
  const token = String(yaopai.token())
  assert.doesNotMatch(JSON.stringify(emulator.conversation()), new RegExp(`${token}|${demo.apiKey}`))
})

test('the phone finds the example as its mini program, with the client in it', async (t) => {
  bundleForWeChat(miniprogramPackage, clientInExample) // as npm start does
  const { emulator } = await startTestDemo(t)
  const { body } = await call('GET', `${emulator.url}/_emulator/phone/program`)
  assert.equal(Object(body['pages'])[0], 'pages/index/index')
  const errors = Object(body['problems']).filter(({ severity }: { severity: string }) => severity === 'error')
  assert.deepEqual(errors, [])
})
