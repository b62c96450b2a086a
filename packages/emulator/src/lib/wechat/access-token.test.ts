import assert from 'node:assert/strict'
import { test } from 'node:test'
import { APPID, NOON_SECONDS, OTHER_APPID, SECRET, startForTest } from '../../test-support/kit.ts'
import { ask, askStable, askToken, STABLE, tokenOf, verdictOn } from '../../test-support/server-calls.ts'

const HALF_A_DAY = 43_200

test('[F81] /cgi-bin/token answers to the byte: JSON, access_token first, 136 characters, two hours', async (t) => {
  const emulator = await startForTest(t)
  const { status, type, text, json } = await askToken(emulator)
  assert.deepEqual([status, type], [200, 'application/json'])
  assert.match(String(json['access_token']), /^\d\d_[0-9A-Za-z]{133}$/)
  assert.equal(text, `{"access_token":"${json['access_token']}","expires_in":7200}`)
})

test('[F81] a new token has its whole two hours, though the clock goes on while it is made', async (t) => {
  let nowMs = NOON_SECONDS * 1000
  const clock = { nowMs: () => nowMs++ }
  const { json } = await askToken(await startForTest(t, { clock }))
  assert.equal(json['expires_in'], 7200)
})

test('[F81] a second fetch gives a new token; the old one works five minutes more, then it is not the latest', async (t) => {
  const emulator = await startForTest(t)
  const old = await tokenOf(askToken(emulator))
  const latest = await tokenOf(askToken(emulator))
  assert.notEqual(latest, old)
  emulator.advanceClock(299)
  assert.deepEqual([await verdictOn(emulator, old), await verdictOn(emulator, latest)], [0, 0])
  emulator.advanceClock(1)
  assert.deepEqual([await verdictOn(emulator, old), await verdictOn(emulator, latest)], [40001, 0])
})

test('[F81] a further fetch does not prolong the five minutes of the oldest', async (t) => {
  const emulator = await startForTest(t)
  const oldest = await tokenOf(askToken(emulator))
  await askToken(emulator)
  emulator.advanceClock(200)
  await askToken(emulator)
  emulator.advanceClock(100)
  assert.equal(await verdictOn(emulator, oldest), 40001)
})

test('[F81] a token that nobody replaced dies of age: 42001', async (t) => {
  const emulator = await startForTest(t)
  const token = await tokenOf(askToken(emulator))
  emulator.advanceClock(7199)
  assert.equal(await verdictOn(emulator, token), 0)
  emulator.advanceClock(1)
  assert.equal(await verdictOn(emulator, token), 42001)
  await askToken(emulator)
  assert.equal(await verdictOn(emulator, token), 42001, 'also after a newer one came')
})

test('[F81] stable_token gives all who ask the same token, with what is left of its life', async (t) => {
  const emulator = await startForTest(t)
  const first = await askStable(emulator)
  assert.equal(first.type, 'application/json')
  assert.equal(first.text, `{"access_token":"${first.json['access_token']}","expires_in":7200}`)
  emulator.advanceClock(6900)
  const second = await askStable(emulator)
  assert.deepEqual(second.json, { access_token: first.json['access_token'], expires_in: 300 })
})

test('[F81] a stable token is replaced five minutes before its end, and both work until then', async (t) => {
  const emulator = await startForTest(t)
  const old = await tokenOf(askStable(emulator))
  emulator.advanceClock(6901)
  const { json } = await askStable(emulator)
  assert.equal(json['expires_in'], 7200)
  const latest = String(json['access_token'])
  assert.notEqual(latest, old)
  emulator.advanceClock(298)
  assert.deepEqual([await verdictOn(emulator, old), await verdictOn(emulator, latest)], [0, 0])
  emulator.advanceClock(1)
  assert.deepEqual([await verdictOn(emulator, old), await verdictOn(emulator, latest)], [42001, 0])
})

test('[F81] force_refresh kills the old token at once, but not within 30 seconds of the last time', async (t) => {
  const emulator = await startForTest(t)
  const old = await tokenOf(askStable(emulator))
  const forced = await tokenOf(askStable(emulator, { force_refresh: true }))
  assert.deepEqual([await verdictOn(emulator, old), await verdictOn(emulator, forced)], [40001, 0])
  emulator.advanceClock(29)
  assert.equal(await tokenOf(askStable(emulator, { force_refresh: true })), forced)
  assert.equal(await tokenOf(askStable(emulator, { force_refresh: 'true' })), forced)
  emulator.advanceClock(1)
  assert.notEqual(await tokenOf(askStable(emulator, { force_refresh: true })), forced)
  assert.equal(await verdictOn(emulator, forced), 40001)
})

