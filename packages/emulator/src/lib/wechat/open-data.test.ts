import assert from 'node:assert/strict'
import { createDecipheriv, createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import type { Emulator, OpenData } from '../../index.ts'
import { APPID, codeFor, NOON_SECONDS, SECRET, startForTest } from '../../test-support/kit.ts'
import { encryptOpenData, signRawData } from './open-data.ts'

const vectors = JSON.parse(await readFile(new URL('../../fixtures/open-data.json', import.meta.url), 'utf8'))
const alice = { appid: APPID, user: 'alice' }

function decrypt(data: OpenData, sessionKey: string | null): Record<string, unknown> {
  const key = Buffer.from(sessionKey ?? '', 'base64')
  const decipher = createDecipheriv('aes-128-cbc', key, Buffer.from(data.iv, 'base64'))
  const text = decipher.update(data.encryptedData, 'base64', 'utf8') + decipher.final('utf8')
  return JSON.parse(text)
}

function openNow(emulator: Emulator, data: OpenData): Record<string, unknown> {
  return decrypt(data, emulator.sessionKeyOf(alice))
}

test("[F81] WeChat's own sample is encrypted to its very bytes", () => {
  const { plaintext, sessionKey, iv, encryptedData } = vectors.decryptUserInfo
  assert.equal(encryptOpenData(plaintext, sessionKey, iv), encryptedData)
})

test("[F81] WeChat's own sample is signed to its very signature", () => {
  const { rawData, sessionKey, signature } = vectors.rawDataSignature
  assert.equal(signRawData(rawData, sessionKey), signature)
})

test('[F81] user info has the shape of getUserInfo: openId, profile, unionId, watermark', async (t) => {
  const emulator = await startForTest(t)
  emulator.putApp(APPID, { secret: SECRET, openPlatform: 'group' })
  emulator.putUser('alice', { nickname: '爱丽丝', avatarUrl: 'https://example.com/a.png' })
  codeFor(emulator)
  emulator.advanceClock(5)
  const data = emulator.openData(alice)
  const plain = openNow(emulator, data)
  const names = 'openId nickName gender language city province country avatarUrl unionId watermark'
  assert.deepEqual(Object.keys(plain), names.split(' '))
  assert.equal(plain['openId'], emulator.openidOf(APPID, 'alice'))
  assert.equal(plain['unionId'], emulator.unionidOf('group', 'alice'))
  assert.deepEqual(plain['watermark'], { timestamp: NOON_SECONDS + 5, appid: APPID })
  const raw = JSON.parse(data.rawData)
  assert.deepEqual(Object.keys(raw), names.split(' ').slice(1, 8))
  assert.equal(raw.nickName, '爱丽丝')
  const signed = data.rawData + emulator.sessionKeyOf(alice)
  assert.equal(data.signature, createHash('sha1').update(signed).digest('hex'))
})

test('[F81] the kind userProfile never holds openId or unionId', async (t) => {
  const emulator = await startForTest(t)
  emulator.putApp(APPID, { secret: SECRET, openPlatform: 'group' })
  codeFor(emulator)
  const plain = openNow(emulator, emulator.openData({ ...alice, kind: 'userProfile' }))
  assert.equal('openId' in plain || 'unionId' in plain, false)
})

test('[F81] who has no nickname, and everyone under anonymousProfile, is 微信用户', async (t) => {
  const emulator = await startForTest(t)
  codeFor(emulator)
  assert.equal(JSON.parse(emulator.openData(alice).rawData).nickName, '微信用户')
  emulator.putUser('alice', { nickname: 'Alice' })
  assert.equal(JSON.parse(emulator.openData(alice).rawData).nickName, 'Alice')
  emulator.setSettings({ anonymousProfile: true })
  assert.equal(JSON.parse(emulator.openData(alice).rawData).nickName, '微信用户')
})

test('[F81] a test can order forged open data: other ids, watermark, key, plaintext', async (t) => {
  const emulator = await startForTest(t)
  codeFor(emulator)
  const forged = emulator.openData({
    ...alice,
    openId: 'oSomebodyElse',
    unionId: null,
    watermark: { appid: 'wxother', timestamp: 1 },
    fields: { extra: [1] },
  })
  const plain = openNow(emulator, forged)
  assert.equal(plain['openId'], 'oSomebodyElse')
  assert.deepEqual(plain['watermark'], { appid: 'wxother', timestamp: 1 })
  assert.deepEqual(plain['extra'], [1])
  assert.equal('watermark' in openNow(emulator, emulator.openData({ ...alice, watermark: null })), false)
  const sessionKey = Buffer.alloc(16, 7).toString('base64')
  const own = emulator.openData({ ...alice, sessionKey, plaintext: '{"x":1}' })
  assert.deepEqual(decrypt(own, sessionKey), { x: 1 })
})

test('[F81] open data needs a login, and keys of 16 bytes', async (t) => {
  const emulator = await startForTest(t)
  assert.throws(() => emulator.openData(alice), { code: 'no_session_key', message: /log the user in first/ })
  assert.throws(() => emulator.openData({ ...alice, sessionKey: 'c2hvcnQ=' }), { code: 'invalid_input' })
  assert.throws(() => emulator.openData({ appid: 'wxnope', user: 'alice' }), { code: 'unknown_app' })
})
