import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Wx } from '@yaopai/wechat-emulator'
import { createYaopai } from './index.ts'
import { API, startWorld } from './testing/world.ts'
import type { WxLike, YaopaiOptions } from './types.ts'

const nothing = () => undefined

function bareWx(envVersion: string | undefined): WxLike {
  const apis = ['login', 'checkSession', 'request', 'getStorageSync', 'setStorageSync', 'removeStorageSync']
  const account = { miniProgram: { appId: 'wxa1b2c3d4e5f60718', envVersion } }
  const members = {
    ...Object.fromEntries(apis.map((api) => [api, nothing])),
    getAccountInfoSync: () => account,
  }
  return members as unknown as WxLike
}

test('options that make no sense are refused when the client is made, with the cure in both languages', () => {
  const refused: [options: object, field: string][] = [
    [{}, 'baseUrl'],
    [{ baseUrl: '' }, 'baseUrl'],
    [{ baseUrl: 'api.example.com' }, 'baseUrl'],
    [{ baseUrl: 'ftp://api.example.com' }, 'baseUrl'],
    [{ baseUrl: 'wss://api.example.com' }, 'baseUrl'],
    [{ baseUrl: 'http://api.example.com' }, 'baseUrl'],
    [{ baseUrl: 'http://127.0.0.1:8787' }, 'baseUrl'],
    [{ baseUrl: 'https://api.example.com?x=1' }, 'baseUrl'],
    [{ baseUrl: 'https://api.example.com/#x' }, 'baseUrl'],
    [{ baseUrl: 'https://user@api.example.com' }, 'baseUrl'],
    [{ baseUrl: 'https://api.example.com/login' }, 'baseUrl'],
    [{ baseUrl: 'https://api.example.com/shop/session/' }, 'baseUrl'],
    [{ baseUrl: 'https://api.example.com/me' }, 'baseUrl'],
    [{ baseUrl: { develop: 'https://dev.example.com', trial: 'https://dev.example.com' } }, 'baseUrl'],
    [{ baseUrl: API, authUrl: 'http://auth.example.com' }, 'authUrl'],
    [{ baseUrl: API, tokenOrigins: ['https://*.example.com'] }, 'tokenOrigins'],
    [{ baseUrl: API, tokenOrigins: ['https://files.example.com/path'] }, 'tokenOrigins'],
    [{ baseUrl: API, tokenOrigins: ['*'] }, 'tokenOrigins'],
    [{ baseUrl: API, tokenOrigins: [''] }, 'tokenOrigins'],
    [{ baseUrl: API, baseURL: API }, 'baseURL'],
    [{ baseUrl: API, appSecret: 'x' }, 'appSecret'],
  ]
  for (const [options, field] of refused) {
    assert.throws(
      () => createYaopai({ platform: bareWx('release'), ...options } as YaopaiOptions),
      (error: Error & { code: string; class: string }) => {
        assert.deepEqual([error.name, error.code, error.class], ['YaopaiError', 'invalid_option', 'config'])
        assert.ok(error.message.includes(field), `${error.message} names ${field}`)
        assert.match(error.message, /[\u4e00-\u9fff].* \/ .*[a-z]/)
        return true
      },
      JSON.stringify(options),
    )
  }
})

test('without a platform it says which there are', () => {
  assert.throws(() => createYaopai({ baseUrl: API }), {
    code: 'invalid_option',
    message: /platform.*use wx/,
  })
  assert.throws(() => createYaopai({ baseUrl: API, platform: {} as WxLike }), { code: 'invalid_option' })
})

test('no options at all, and a request without an address, are errors of the client’s, not of JavaScript', async (t) => {
  assert.throws(() => (createYaopai as () => void)(), { name: 'YaopaiError', code: 'invalid_option' })
  const world = await startWorld(t)
  const answer = await world.client(world.phone()).request({} as { url: string })
  assert.equal(answer.statusCode, 200)
})

test('each version of the mini program has its own server; http is for develop and trial', () => {
  const baseUrl = {
    develop: 'http://127.0.0.1:8787/',
    trial: 'http://192.168.1.5:8787',
    release: 'https://api.example.com/yaopai',
  }
  for (const version of ['develop', 'trial', 'release'] as const) {
    const yaopai = createYaopai({ baseUrl, platform: bareWx(version) })
    assert.equal(yaopai.baseUrl, baseUrl[version].replace(/\/$/, ''))
    assert.equal(yaopai.authUrl, yaopai.baseUrl)
  }
  assert.throws(() => createYaopai({ baseUrl: 'http://127.0.0.1:8787', platform: bareWx(undefined) }), {
    code: 'invalid_option',
  })
})

test('[F66] a platform that answers with Promises as well, as Taro does, and one that knows callbacks alone', async (t) => {
  const world = await startWorld(t)
  for (const platform of [world.phone({ callbackOnly: true }), likeTaro(world.phone())]) {
    const yaopai = world.client(platform)
    assert.equal((await yaopai.request({ url: '/orders' })).statusCode, 200)
    platform.phone.failNext('request', 'request:fail timeout')
    await assert.rejects(yaopai.request({ url: '/orders' }), { code: 'timeout' })
  }
})

/** Calls back and rejects, both. */
function likeTaro(wx: Wx): Wx {
  const promised = (api: (options: object) => unknown) => (options: object) => {
    let reject: (failure: unknown) => void = nothing
    const result = new Promise((_resolve, refuse) => {
      reject = refuse
    })
    const { fail = nothing } = options as { fail?: (failure: unknown) => void }
    const both = (failure: unknown) => {
      fail(failure)
      reject(failure)
    }
    return Object.assign(result, Object(api({ ...options, fail: both })))
  }
  return { ...wx, login: promised(wx.login as never), request: promised(wx.request as never) } as Wx
}
