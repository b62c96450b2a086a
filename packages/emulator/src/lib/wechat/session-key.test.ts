import assert from 'node:assert/strict'
import { test } from 'node:test'
import { APPID, codeFor, exchange, startForTest } from '../../test-support/kit.ts'

const alice = { appid: APPID, user: 'alice' }

test('[F81] a login soon after another keeps the session_key', async (t) => {
  const emulator = await startForTest(t)
  emulator.setSettings({ sessionKeyMinRefreshSeconds: 100 })
  const first = await exchange(emulator, { js_code: codeFor(emulator) })
  emulator.advanceClock(99)
  const second = await exchange(emulator, { js_code: codeFor(emulator) })
  assert.equal(second.json['session_key'], first.json['session_key'])
  assert.match(String(first.json['session_key']), /^[A-Za-z0-9+/]{22}==$/)
})

test('[F81] a login later than the shortest period replaces the session_key', async (t) => {
  const emulator = await startForTest(t)
  emulator.setSettings({ sessionKeyMinRefreshSeconds: 100 })
  const first = await exchange(emulator, { js_code: codeFor(emulator) })
  emulator.advanceClock(100)
  const second = await exchange(emulator, { js_code: codeFor(emulator) })
  assert.notEqual(second.json['session_key'], first.json['session_key'])
})

test('[F81] with a period of 0 every login replaces it, and the older code yields the living key', async (t) => {
  const emulator = await startForTest(t)
  emulator.setSettings({ sessionKeyMinRefreshSeconds: 0 })
  const older = codeFor(emulator)
  const newer = codeFor(emulator)
  const ofNewer = await exchange(emulator, { js_code: newer })
  const ofOlder = await exchange(emulator, { js_code: older })
  assert.equal(ofOlder.json['session_key'], ofNewer.json['session_key'])
  assert.equal(ofOlder.json['session_key'], emulator.sessionKeyOf(alice))
})

test('[F81] codeYieldsSessionKey ofLogin: the older code yields its own, dead key', async (t) => {
  const emulator = await startForTest(t)
  emulator.setSettings({ sessionKeyMinRefreshSeconds: 0, codeYieldsSessionKey: 'ofLogin' })
  const older = codeFor(emulator)
  const keyThen = emulator.sessionKeyOf(alice)
  codeFor(emulator)
  const { json } = await exchange(emulator, { js_code: older })
  assert.equal(json['session_key'], keyThen)
  assert.notEqual(json['session_key'], emulator.sessionKeyOf(alice))
})

test('[F81] a session_key dies after its life; use prolongs it only where sessionKeySliding says so', async (t) => {
  const emulator = await startForTest(t)
  emulator.setSettings({ sessionKeyLifetimeSeconds: 1000, sessionKeyMinRefreshSeconds: 9999 })
  codeFor(emulator)
  emulator.advanceClock(999)
  assert.deepEqual(emulator.checkSession(alice), { errMsg: 'checkSession:ok' })
  emulator.advanceClock(1)
  assert.equal(emulator.sessionKeyOf(alice), null)
  emulator.setSettings({ sessionKeySliding: true })
  codeFor(emulator)
  emulator.advanceClock(999)
  assert.equal(emulator.checkSession(alice).errMsg, 'checkSession:ok')
  emulator.advanceClock(999)
  assert.notEqual(emulator.sessionKeyOf(alice), null)
})

test('[F81] checkSession fails for who never logged in, after expiry and after rotation', async (t) => {
  const emulator = await startForTest(t)
  const failure = 'checkSession:fail session time out, need relogin'
  assert.equal(emulator.checkSession(alice).errMsg, failure)
  codeFor(emulator)
  assert.equal(emulator.checkSession(alice).errMsg, 'checkSession:ok')
  const before = emulator.sessionKeyOf(alice)
  emulator.rotateSessionKey(alice)
  assert.notEqual(emulator.sessionKeyOf(alice), before)
  assert.equal(emulator.checkSession(alice).errMsg, failure)
  codeFor(emulator)
  emulator.expireSessionKey(alice)
  assert.equal(emulator.checkSession(alice).errMsg, failure)
  assert.equal(emulator.sessionKeyOf(alice), null)
})

test('[F81] a second device that refreshes the key makes the first one fail its check', async (t) => {
  const emulator = await startForTest(t)
  emulator.setSettings({ sessionKeyMinRefreshSeconds: 0 })
  emulator.login({ ...alice, device: 'phone' })
  emulator.login({ ...alice, device: 'pc' })
  assert.match(emulator.checkSession({ ...alice, device: 'phone' }).errMsg, /fail/)
  assert.equal(emulator.checkSession({ ...alice, device: 'pc' }).errMsg, 'checkSession:ok')
})

test('[F81] keys of users and of apps have nothing to do with each other', async (t) => {
  const emulator = await startForTest(t)
  codeFor(emulator, 'alice')
  codeFor(emulator, 'bob')
  const aliceKey = emulator.sessionKeyOf(alice)
  emulator.rotateSessionKey({ appid: APPID, user: 'bob' })
  assert.equal(emulator.sessionKeyOf(alice), aliceKey)
  assert.notEqual(emulator.sessionKeyOf({ appid: APPID, user: 'bob' }), aliceKey)
})
