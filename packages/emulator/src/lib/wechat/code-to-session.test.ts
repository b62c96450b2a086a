import assert from 'node:assert/strict'
import { request } from 'node:http'
import { test } from 'node:test'
import { startEmulator } from '../../index.ts'
import {
  APPID,
  codeFor,
  exchange,
  NOON_SECONDS,
  OTHER_APPID,
  PATH,
  SECRET,
  standingClock,
  startForTest,
} from '../../test-support/kit.ts'

const RID = /^[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}$/

test('[F81] an exchange answers to the byte: text/plain without charset, no errcode, session_key first', async (t) => {
  const emulator = await startForTest(t)
  const answer = await exchange(emulator, { js_code: codeFor(emulator) })
  const session_key = emulator.sessionKeyOf({ appid: APPID, user: 'alice' })
  const openid = emulator.openidOf(APPID, 'alice')
  assert.equal(answer.status, 200)
  assert.equal(answer.type, 'text/plain')
  assert.equal(answer.text, `{"session_key":"${session_key}","openid":"${openid}"}`)
})

test('[F81] an app of an open platform also gets the unionid, last', async (t) => {
  const emulator = await startForTest(t)
  emulator.putApp(APPID, { secret: SECRET, openPlatform: 'group' })
  emulator.putApp(OTHER_APPID, { secret: SECRET, openPlatform: 'group' })
  const first = await exchange(emulator, { js_code: codeFor(emulator) })
  const second = await exchange(emulator, {
    appid: OTHER_APPID,
    js_code: codeFor(emulator, 'alice', OTHER_APPID),
  })
  assert.deepEqual(Object.keys(first.json), ['session_key', 'openid', 'unionid'])
  assert.equal(first.json['unionid'], second.json['unionid'])
  assert.notEqual(first.json['openid'], second.json['openid'])
  assert.equal(first.json['unionid'], emulator.unionidOf('group', 'alice'))
})

test('[F81] errors are HTTP 200 in text/plain, with a rid that tells the virtual time', async (t) => {
  const emulator = await startForTest(t)
  emulator.advanceClock(60)
  const { status, type, text, json } = await exchange(emulator, { js_code: '0nope' })
  assert.deepEqual([status, type], [200, 'text/plain'])
  const [msg, rid = ''] = String(json['errmsg']).split(', rid: ')
  assert.equal(msg, 'invalid code')
  assert.match(rid, RID)
  assert.equal(Number.parseInt(rid.slice(0, 8), 16), NOON_SECONDS + 60)
  assert.equal(text, `{"errcode":40029,"errmsg":"invalid code, rid: ${rid}"}`)
})

const REFUSALS: [string, Record<string, string | undefined>, number][] = [
  ['nothing at all', { appid: undefined, secret: undefined, grant_type: undefined }, 41002],
  ['an empty appid', { appid: '', js_code: 'x' }, 41002],
  ['no secret', { secret: undefined, js_code: 'x' }, 41004],
  ['no secret for an unknown app', { appid: 'wxnope', secret: undefined, js_code: 'x' }, 41004],
  ['no code for an unknown app', { appid: 'wxnope' }, 41008],
  ['an unknown app with a wrong grant', { appid: 'wxnope', js_code: 'x', grant_type: 'x' }, 40013],
  ['a wrong secret with a wrong grant', { secret: 'x', js_code: 'x', grant_type: 'x' }, 40125],
  ['a wrong grant', { js_code: 'x', grant_type: 'client_credential' }, 40002],
  ['no grant', { js_code: 'x', grant_type: undefined }, 40002],
  ['a code that nobody made', { js_code: '0'.repeat(32) }, 40029],
]

test('[F81] what is wrong first is told first', async (t) => {
  const emulator = await startForTest(t)
  for (const [what, params, errcode] of REFUSALS) {
    const { json } = await exchange(emulator, params)
    assert.equal(json['errcode'], errcode, what)
  }
})