test('[F81] the twenty-first force_refresh of a day is 45009, and leaves the token alone', async (t) => {
  const emulator = await startForTest(t)
  emulator.setSettings({ forcedRefreshMinSeconds: 0 })
  for (let turn = 0; turn < 20; turn += 1) await tokenOf(askStable(emulator, { force_refresh: true }))
  const latest = await tokenOf(askStable(emulator))
  const { json } = await askStable(emulator, { force_refresh: true })
  assert.deepEqual(json, { errcode: 45009, errmsg: 'reach max api daily quota limit' })
  assert.equal(await verdictOn(emulator, latest), 0)
  emulator.advanceClock(86_400)
  await tokenOf(askStable(emulator, { force_refresh: true }))
})

test('[F81] the two families do not touch each other, nor do apps', async (t) => {
  const emulator = await startForTest(t)
  emulator.putApp(OTHER_APPID, { secret: SECRET })
  const plain = await tokenOf(askToken(emulator))
  const stable = await tokenOf(askStable(emulator))
  await tokenOf(askStable(emulator, { force_refresh: true, appid: OTHER_APPID }))
  await askToken(emulator, { appid: OTHER_APPID })
  assert.equal(await tokenOf(askStable(emulator)), stable)
  await askStable(emulator, { force_refresh: true })
  emulator.advanceClock(301)
  assert.deepEqual([await verdictOn(emulator, plain), await verdictOn(emulator, stable)], [0, 40001])
})

