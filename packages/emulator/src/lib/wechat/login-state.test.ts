import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import type { Emulator, StartOptions } from '../../index.ts'
import { APPID, codeFor, startForTest } from '../../test-support/kit.ts'
import { ask, askToken, CHECK, RESET, tokenOf } from '../../test-support/server-calls.ts'
import { signLoginState } from './login-state.ts'

const file = new URL('../../fixtures/login-state-signature.json', import.meta.url)
const vectors = JSON.parse(await readFile(file, 'utf8'))
const alice = { appid: APPID, user: 'alice' }

async function startLoggedIn(t: Parameters<typeof startForTest>[0], options: StartOptions = {}) {
  const emulator = await startForTest(t, options)
  codeFor(emulator)
  const params = {
    access_token: await tokenOf(askToken(emulator)),
    openid: emulator.openidOf(APPID, 'alice'),
    signature: signLoginState(keyOf(emulator), ''),
    sig_method: 'hmac_sha256',
  }
  return { emulator, params }
}

function keyOf(emulator: Emulator): string {
  return emulator.sessionKeyOf(alice) ?? 'none'
}

test("[F81] WeChat's own sample of a login-state signature comes out, and not the one with the decoded key", () => {
  const { sessionKey, body, signature, withDecodedKey } = vectors.post
  assert.equal(signLoginState(sessionKey, body), signature)
  assert.notEqual(signLoginState(sessionKey, body), withDecodedKey)
  for (const one of vectors.empty) assert.equal(signLoginState(one.sessionKey, ''), one.signature)
})

test('[F81] checksession says ok to who holds the living key, in either case of the hex', async (t) => {
  const { emulator, params } = await startLoggedIn(t)
  const answer = await ask(emulator, CHECK, params)
  assert.deepEqual(
    [answer.status, answer.type, answer.text],
    [200, 'application/json', '{"errcode":0,"errmsg":"ok"}'],
  )
  const upper = await ask(emulator, CHECK, { ...params, signature: params.signature.toUpperCase() })
  assert.equal(upper.json['errcode'], 0)
  assert.equal(emulator.calls().at(-1)?.openid, params.openid)
})

test('[F81] a wrong, a replaced and an expired key are 87009 alike', async (t) => {
  const { emulator, params } = await startLoggedIn(t)
  const wrong = await ask(emulator, CHECK, { ...params, signature: 'f'.repeat(64) })
  assert.match(wrong.text, /^\{"errcode":87009,"errmsg":"invalid signature rid: 68aaa4d1-/)
  emulator.rotateSessionKey(alice)
  assert.equal((await ask(emulator, CHECK, params)).json['errcode'], 87009)
  emulator.expireSessionKey(alice)
  assert.equal((await ask(emulator, CHECK, params)).json['errcode'], 87009)
})

test('[F81] who and how come before the signature: token, openid, sig_method', async (t) => {
  const { emulator, params } = await startLoggedIn(t)
  const errcodeOf = async (changed: Record<string, string | undefined>) =>
    (await ask(emulator, CHECK, { ...params, ...changed })).json['errcode']
  assert.equal(await errcodeOf({ access_token: undefined, openid: undefined }), 41001)
  assert.equal(await errcodeOf({ openid: 'oNobody', sig_method: 'x' }), 40003)
  assert.equal(await errcodeOf({ openid: undefined }), 40003)
  assert.equal(await errcodeOf({ sig_method: 'sha1', signature: 'x' }), 87008)
  assert.equal(await errcodeOf({ sig_method: undefined }), 87008)
  assert.equal(await errcodeOf({ signature: undefined }), 87009)
})

test('[F81] the signature covers the body that is sent, be it only {}', async (t) => {
  const { emulator, params } = await startLoggedIn(t)
  assert.equal((await ask(emulator, CHECK, params, { body: '{}' })).json['errcode'], 87009)
  const signature = signLoginState(keyOf(emulator), '{}')
  assert.equal((await ask(emulator, CHECK, { ...params, signature }, { body: '{}' })).json['errcode'], 0)
})

test('[F86] the usual mistakes are named in the log, without the key', async (t) => {
  const lines: string[] = []
  const { emulator, params } = await startLoggedIn(t, { log: (line) => lines.push(line) })
  const key = keyOf(emulator)
  const decoded = createHmac('sha256', Buffer.from(key, 'base64')).update('').digest('hex')
  const swapped = createHmac('sha256', '').update(key).digest('hex')
  await ask(emulator, CHECK, { ...params, signature: decoded })
  await ask(emulator, CHECK, { ...params, signature: swapped })
  await ask(emulator, CHECK, params, { body: '{}' })
  await ask(emulator, CHECK, { ...params, signature: 'none of them' })
  assert.deepEqual(lines, [
    '87009: signed with the decoded session_key; sign with its base64 text',
    '87009: session_key and body are swapped; the session_key is the key',
    '87009: the signature leaves out the body',
  ])
})

test('[F81] resetusersessionkey hands out a new key, by GET or POST; the old one is dead', async (t) => {
  for (const method of ['GET', 'POST']) {
    const { emulator, params } = await startLoggedIn(t)
    const before = keyOf(emulator)
    const { text, json } = await ask(emulator, RESET, params, { method })
    const session_key = keyOf(emulator)
    assert.notEqual(session_key, before)
    assert.equal(
      text,
      `{"errcode":0,"errmsg":"ok","openid":"${params.openid}","session_key":"${session_key}"}`,
    )
    assert.equal(JSON.stringify(emulator.calls()).includes(String(json['session_key'])), false)
    assert.equal((await ask(emulator, CHECK, params)).json['errcode'], 87009)
    const signature = signLoginState(session_key, '')
    assert.equal((await ask(emulator, CHECK, { ...params, signature })).json['errcode'], 0)
  }
})

test('[F81] a reset key lives no longer than the old one would have; then there is none: 87007', async (t) => {
  const { emulator, params } = await startLoggedIn(t)
  emulator.setSettings({ sessionKeyLifetimeSeconds: 1000 })
  emulator.advanceClock(999)
  await ask(emulator, RESET, params)
  assert.notEqual(emulator.sessionKeyOf(alice), null)
  const signature = signLoginState(keyOf(emulator), '')
  emulator.advanceClock(1)
  const { text } = await ask(emulator, RESET, { ...params, signature })
  assert.equal(text, '{"errcode":87007,"errmsg":"session_key is not existd or expired"}')
})

test('[F81] a check prolongs the key only where sessionKeySliding says so', async (t) => {
  const { emulator, params } = await startLoggedIn(t)
  emulator.setSettings({ sessionKeyLifetimeSeconds: 1000, sessionKeySliding: true })
  emulator.advanceClock(999)
  await ask(emulator, CHECK, params)
  emulator.advanceClock(999)
  assert.equal((await ask(emulator, CHECK, params)).json['errcode'], 0)
  emulator.setSettings({ sessionKeySliding: false })
  assert.equal((await ask(emulator, CHECK, params)).json['errcode'], 87009)
})
