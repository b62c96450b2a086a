import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { inspect } from 'node:util'
import { createFakeTransport, wechatSays } from '../../testing/fake-transport.ts'
import { createMovedClock } from '../../testing/moved-clock.ts'
import { createRecordingTelemetry } from '../../testing/recording-telemetry.ts'
import type { AppConfig } from '../config.ts'
import { Secret } from '../secret.ts'
import { DEFAULT_POLICY } from '../session/lifetime.ts'
import { createExchange } from './exchange.ts'
import { readVectors } from './fixtures/read-vectors.ts'
import type { WechatAnswer } from './transport.ts'

const SECRET = 'c0ffee00c0ffee00c0ffee00c0ffee00'
const SESSION_KEY = 'tiihtNczf5v6AKRyjwEUhQ=='
const session = wechatSays({ openid: 'o-alice', session_key: SESSION_KEY })
const systemError = wechatSays({ errcode: -1, errmsg: 'system error' })
const badCode = wechatSays({ errcode: 40029, errmsg: 'invalid code, rid: 68aaa4d1-3f0c2b1a-5d6e7f80' })
const badSecret = wechatSays({
  errcode: 40125,
  errmsg: `invalid appsecret ${SECRET}, rid: 68aaa4d1-3f0c2b1a-5d6e7f80`,
})
const lost: WechatAnswer = { kind: 'no_answer', sent: true, cause: 'time-out' }

function app(appid = 'wx0000000000000001'): AppConfig {
  return {
    appid,
    secret: new Secret(SECRET),
    openPlatform: 'default',
    classicLogin: false,
    frozen: false,
    policy: DEFAULT_POLICY,
  }
}

function setUp(...answers: readonly WechatAnswer[]) {
  const wechat = createFakeTransport(...answers)
  const clock = createMovedClock()
  const telemetry = createRecordingTelemetry()
  return { wechat, clock, telemetry, exchange: createExchange({ wechat, clock, telemetry }) }
}

async function codeOf(result: ReturnType<ReturnType<typeof createExchange>>): Promise<string> {
  const outcome = await result
  return outcome.ok ? 'ok' : outcome.code
}

test('[F1] a code becomes who it is, and that is counted', async () => {
  const { exchange, telemetry } = setUp(session)
  const result = await exchange(app(), 'code')
  assert.equal(result.ok && result.session.openid, 'o-alice')
  assert.deepEqual(telemetry.counts, [
    { counter: 'wechat_exchanges', labels: { app: 'wx0000000000000001', outcome: 'ok' } },
  ])
  assert.deepEqual(telemetry.lines, [])
})

test('[F12] a refusal carries errcode and rid for the history, and never what WeChat said', async () => {
  const { exchange, telemetry } = setUp(badSecret)
  const result = await exchange(app(), 'code')
  assert.deepEqual(result, {
    ok: false,
    code: 'wechat_misconfigured',
    retryAfterSeconds: null,
    errcode: 40125,
    rid: '68aaa4d1-3f0c2b1a-5d6e7f80',
  })
  assert.equal(telemetry.lines[0]?.level, 'error')
  assert.equal(telemetry.lines[0]?.event, 'wechat_misconfigured')
})

test('the counter has few values, whatever errcodes come', async () => {
  const { exchange, wechat, telemetry } = setUp()
  for (let errcode = 60_000; errcode < 60_020; errcode += 1) {
    wechat.answer(wechatSays({ errcode }))
    await exchange(app(`wx${errcode}`), 'code')
  }
  assert.deepEqual(
    new Set(telemetry.counts.map(({ labels }) => labels['outcome'])),
    new Set(['unknown_errcode']),
  )
})

