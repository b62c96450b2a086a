import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CLINIC, ORIGIN, type Rig, SHOP, startRig } from '../testing/rig.ts'
import { createUseOpenData, type OpenDataInput, type OpenDataResult } from './use-open-data.ts'

async function prepared(rig: Rig) {
  const { token } = await rig.logIn('alice')
  const caller = await rig.caller(token)
  const useOpenData = createUseOpenData(rig.services)
  return { caller, use: (input: OpenDataInput) => useOpenData(caller, input, ORIGIN) }
}

function encrypted({ encryptedData, iv }: { encryptedData: string; iv: string }): OpenDataInput {
  return { encrypted: { encryptedData, iv }, signed: null }
}

function outcome(result: OpenDataResult): string {
  return result.ok ? 'ok' : result.code
}

test('[F31][F30] what WeChat encrypted and signed for the user comes back plain, without identity', async (t) => {
  const rig = await startRig(t)
  const { use } = await prepared(rig)
  rig.emulator.putUser('alice', { nickname: '爱丽丝' })
  const sample = rig.emulator.openData({ appid: SHOP, user: 'alice' })
  const opened = await use(encrypted(sample))
  assert.ok(opened.ok)
  assert.equal(opened.userInfo.nickName, '爱丽丝')
  assert.equal(opened.integrity, 'none')
  assert.ok(
    !('openId' in opened.userInfo) && !('unionId' in opened.userInfo) && !('watermark' in opened.userInfo),
  )
  const signed = await use({ encrypted: null, signed: sample })
  assert.equal(signed.ok && signed.integrity, 'signature')
})

test('[F30] a signature that does not fit opens nothing', async (t) => {
  const rig = await startRig(t)
  const { use } = await prepared(rig)
  const { rawData, signature } = rig.emulator.openData({ appid: SHOP, user: 'alice' })
  assert.equal(
    outcome(await use({ encrypted: null, signed: { rawData: `${rawData} `, signature } })),
    'session_key_stale',
  )
})

test('[F33][T08] encrypted data works once, also a hundred times at once', async (t) => {
  const rig = await startRig(t)
  const { use } = await prepared(rig)
  const input = encrypted(rig.emulator.openData({ appid: SHOP, user: 'alice' }))
  const results = (await Promise.all(Array.from({ length: 100 }, () => use(input)))).map(outcome)
  assert.equal(results.filter((result) => result === 'ok').length, 1)
  assert.equal(results.filter((result) => result === 'conflict').length, 99)
  rig.advance(299)
  assert.equal(outcome(await use(input)), 'conflict')
})

test('[F33] data older than five minutes is refused like data that does not open', async (t) => {
  const rig = await startRig(t)
  const { use } = await prepared(rig)
  const input = encrypted(rig.emulator.openData({ appid: SHOP, user: 'alice' }))
  rig.advance(301)
  assert.equal(outcome(await use(input)), 'session_key_stale')
})

test('[F32][T07] data of another app, and of another user, is refused', async (t) => {
  const rig = await startRig(t)
  const { use } = await prepared(rig)
  await rig.logIn('alice', { appid: CLINIC })
  await rig.logIn('bob')
  assert.equal(
    outcome(await use(encrypted(rig.emulator.openData({ appid: CLINIC, user: 'alice' })))),
    'session_key_stale',
  )
  assert.equal(
    outcome(await use(encrypted(rig.emulator.openData({ appid: SHOP, user: 'bob' })))),
    'session_key_stale',
  )
  assert.ok(rig.logLines.some((line) => line.event === 'open_data.refused'))
})

test('[F35] data that was encrypted before the latest login still opens', async (t) => {
  const rig = await startRig(t)
  rig.emulator.setSettings({ sessionKeyMinRefreshSeconds: 0 })
  const { use } = await prepared(rig)
  const input = encrypted(rig.emulator.openData({ appid: SHOP, user: 'alice' }))
  await rig.logIn('alice')
  await rig.logIn('alice')
  assert.equal(outcome(await use(input)), 'ok')
})

test('data under a key that no login brought here is stale, and a new login cures it', async (t) => {
  const rig = await startRig(t)
  const { use } = await prepared(rig)
  rig.emulator.rotateSessionKey({ appid: SHOP, user: 'alice' })
  const input = encrypted(rig.emulator.openData({ appid: SHOP, user: 'alice' }))
  assert.equal(outcome(await use(input)), 'session_key_stale')
  await rig.logIn('alice')
  assert.equal(outcome(await use(input)), 'ok')
})

test('[T06] data that is no whole blocks is counted and told like data that no key opens', async (t) => {
  const rig = await startRig(t)
  const { use } = await prepared(rig)
  const { iv } = rig.emulator.openData({ appid: SHOP, user: 'alice' })
  assert.equal(outcome(await use(encrypted({ encryptedData: 'AAAA', iv }))), 'session_key_stale')
  assert.equal(rig.logLines.filter((line) => line.event === 'open_data.refused').length, 1)
})
