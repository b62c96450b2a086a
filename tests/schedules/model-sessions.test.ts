import assert from 'node:assert/strict'
import test from 'node:test'
import { createSessions } from './model-sessions.ts'

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000

function begin() {
  const clock = { nowMs: 0 }
  const sessions = createSessions(() => clock.nowMs)
  const logIn = (device: string | null = null) => {
    const verdict = sessions.login(sessions.mintCode(1), 'nonce', device)
    if (!verdict.ok) throw new Error(verdict.code)
    return verdict
  }
  const reasonOf = (token: string) => {
    const verdict = sessions.authenticate(token)
    return verdict.ok ? 'ok' : verdict.code
  }
  return { clock, sessions, logIn, reasonOf }
}

test('the model takes a code once, and answers again to its nonce for a minute', () => {
  const { clock, sessions } = begin()
  const code = sessions.mintCode(1)
  const first = sessions.login(code, 'mine', null)
  const again = sessions.login(code, 'mine', null)
  assert.ok(first.ok && again.ok && first.token === again.token)
  assert.equal(sessions.login(code, 'other', null).ok, false)
  clock.nowMs += 61_000
  const late = sessions.login(code, 'mine', null)
  assert.ok(!late.ok && late.code === 'code_used' && late.class === 'relogin')
  const old = sessions.mintCode(1)
  clock.nowMs += 6 * MINUTE_MS
  const expired = sessions.login(old, 'mine', null)
  assert.ok(!expired.ok && expired.code === 'code_invalid')
})

test('a renewed token puts the old one out thirty seconds after its own first use, and then its use is a theft', () => {
  const { clock, sessions, logIn, reasonOf } = begin()
  const { session, token } = logIn()
  const next = sessions.renew(session, token)
  assert.equal(sessions.renew(session, token), next)
  clock.nowMs += DAY_MS
  assert.equal(reasonOf(token), 'ok')
  assert.equal(reasonOf(next), 'ok')
  clock.nowMs += 30_000
  assert.equal(reasonOf(token), 'ok')
  clock.nowMs += 1
  assert.ok(!sessions.wouldOpen(token))
  assert.equal(reasonOf(token), 'reuse_detected')
  assert.equal(reasonOf(next), 'reuse_detected')
})

test('sessions end by idleness, by age, by a login of the same device, and by acts, which come before time', () => {
  const { clock, sessions, logIn, reasonOf } = begin()
  const idle = logIn().token
  clock.nowMs += 3 * DAY_MS + 3_600_000
  assert.equal(reasonOf(idle), 'idle_timeout')
  const replaced = logIn('phone').token
  const used = logIn('phone').token
  assert.equal(reasonOf(replaced), 'replaced')
  for (let day = 0; day < 29; day += 1) {
    clock.nowMs += DAY_MS
    assert.equal(reasonOf(used), 'ok')
  }
  clock.nowMs += DAY_MS
  assert.equal(reasonOf(used), 'expired')
  const revoked = logIn('phone').token
  sessions.endAll('revoked_by_admin')
  clock.nowMs += 4 * DAY_MS
  assert.equal(reasonOf(revoked), 'revoked_by_admin')
  clock.nowMs += 31 * DAY_MS
  assert.equal(reasonOf(revoked), 'invalid_token')
})

test('a ban refuses a living token and a login, and takes nothing away', () => {
  const { sessions, logIn, reasonOf } = begin()
  const { token } = logIn()
  sessions.setBanned(true)
  assert.equal(reasonOf(token), 'banned')
  assert.throws(() => logIn(), /banned/)
  sessions.setBanned(false)
  assert.equal(reasonOf(token), 'ok')
})
