import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readVectors } from './fixtures/read-vectors.ts'
import { outcomeOf, refusalOf } from './refusal.ts'

function refusedWith(errcode: number) {
  return { kind: 'refused', errcode, rid: null } as const
}

/** errcode, code, Retry-After, whether the operator is told. */
const TABLE = [
  [-1, 'wechat_unavailable', 2, true],
  [40029, 'code_invalid', null, true],
  [40163, 'code_used', null, false],
  [40226, 'login_blocked', null, false],
  [50002, 'login_blocked', null, true],
  [45011, 'wechat_quota', 60, true],
  [45009, 'wechat_quota', 3_600, true],
  [40013, 'wechat_misconfigured', null, true],
  [40125, 'wechat_misconfigured', null, true],
  [40164, 'wechat_misconfigured', null, true],
  [40243, 'wechat_misconfigured', null, true],
  [50007, 'wechat_misconfigured', null, true],
  [41002, 'wechat_misconfigured', null, true],
  [41004, 'wechat_misconfigured', null, true],
  [41008, 'wechat_misconfigured', null, true],
  [40002, 'wechat_misconfigured', null, true],
  [48001, 'wechat_misconfigured', null, true],
] as const

test('[F12][R09] every errcode has its meaning for the client and its advice for the operator', () => {
  for (const [errcode, code, retryAfterSeconds, isTold] of TABLE) {
    const refusal = refusalOf(refusedWith(errcode))
    assert.equal(refusal.code, code, String(errcode))
    assert.equal(refusal.retryAfterSeconds, retryAfterSeconds, String(errcode))
    assert.equal(refusal.advice !== null, isTold, String(errcode))
    assert.equal(outcomeOf(refusedWith(errcode)), String(errcode))
  }
})

test('[F12] every error that the exchange is known to answer stands in the table', () => {
  for (const { errcode } of readVectors().codeToSessionErrors)
    assert.ok(
      TABLE.some(([known]) => known === errcode),
      String(errcode),
    )
})

test('[F12] advice on a wrong setting names the setting and where it stands', () => {
  const adviceOn = (errcode: number) => refusalOf(refusedWith(errcode)).advice ?? ''
  assert.match(adviceOn(40013), /WECHAT_APPID/)
  assert.match(adviceOn(40125), /WECHAT_SECRET/)
  assert.match(adviceOn(40164), /IP 白名单/)
  assert.match(adviceOn(40029), /appid in project\.config\.json/)
})

test('[F12] an errcode that nobody knows is trouble of a moment, under one name for the counter', () => {
  for (const errcode of [1, 40001, 99999, -2]) {
    assert.equal(refusalOf(refusedWith(errcode)).code, 'wechat_unavailable')
    assert.equal(refusalOf(refusedWith(errcode)).retryAfterSeconds, 2)
    assert.equal(outcomeOf(refusedWith(errcode)), 'unknown_errcode')
  }
})

test('[F12] what is no word of WeChat says what came instead', () => {
  const failures = [
    [{ kind: 'no_answer', sent: true, cause: 'time-out' }, /No answer from WeChat \(time-out\)/],
    [{ kind: 'unexpected_status', status: 302 }, /Something answered 302 in WeChat's place/],
    [{ kind: 'unexpected_body', cause: 'no openid' }, /Something answered in WeChat's place \(no openid\)/],
  ] as const
  for (const [failure, advice] of failures) {
    const refusal = refusalOf(failure)
    assert.equal(refusal.code, 'wechat_unavailable')
    assert.equal(refusal.retryAfterSeconds, 2)
    assert.match(refusal.advice ?? '', advice)
    assert.equal(outcomeOf(failure), failure.kind)
  }
})