describe('protecting WeChat', () => {
  test('[R09] after five failures in a row one probe a second goes out, until one succeeds', async () => {
    const { exchange, wechat, clock } = setUp(systemError)
    for (let number = 0; number < 100; number += 1) await exchange(app(), `code-${number}`)
    assert.equal(wechat.requests.length, 5)
    for (let ms = 0; ms < 10_000; ms += 100) {
      clock.advance(100)
      await exchange(app(), 'code')
    }
    assert.equal(wechat.requests.length, 15)
    wechat.answer(session)
    clock.advance(1_000)
    for (let number = 0; number < 10; number += 1) assert.equal(await codeOf(exchange(app(), 'code')), 'ok')
  })

  test('[R09] who is turned away is told when to come again', async () => {
    const { exchange, clock } = setUp(lost)
    for (let number = 0; number < 5; number += 1) await exchange(app(), 'code')
    clock.advance(10)
    assert.deepEqual(await exchange(app(), 'code'), {
      ok: false,
      code: 'wechat_unavailable',
      retryAfterSeconds: 1,
      errcode: null,
      rid: null,
    })
  })

  test('[R09] bad codes are the clients’ trouble: they neither open the breaker nor keep it open', async () => {
    const { exchange, wechat } = setUp(badCode)
    for (let number = 0; number < 50; number += 1)
      assert.equal(await codeOf(exchange(app(), 'code')), 'code_invalid')
    assert.equal(wechat.requests.length, 50)
    wechat.answer(systemError)
    for (let number = 0; number < 4; number += 1) await exchange(app(), 'code')
    wechat.answer(badCode, systemError)
    for (let number = 0; number < 5; number += 1) await exchange(app(), 'code')
    assert.equal(wechat.requests.length, 59)
  })

  test('[R09] the quota of the app’s day counts as trouble, and whoever is turned away hears so', async () => {
    const { exchange, wechat } = setUp(
      wechatSays({ errcode: 45009, errmsg: 'reach max api daily quota limit' }),
    )
    for (let number = 0; number < 20; number += 1) await exchange(app(), 'code')
    assert.equal(wechat.requests.length, 5)
    const turnedAway = await exchange(app(), 'code')
    assert.ok(!turnedAway.ok)
    assert.deepEqual([turnedAway.code, turnedAway.retryAfterSeconds], ['wechat_quota', 3_600])
    wechat.answer(session)
    assert.equal(await codeOf(exchange(app('wx0000000000000002'), 'code')), 'ok', 'another app is not harmed')
  })

  test('[R09] the quota of one user turns nobody else away, and does not close an open breaker', async () => {
    const userQuota = wechatSays({ errcode: 45011, errmsg: 'api minute-quota reach limit' })
    const { exchange, wechat } = setUp(userQuota)
    for (let number = 0; number < 20; number += 1) {
      assert.equal(await codeOf(exchange(app(), 'code')), 'wechat_quota')
    }
    wechat.answer(session)
    assert.equal(await codeOf(exchange(app(), 'code')), 'ok')
    wechat.answer(lost, lost, lost, lost, userQuota, lost)
    for (let number = 0; number < 6; number += 1) await exchange(app(), 'code')
    assert.equal(await codeOf(exchange(app(), 'code')), 'wechat_unavailable')
    assert.equal(wechat.requests.length, 27, 'the seventh did not go out')
  })

  test('[R08] more than 1,024 at one time are turned away, and places come free again', async () => {
    const { exchange, wechat } = setUp()
    let answer: (answer: WechatAnswer) => void = () => undefined
    wechat.answer(
      new Promise<WechatAnswer>((resolve) => {
        answer = resolve
      }),
    )
    const waiting = Array.from({ length: 1_024 }, (_, number) => exchange(app(), `code-${number}`))
    assert.equal(await codeOf(exchange(app(), 'one more')), 'wechat_unavailable')
    assert.equal(wechat.requests.length, 1_024)
    answer(session)
    for (const result of await Promise.all(waiting)) assert.equal(result.ok, true)
    wechat.answer(session)
    assert.equal(await codeOf(exchange(app(), 'later')), 'ok')
  })

  test('a transport that throws frees its place too', async () => {
    const clock = createMovedClock()
    const telemetry = createRecordingTelemetry()
    let isBroken = true
    const wechat = async (): Promise<WechatAnswer> => {
      if (isBroken) throw new Error('broken wiring')
      return session
    }
    const exchange = createExchange({ wechat, clock, telemetry })
    for (let number = 0; number < 1_100; number += 1)
      await assert.rejects(exchange(app(), 'code'), { message: 'broken wiring' })
    isBroken = false
    assert.equal(await codeOf(exchange(app(), 'code')), 'ok')
  })
})

describe('telling the operator', () => {
  test('[F12] the same advice at most once in ten seconds', async () => {
    const { exchange, clock, telemetry } = setUp(badSecret)
    for (let ms = 0; ms < 10_000; ms += 100) {
      await exchange(app(), 'code')
      clock.advance(100)
    }
    assert.equal(telemetry.lines.length, 1)
    await exchange(app(), 'code')
    assert.equal(telemetry.lines.length, 2)
    await exchange(app('wx0000000000000002'), 'code')
    assert.equal(telemetry.lines.length, 3)
  })

  test('[F12] ever new errcodes make one line, not thousands', async () => {
    const { exchange, wechat, clock, telemetry } = setUp()
    for (let errcode = 60_000; errcode < 60_100; errcode += 1) {
      wechat.answer(wechatSays({ errcode }), session)
      await exchange(app(), 'code')
      await exchange(app(), 'code')
      clock.advance(10)
    }
    assert.equal(telemetry.lines.length, 1)
    assert.equal(telemetry.lines[0]?.fields['errcode'], 60_000)
  })

  test('a clock that was set back does not silence it', async () => {
    const { exchange, clock, telemetry } = setUp(badSecret)
    await exchange(app(), 'code')
    clock.advance(-3_600_000)
    await exchange(app(), 'code')
    assert.equal(telemetry.lines.length, 2)
  })

  test('[T01][T02][F7] neither secret, session_key nor a word of WeChat reaches a line, a number or a refusal', async () => {
    const answers: readonly WechatAnswer[] = [
      ...readVectors().codeToSessionErrors.map(({ errcode }) =>
        wechatSays({ errcode, errmsg: `canary-words ${SECRET} ${SESSION_KEY}`, session_key: SESSION_KEY }),
      ),
      wechatSays(`<html>canary-words ${SECRET}`, 502),
      wechatSays(`{"openid":7,"session_key":"${SESSION_KEY}"}`),
      wechatSays({ errcode: `canary-words ${SECRET}` }),
      lost,
      { kind: 'unreadable', status: 200, cause: 'body is not UTF-8' },
    ]
    const { exchange, wechat, clock, telemetry } = setUp()
    for (const answer of answers) {
      wechat.answer(answer)
      clock.advance(10_000)
      const result = await exchange(app(), 'code')
      assert.equal(result.ok, false)
      assert.equal(/canary|c0ffee|tiiht/.test(JSON.stringify(result) + inspect(result)), false)
    }
    const told = inspect([telemetry.lines, telemetry.counts], { depth: null, maxArrayLength: null })
    assert.ok(telemetry.lines.length >= 10)
    assert.equal(/canary|c0ffee|tiiht/.test(told), false)
  })
})
