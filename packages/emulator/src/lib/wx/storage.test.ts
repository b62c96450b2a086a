import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createWx, type Wx, type WxOptions } from '../../index.ts'
import { APPID } from '../../test-support/kit.ts'

const refuse = () => {
  throw new Error('not asked')
}
const emulator = { login: refuse, checkSession: refuse, openData: refuse, phoneCode: refuse }
const MB = 1_048_576

function makeWx(options: Partial<WxOptions> = {}): Wx {
  return createWx({ emulator, appid: APPID, user: 'alice', ...options })
}

test('[F84] storage keeps what JSON keeps, and dates; what is not there is an empty string', async () => {
  const wx = makeWx()
  const date = new Date(0)
  wx.setStorageSync('date', date)
  assert.deepEqual(wx.getStorageSync('date'), date)
  assert.equal(wx.getStorageSync('none'), '')
  await assert.rejects(Promise.resolve(wx.getStorage({ key: 'none' })), {
    errMsg: 'getStorage:fail data not found',
  })
  await wx.setStorage({ key: 'a', data: [1, { b: '二' }] })
  assert.deepEqual((await wx.getStorage({ key: 'a' })).data, [1, { b: '二' }])
  wx.removeStorageSync('a')
  assert.equal(wx.getStorageSync('a'), '')
  await wx.clearStorage()
  assert.deepEqual(wx.getStorageInfoSync(), { keys: [], currentSize: 0, limitSize: 10_240 })
})

test('[F84] what a page does to its object later does not change what is stored', () => {
  const wx = makeWx()
  const kept = { list: [1] }
  wx.setStorageSync('a', kept)
  kept.list.push(2)
  assert.deepEqual(wx.getStorageSync('a'), { list: [1] })
})

test('[F84] any JSON value comes back', () => {
  const wx = makeWx()
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), fc.jsonValue(), (key, value) => {
      wx.setStorageSync(key, value)
      assert.deepEqual(wx.getStorageSync(key), JSON.parse(JSON.stringify(value)))
    }),
    { numRuns: 1000 },
  )
})

test('[F84] one key holds 1 MB, no more', async () => {
  const wx = makeWx()
  wx.setStorageSync('k', 'x'.repeat(MB - 3))
  const tooLong = 'x'.repeat(MB - 2)
  assert.throws(() => wx.setStorageSync('k', tooLong), {
    message: 'setStorageSync:fail:entry size limit reached',
  })
  await assert.rejects(Promise.resolve(wx.setStorage({ key: 'k', data: tooLong })), {
    errMsg: 'setStorage:fail:entry size limit reached',
  })
  assert.equal(String(wx.getStorageSync('k')).length, MB - 3)
})

test('[F84] all keys together hold 10 MB; a smaller value in the place of a larger one still fits', () => {
  const wx = makeWx()
  for (let index = 0; index < 10; index += 1) wx.setStorageSync(`${index}`, 'x'.repeat(MB - 3))
  assert.throws(() => wx.setStorageSync('a', 1), {
    message: 'setStorageSync:fail exceed storage max size 10Mb',
  })
  wx.setStorageSync('0', 'short')
  wx.setStorageSync('a', 1)
  assert.equal(wx.getStorageSync('a'), 1)
})

test('[F84] switches: full, unreadable, corrupt, wiped', async () => {
  const wx = makeWx()
  wx.setStorageSync('token', { t: 1 })
  wx.phone.storage.full = true
  assert.throws(() => wx.setStorageSync('x', 1), /exceed storage max size 10Mb/)
  wx.phone.storage.full = false
  wx.phone.storage.unreadable = true
  assert.throws(() => wx.getStorageSync('token'), /getStorageSync:fail/)
  await assert.rejects(Promise.resolve(wx.getStorage({ key: 'token' })), { errMsg: /^getStorage:fail/ })
  wx.phone.storage.unreadable = false
  wx.phone.storage.corrupt('token')
  assert.equal(typeof wx.getStorageSync('token'), 'string')
  wx.phone.storage.wipe()
  assert.equal(wx.getStorageSync('token'), '')
})

test('[F84] a map handed on is the storage after a restart; single page mode has one of its own', () => {
  const storage = new Map<string, string>()
  makeWx({ storage }).setStorageSync('token', 't')
  assert.equal(makeWx({ storage }).getStorageSync('token'), 't')
  assert.equal(makeWx({ storage, scene: 1154 }).getStorageSync('token'), '')
})

test('[F84] keys must be non-empty strings', () => {
  const wx = makeWx()
  assert.throws(() => wx.setStorageSync('', 1), /parameter\.key/)
})
