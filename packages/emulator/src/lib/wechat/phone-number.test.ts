import assert from 'node:assert/strict'
import { createDecipheriv } from 'node:crypto'
import { test } from 'node:test'
import type { Emulator } from '../../index.ts'
import {
  APPID,
  codeFor,
  control,
  NOON_SECONDS,
  OTHER_APPID,
  SECRET,
  startForTest,
} from '../../test-support/kit.ts'
import { ask, askToken, PHONE, tokenOf } from '../../test-support/server-calls.ts'

const alice = { appid: APPID, user: 'alice' }

async function startLoggedIn(t: Parameters<typeof startForTest>[0]) {
  const emulator = await startForTest(t)
  emulator.putUser('alice', { phone: '13800000001' })
  codeFor(emulator)
  const access_token = await tokenOf(askToken(emulator))
  const numberFor = (json: unknown) => ask(emulator, PHONE, { access_token }, { json })
  return { emulator, access_token, numberFor }
}

function openSealed(emulator: Emulator, { encryptedData, iv }: { encryptedData: string; iv: string }) {
  const key = Buffer.from(emulator.sessionKeyOf(alice) ?? '', 'base64')
  const decipher = createDecipheriv('aes-128-cbc', key, Buffer.from(iv, 'base64'))
  return JSON.parse(decipher.update(encryptedData, 'base64', 'utf8') + decipher.final('utf8'))
}

test("[F81] the phone button's code becomes the number, to the byte", async (t) => {
  const { emulator, numberFor } = await startLoggedIn(t)
  const { code } = emulator.phoneCode(alice)
  assert.match(code, /^[0-9a-f]{64}$/)
  emulator.advanceClock(7)
  const { status, type, text } = await numberFor({ code })
  assert.deepEqual([status, type], [200, 'application/json'])
  const watermark = `{"timestamp":${NOON_SECONDS + 7},"appid":"${APPID}"}`
  const number = '"phoneNumber":"13800000001","purePhoneNumber":"13800000001","countryCode":"86"'
  assert.equal(text, `{"errcode":0,"errmsg":"ok","phone_info":{${number},"watermark":${watermark}}}`)
  const { path, appid, openid } = emulator.calls().at(-1) ?? {}
  assert.deepEqual([path, appid, openid], [PHONE, APPID, emulator.openidOf(APPID, 'alice')])
  assert.equal(JSON.stringify(emulator.calls()).includes('13800000001'), false)
})

test('[F81] countryCodeIsText false: the number of the official sample', async (t) => {
  const { emulator, numberFor } = await startLoggedIn(t)
  emulator.setSettings({ countryCodeIsText: false })
  assert.match((await numberFor({ code: emulator.phoneCode(alice).code })).text, /"countryCode":86,/)
})

test('[F81] a phone code works once, for five minutes, and is no login code', async (t) => {
  const { emulator, numberFor } = await startLoggedIn(t)
  const { code } = emulator.phoneCode(alice)
  assert.equal((await numberFor({ code })).json['errcode'], 0)
  assert.match(
    (await numberFor({ code })).text,
    /^\{"errcode":40029,"errmsg":"invalid code hint: \[[0-9A-Za-z-]{16}\] rid: 68aaa4d1-[0-9a-f]{8}-[0-9a-f]{8}"\}$/,
  )
  const young = emulator.phoneCode(alice).code
  emulator.advanceClock(299)
  assert.equal((await numberFor({ code: young })).json['errcode'], 0)
  const old = emulator.phoneCode(alice).code
  emulator.advanceClock(300)
  for (const wrong of [old, codeFor(emulator), undefined, 7, '']) {
    assert.equal((await numberFor({ code: wrong })).json['errcode'], 40029, String(wrong))
  }
})

test('[F81] of two exchanges of one phone code at the same time one wins', async (t) => {
  const { emulator, numberFor } = await startLoggedIn(t)
  const { code } = emulator.phoneCode(alice)
  const answers = await Promise.all(Array.from({ length: 10 }, () => numberFor({ code })))
  assert.equal(answers.filter(({ json }) => json['errcode'] === 0).length, 1)
})

test('[F81] a code of another app is 40013 and is not spent; an openid has to be its own', async (t) => {
  const { emulator, numberFor } = await startLoggedIn(t)
  emulator.putApp(OTHER_APPID, { secret: SECRET })
  const other = await tokenOf(askToken(emulator, { appid: OTHER_APPID }))
  const { code } = emulator.phoneCode(alice)
  const answer = await ask(emulator, PHONE, { access_token: other }, { json: { code } })
  assert.deepEqual(answer.json, { errcode: 40013, errmsg: 'invalid appid' })
  const openid = emulator.openidOf(APPID, 'alice')
  assert.equal((await numberFor({ code, openid: emulator.openidOf(APPID, 'bob') })).json['errcode'], 40003)
  assert.equal((await numberFor({ code, openid })).json['errcode'], 0)
})

test('[F81] a GET, an empty body, a form and an expired token are told apart', async (t) => {
  const { emulator, access_token } = await startLoggedIn(t)
  const { code } = emulator.phoneCode(alice)
  const errcodeOf = async (init: Parameters<typeof ask>[3]) =>
    (await ask(emulator, PHONE, { access_token, code }, init)).json['errcode']
  assert.equal(await errcodeOf({}), 43002)
  assert.equal(await errcodeOf({ method: 'POST' }), 44002)
  assert.equal(await errcodeOf({ body: `code=${code}` }), 47001)
  assert.equal(await errcodeOf({ json: { code } }), 0)
  emulator.advanceClock(7200)
  assert.equal(await errcodeOf({ json: { code } }), 42001)
})