test('[F81] parameters in a POST body are not read, those in the query are', async (t) => {
  const emulator = await startForTest(t)
  const body = new URLSearchParams({ appid: APPID, secret: SECRET, js_code: codeFor(emulator) })
  const posted = await fetch(`${emulator.url}${PATH}`, { method: 'POST', body })
  const answer: unknown = await posted.json()
  assert.equal(Object(answer)['errcode'], 41002)
  const inQuery = await exchange(emulator, { js_code: codeFor(emulator) }, { method: 'POST', body: 'x=1' })
  assert.equal(inQuery.json['openid'], emulator.openidOf(APPID, 'alice'))
})

test('[F81] the emulator can stand where a proxy would: the absolute form is understood', async (t) => {
  const emulator = await startForTest(t)
  const { port } = new URL(emulator.url)
  const query = `appid=${APPID}&secret=${SECRET}&js_code=${codeFor(emulator)}&grant_type=authorization_code`
  const path = `http://api.weixin.qq.com${PATH}?${query}`
  const text = await new Promise<string>((resolve, reject) => {
    const outgoing = request({ host: '127.0.0.1', port, path }, (res) => {
      res.setEncoding('utf8').on('data', resolve)
    })
    outgoing.on('error', reject).end()
  })
  assert.match(text, /^\{"session_key":/)
})

test('[F81] codes are 32 characters, start with 0, and never repeat', async (t) => {
  const emulator = await startForTest(t)
  const codes = Array.from({ length: 500 }, () => codeFor(emulator))
  for (const code of codes) assert.match(code, /^0[0-9A-Za-z]{31}$/)
  assert.equal(new Set(codes).size, codes.length)
})

test('[F81] a code works once', async (t) => {
  const emulator = await startForTest(t)
  const js_code = codeFor(emulator)
  assert.ok((await exchange(emulator, { js_code })).json['openid'])
  const { json } = await exchange(emulator, { js_code })
  assert.equal(json['errcode'], 40163)
  assert.match(String(json['errmsg']), /^code been used, rid: /)
})

test('[F81] of two exchanges of one code at the same time one wins', async (t) => {
  const emulator = await startForTest(t)
  const js_code = codeFor(emulator)
  const answers = await Promise.all(Array.from({ length: 20 }, () => exchange(emulator, { js_code })))
  assert.equal(answers.filter(({ json }) => json['openid']).length, 1)
  assert.equal(answers.filter(({ json }) => json['errcode'] === 40163).length, 19)
})

test('[F81] a code lives 300 seconds of the virtual clock', async (t) => {
  const emulator = await startForTest(t)
  const young = codeFor(emulator)
  emulator.advanceClock(299)
  assert.ok((await exchange(emulator, { js_code: young })).json['openid'])
  const old = codeFor(emulator)
  emulator.advanceClock(300)
  assert.equal((await exchange(emulator, { js_code: old })).json['errcode'], 40029)
})

test('[F81] a code belongs to one appid, and another app asking does not spend it', async (t) => {
  const emulator = await startForTest(t)
  emulator.putApp(OTHER_APPID, { secret: SECRET })
  const js_code = codeFor(emulator)
  const { json } = await exchange(emulator, { appid: OTHER_APPID, js_code })
  assert.equal(json['errcode'], 40029)
  assert.ok((await exchange(emulator, { js_code })).json['openid'])
})

test('[F81] failedExchangeConsumesCode: a refused code is spent', async (t) => {
  const emulator = await startForTest(t)
  emulator.setSettings({ failedExchangeConsumesCode: true })
  const js_code = codeFor(emulator)
  assert.equal((await exchange(emulator, { secret: 'wrong', js_code })).json['errcode'], 40125)
  assert.equal((await exchange(emulator, { js_code })).json['errcode'], 40163)
})

test('[F81] usedCodeMemorySeconds: after that a spent code is an unknown one', async (t) => {
  const emulator = await startForTest(t)
  emulator.setSettings({ usedCodeMemorySeconds: 10 })
  const js_code = codeFor(emulator)
  await exchange(emulator, { js_code })
  emulator.advanceClock(9)
  assert.equal((await exchange(emulator, { js_code })).json['errcode'], 40163)
  emulator.advanceClock(1)
  assert.equal((await exchange(emulator, { js_code })).json['errcode'], 40029)
})

test('codes are forgotten when they are of no more use', async (t) => {
  const emulator = await startForTest(t)
  codeFor(emulator)
  emulator.advanceClock(3600)
  codeFor(emulator)
  assert.equal(emulator.exportState().codes?.length, 1)
})

test('[F81] the mock code of DevTools is whoever mockCodeUser says, and nobody by default', async (t) => {
  const emulator = await startForTest(t)
  const js_code = 'the code is a mock one'
  assert.equal((await exchange(emulator, { js_code })).json['errcode'], 40029)
  emulator.setSettings({ mockCodeUser: 'alice' })
  for (const _ of [1, 2]) {
    assert.equal((await exchange(emulator, { js_code })).json['openid'], emulator.openidOf(APPID, 'alice'))
  }
})

test('[F81] the hundred-and-first exchange of a user in a minute is 45011, for that user alone', async (t) => {
  const emulator = await startForTest(t)
  for (let turn = 0; turn < 100; turn += 1) {
    assert.ok((await exchange(emulator, { js_code: codeFor(emulator) })).json['openid'])
  }
  const js_code = codeFor(emulator)
  const { json } = await exchange(emulator, { js_code })
  assert.equal(json['errcode'], 45011)
  assert.equal(json['errmsg'], 'api minute-quota reach limit  mustslower  retry next minute')
  assert.ok((await exchange(emulator, { js_code: codeFor(emulator, 'bob') })).json['openid'])
  emulator.advanceClock(60)
  assert.ok((await exchange(emulator, { js_code })).json['openid'], 'the refused code was not spent')
})

test('[F81] escapeSlashes and ridOnEveryError change the dress, not the meaning', async (t) => {
  const emulator = await startForTest(t)
  const slashKey = Buffer.alloc(16, 0xff).toString('base64')
  const saved = { appid: APPID, user: 'alice', sessionKey: slashKey }
  const [createdAtMs, renewedAtMs] = [emulator.nowMs(), emulator.nowMs()]
  emulator.importState({
    apps: { [APPID]: { secret: SECRET } },
    users: { alice: { risk: true } },
    settings: { escapeSlashes: true, ridOnEveryError: true },
    sessionKeys: [{ ...saved, createdAtMs, renewedAtMs }],
  })
  const blocked = await exchange(emulator, { js_code: codeFor(emulator) })
  assert.match(String(blocked.json['errmsg']), /^code blocked, rid: [0-9a-f]{8}-/)
  emulator.putUser('alice')
  const { text, json } = await exchange(emulator, { js_code: codeFor(emulator) })
  assert.match(text, /"session_key":"(?:\\\/)+w=="/)
  assert.equal(json['session_key'], slashKey)
})

test('[F81] openid and unionid are pure functions of seed, app or platform, and user', async (t) => {
  const one = await startForTest(t, { seed: 'a' })
  const same = await startForTest(t, { seed: 'a' })
  const other = await startForTest(t, { seed: 'b' })
  const openids = [one, same, other].map((emulator) => emulator.openidOf(APPID, 'alice'))
  assert.equal(openids[0], openids[1])
  assert.notEqual(openids[0], openids[2])
  assert.notEqual(one.openidOf(APPID, 'alice'), one.openidOf(APPID, 'bob'))
  assert.notEqual(one.openidOf('wx1', 'alice'), one.unionidOf('wx1', 'alice'))
  for (const id of [...openids, one.unionidOf('group', 'alice')]) assert.match(id, /^o[A-Za-z0-9_-]{27}$/)
})

test('[F81] alice is the same in every version of this package', async (t) => {
  const emulator = await startForTest(t)
  assert.equal(emulator.openidOf(APPID, 'alice'), 'oQJnIJSUjkjpr9bfYTAitulR_SRP')
  assert.equal(emulator.unionidOf('default', 'alice'), 'oOCaiH2lC26_R_DE-WHSM6OAO62N')
})

test('a random seed makes two runs the same', async () => {
  const run = async () => {
    const emulator = await startEmulator({ randomSeed: 'r', clock: standingClock, demo: true })
    const { code } = emulator.login({ appid: 'wxa1b2c3d4e5f60718', user: 'alice' })
    await emulator.close()
    return code
  }
  assert.equal(await run(), await run())
})
