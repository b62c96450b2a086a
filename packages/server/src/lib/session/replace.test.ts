import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { NEW_YEAR_MS } from '../../testing/moved-clock.ts'
import { sampleLivingSession } from '../../testing/sample-records.ts'
import type { LivingSession } from '../records.ts'
import { DEFAULT_POLICY } from './lifetime.ts'
import { sessionsToReplace } from './replace.ts'

const nowMs = NEW_YEAR_MS + 1_000

function session(selector: number, deviceId: string | null = null): LivingSession {
  return sampleLivingSession({ selector, deviceId })
}

function replacedBy(
  deviceId: string | null,
  maxSessions: number,
  sessions: readonly LivingSession[],
): number[] {
  const policy = { ...DEFAULT_POLICY, maxSessions }
  return sessionsToReplace(sessions, { deviceId, nowMs, policy }).map(({ selector }) => selector)
}

test('[F15] devices live side by side; a login on the same device takes the place of its own', () => {
  const sessions = [session(1, 'phone'), session(2, 'tablet'), session(3)]
  assert.deepEqual(replacedBy('watch', 10, sessions), [])
  assert.deepEqual(replacedBy(null, 10, sessions), [])
  assert.deepEqual(replacedBy('phone', 10, sessions), [1])
  assert.deepEqual(replacedBy('phone', 10, [...sessions, session(4, 'phone')]), [1, 4])
})

test('[F15] beyond the policy the oldest give way, whatever order they come in', () => {
  const sessions = [session(7), session(3), session(9), session(5)]
  assert.deepEqual(replacedBy(null, 5, sessions), [])
  assert.deepEqual(replacedBy(null, 4, sessions), [3])
  assert.deepEqual(replacedBy(null, 2, sessions), [3, 5, 7])
  assert.deepEqual(replacedBy(null, 1, sessions), [3, 5, 7, 9])
})

test('[F15] the place that the same device frees is not paid twice', () => {
  assert.deepEqual(replacedBy('phone', 2, [session(1), session(2, 'phone')]), [2])
})

test('what has timed out is left to its own reason, to the millisecond', () => {
  const over = sampleLivingSession({ selector: 1, deviceId: 'phone', idleDeadlineMs: nowMs })
  const ended = sampleLivingSession({ selector: 2, deviceId: 'phone', absoluteDeadlineMs: nowMs })
  const last = sampleLivingSession({ selector: 3, deviceId: 'phone', idleDeadlineMs: nowMs + 1 })
  assert.deepEqual(replacedBy('phone', 10, [over, ended, last]), [3])
  assert.deepEqual(replacedBy(null, 1, [over, ended]), [])
})

test('every end says replaced and the time of the login', () => {
  const ends = sessionsToReplace([session(1, 'phone')], { deviceId: 'phone', nowMs, policy: DEFAULT_POLICY })
  assert.deepEqual(ends, [{ selector: 1, reason: 'replaced', atMs: nowMs }])
})

test('[F15] whatever is there: never more than the policy allows, never one too many ended', () => {
  const anyDevice = fc.constantFrom('phone', 'tablet', 'watch', null)
  const anySessions = fc.uniqueArray(fc.tuple(fc.nat(), anyDevice, fc.boolean()), {
    maxLength: 14,
    selector: ([selector]) => selector,
  })
  fc.assert(
    fc.property(anySessions, anyDevice, fc.integer({ min: 1, max: 12 }), (drawn, deviceId, maxSessions) => {
      const sessions = drawn.map(([selector, device, isOver]) =>
        sampleLivingSession({ selector, deviceId: device, ...(isOver ? { idleDeadlineMs: nowMs } : {}) }),
      )
      const ended = replacedBy(deviceId, maxSessions, sessions)
      const living = sessions.filter(({ idleDeadlineMs }) => idleDeadlineMs > nowMs)
      const kept = living.filter(({ selector }) => !ended.includes(selector))
      assert.equal(new Set(ended).size, ended.length)
      assert.ok(ended.every((selector) => living.some((one) => one.selector === selector)))
      assert.ok(kept.length + 1 <= maxSessions)
      assert.ok(deviceId === null || kept.every((one) => one.deviceId !== deviceId))
      const evicted = living.filter(
        (one) => ended.includes(one.selector) && one.deviceId !== (deviceId ?? ''),
      )
      const needed = Math.max(0, kept.length + evicted.length + 1 - maxSessions)
      assert.equal(evicted.length, needed)
      const oldestKept = Math.min(...kept.map(({ selector }) => selector))
      assert.ok(evicted.every(({ selector }) => selector < oldestKept))
    }),
    { numRuns: 3_000 },
  )
})