test('[F81] quotas: tokens a day, stable tokens a minute and a day, per app, refused calls not counted', async (t) => {
  const emulator = await startForTest(t)
  emulator.putApp(OTHER_APPID, { secret: SECRET })
  emulator.setSettings({ tokenDailyQuota: 1, stableTokenMinuteQuota: 1, stableTokenDailyQuota: 2 })
  await askToken(emulator, { secret: 'wrong' })
  await tokenOf(askToken(emulator))
  assert.match(
    (await askToken(emulator)).text,
    /^\{"errcode":45009,"errmsg":"reach max api daily quota limit rid: /,
  )
  await tokenOf(askToken(emulator, { appid: OTHER_APPID }))
  await tokenOf(askStable(emulator))
  assert.equal((await askStable(emulator)).json['errcode'], 45011)
  emulator.advanceClock(60)
  await tokenOf(askStable(emulator))
  emulator.advanceClock(60)
  assert.equal((await askStable(emulator)).json['errcode'], 45009)
  emulator.advanceClock(2 * HALF_A_DAY)
  await tokenOf(askStable(emulator))
  await tokenOf(askToken(emulator))
})

const REFUSALS: [Record<string, string | undefined>, number][] = [
  [{ appid: undefined, secret: undefined, grant_type: undefined }, 41002],
  [{ appid: '' }, 41002],
  [{ secret: undefined, appid: 'wxnope' }, 41004],
  [{ appid: 'wxnope', grant_type: undefined }, 40013],
  [{ secret: 'wrong', grant_type: 'x' }, 40125],
  [{ grant_type: 'authorization_code' }, 40002],
  [{ grant_type: undefined }, 40002],
]

test('[F81] what is wrong first is told first, on both paths alike', async (t) => {
  const emulator = await startForTest(t)
  for (const [params, errcode] of REFUSALS) {
    const what = JSON.stringify(params)
    assert.equal((await askToken(emulator, params)).json['errcode'], errcode, what)
    assert.equal((await askStable(emulator, params)).json['errcode'], errcode, what)
  }
})

test('[F81] stable_token takes a POST of JSON and nothing else', async (t) => {
  const emulator = await startForTest(t)
  const query = { grant_type: 'client_credential', appid: APPID, secret: SECRET }
  assert.equal((await ask(emulator, STABLE, query)).text, '{"errcode":43002,"errmsg":"require POST method"}')
  const empty = await ask(emulator, STABLE, query, { method: 'POST' })
  assert.equal(empty.json['errcode'], 44002)
  const form = await ask(emulator, STABLE, {}, { body: String(new URLSearchParams(query)) })
  assert.equal(form.json['errcode'], 47001)
  assert.match(String(form.json['errmsg']), /^data format error hint: \[[0-9A-Za-z-]{16}\] rid: /)
  for (const json of [[], 'text', 7, null]) {
    const { errcode } = (await ask(emulator, STABLE, query, { json })).json
    assert.ok(errcode === 41002 || errcode === 47001, JSON.stringify(json))
  }
})

test('[F81] an address that is not on the list, and a frozen app, get no token', async (t) => {
  const emulator = await startForTest(t)
  const token = await tokenOf(askToken(emulator))
  emulator.putApp(APPID, { secret: SECRET, ipAllowList: ['10.0.0.1'] })
  for (const { json } of [await askToken(emulator), await askStable(emulator)]) {
    assert.match(
      String(json['errmsg']),
      /^invalid ip 127\.0\.0\.1 ipv6 ::ffff:127\.0\.0\.1, not in whitelist rid: /,
    )
  }
  assert.equal(await verdictOn(emulator, token), 0, 'the list guards the token paths alone')
  emulator.putApp(APPID, { secret: SECRET, frozen: true })
  assert.deepEqual((await askToken(emulator)).json, { errcode: 50007, errmsg: '账号已冻结' })
  assert.equal(await verdictOn(emulator, token), 50007)
  emulator.setSettings({ frozenAppErrcode: 40243 })
  assert.equal((await askStable(emulator)).json['errmsg'], 'AppSecret已被冻结，请解冻后再次调用。')
})

test('[F81] no token, what was never one, and one that nobody issued', async (t) => {
  const emulator = await startForTest(t)
  assert.equal(await verdictOn(emulator, undefined), 41001)
  assert.equal(await verdictOn(emulator, ''), 41001)
  assert.equal(await verdictOn(emulator, 'Bearer x y z'), 40014)
  assert.equal(await verdictOn(emulator, 'a'.repeat(513)), 40014)
  assert.equal(await verdictOn(emulator, `89_${'a'.repeat(133)}`), 40001)
})

test('[F86] the call log tells whose token it was, and shows neither token, secret nor signature', async (t) => {
  const emulator = await startForTest(t)
  const tokens = [await tokenOf(askToken(emulator)), await tokenOf(askStable(emulator))]
  for (const access_token of tokens)
    await ask(emulator, '/wxa/checksession', { access_token, signature: 'f00d' })
  const calls = emulator.calls()
  assert.deepEqual(
    calls.map(({ path, appid }) => [path, appid]),
    [
      ['/cgi-bin/token', APPID],
      ['/cgi-bin/stable_token', APPID],
      ['/wxa/checksession', undefined],
      ['/wxa/checksession', undefined],
    ],
  )
  assert.deepEqual(calls[2]?.query, { access_token: '***', signature: '***' })
  for (const secret of [...tokens, SECRET]) assert.equal(JSON.stringify(calls).includes(secret), false)
})

test('[F86] tokens and phone codes are part of the saved state; who takes it over goes on with them', async (t) => {
  const first = await startForTest(t)
  const old = await tokenOf(askToken(first))
  const plain = await tokenOf(askToken(first))
  const stable = await tokenOf(askStable(first))
  first.login({ appid: APPID, user: 'alice' })
  const { code } = first.phoneCode({ appid: APPID, user: 'alice' })
  const second = await startForTest(t, { state: first.exportState() })
  assert.deepEqual(second.exportState(), first.exportState())
  assert.equal(await tokenOf(askStable(second)), stable)
  const { json } = await ask(
    second,
    '/wxa/business/getuserphonenumber',
    { access_token: plain },
    { json: { code } },
  )
  assert.equal(json['errcode'], 0)
  second.advanceClock(300)
  assert.deepEqual([await verdictOn(second, old), await verdictOn(second, plain)], [40001, 0])
  second.reset()
  second.importState({})
  assert.equal(await verdictOn(second, plain), 40001)
})

test('tokens are forgotten a day after their end', async (t) => {
  const emulator = await startForTest(t)
  await askToken(emulator)
  emulator.advanceClock(7200 + 86_400)
  await askToken(emulator)
  assert.equal(emulator.exportState().accessTokens?.length, 1)
})