test('[F81][F82] a lost answer has spent the code, a refused call has not; a body of megabytes is not read', async (t) => {
  const { emulator, numberFor } = await startLoggedIn(t)
  const { code } = emulator.phoneCode(alice)
  emulator.addFault({ path: PHONE, times: 1, errcode: -1 })
  assert.equal((await numberFor({ code })).json['errcode'], -1)
  assert.equal((await numberFor({ code, padding: 'x'.repeat(1_100_000) })).status, 413)
  emulator.addFault({ path: PHONE, times: 1, reset: true, when: 'after' })
  await assert.rejects(numberFor({ code }))
  assert.equal((await numberFor({ code })).json['errcode'], 40029)
})

test('[F81] whoever was given no number has one of his own, the same in every run', async (t) => {
  const emulator = await startForTest(t)
  const again = await startForTest(t)
  assert.equal(emulator.phoneNumberOf('alice'), '15429200118')
  assert.equal(again.phoneNumberOf('alice'), emulator.phoneNumberOf('alice'))
  const numbers = ['alice', 'bob', '小明', 'x'].map((user) => emulator.phoneNumberOf(user))
  for (const number of numbers) assert.match(number, /^154\d{8}$/)
  assert.equal(new Set(numbers).size, numbers.length)
  emulator.putUser('alice', { phone: '13800000001' })
  assert.equal(emulator.phoneNumberOf('alice'), '13800000001')
})

test('[F81] the old way: the number sealed with the session_key, which needs a login', async (t) => {
  const emulator = await startForTest(t)
  const refused = await control(emulator, 'POST', '/wx/phone-code', alice)
  assert.deepEqual([refused.status, refused.json['error']], [409, 'no_session_key'])
  assert.match(String(refused.json['cure']), /log the user in first/)
  emulator.putUser('alice', { phone: '13800000001' })
  codeFor(emulator)
  const { status, json } = await control(emulator, 'POST', '/wx/phone-code', alice)
  assert.deepEqual([status, Object.keys(json)], [200, ['code', 'encryptedData', 'iv']])
  const sealed = { encryptedData: String(json['encryptedData']), iv: String(json['iv']) }
  assert.deepEqual(openSealed(emulator, sealed), {
    phoneNumber: '13800000001',
    purePhoneNumber: '13800000001',
    countryCode: '86',
    watermark: { timestamp: NOON_SECONDS, appid: APPID },
  })
})

test('[F81] open data of steps and of a group: thirty-one Beijing days, one openGId, no openId', async (t) => {
  const emulator = await startForTest(t)
  codeFor(emulator)
  const steps = openSealed(emulator, emulator.openData({ ...alice, kind: 'weRun' }))
  assert.deepEqual(Object.keys(steps), ['stepInfoList', 'watermark'])
  assert.equal(steps.stepInfoList.length, 31)
  const last = steps.stepInfoList.at(-1)
  assert.ok(last.timestamp <= NOON_SECONDS && NOON_SECONDS < last.timestamp + 86_400)
  assert.equal((last.timestamp + 8 * 3600) % 86_400, 0)
  assert.ok(steps.stepInfoList.every(({ step }: { step: number }) => step >= 0 && step < 20_000))
  const group = openSealed(emulator, emulator.openData({ ...alice, kind: 'groupShare' }))
  assert.deepEqual(Object.keys(group), ['openGId', 'watermark'])
  assert.match(group.openGId, /^tG[A-Za-z0-9_-]{26}$/)
  const other = emulator.openData({ ...alice, kind: 'groupShare', fields: { openGId: 'tGother' } })
  assert.equal(openSealed(emulator, other).openGId, 'tGother')
})

test('[F86] the phone button over HTTP alone: user, login, code, token, number, time, fault, calls', async (t) => {
  const emulator = await startForTest(t)
  await control(emulator, 'PUT', '/users/alice', { phone: '13800000007' })
  await control(emulator, 'POST', '/wx/login', alice)
  const codeNow = async () => (await control(emulator, 'POST', '/wx/phone-code', alice)).json['code']
  const access_token = await tokenOf(askToken(emulator))
  const numberFor = (code: unknown) => ask(emulator, PHONE, { access_token }, { json: { code } })
  assert.match((await numberFor(await codeNow())).text, /"purePhoneNumber":"13800000007"/)
  await control(emulator, 'POST', '/faults', { path: PHONE, times: 1, errcode: 45011 })
  assert.equal((await numberFor(await codeNow())).json['errcode'], 45011)
  const early = await codeNow()
  await control(emulator, 'POST', '/clock', { advanceSeconds: 300 })
  assert.equal((await numberFor(early)).json['errcode'], 40029)
  await control(emulator, 'POST', '/clock', { advanceSeconds: 6900 })
  assert.equal((await numberFor(await codeNow())).json['errcode'], 42001)
  const { json } = await control(emulator, 'GET', '/calls')
  const seen = Array.isArray(json['calls']) ? json['calls'] : []
  assert.deepEqual(
    seen.map(({ errcode }) => errcode),
    [undefined, undefined, 45011, 40029, 42001],
  )
  assert.equal(JSON.stringify(json).includes(access_token), false)
})

test('phone codes are forgotten when they are of no more use', async (t) => {
  const { emulator } = await startLoggedIn(t)
  emulator.phoneCode(alice)
  emulator.advanceClock(300)
  emulator.phoneCode(alice)
  assert.equal(emulator.exportState().phoneCodes?.length, 1)
})
