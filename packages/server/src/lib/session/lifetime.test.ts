import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { NEW_YEAR_MS } from '../../testing/moved-clock.ts'
import { DEFAULT_POLICY, deadlinesOf, renewAfterMs, touchedDeadline } from './lifetime.ts'

const HOUR = 3_600_000
const anyPolicy = fc.record({
  maxSessions: fc.integer({ min: 1, max: 100 }),
  idleSeconds: fc.integer({ min: 60, max: 10_000_000 }),
  absoluteSeconds: fc.integer({ min: 60, max: 100_000_000 }),
})

test('[F17][F18] by default idle is three days and the end thirty', () => {
  assert.deepEqual(DEFAULT_POLICY, { maxSessions: 10, idleSeconds: 3 * 86_400, absoluteSeconds: 30 * 86_400 })
  const { idleDeadlineMs, absoluteDeadlineMs } = deadlinesOf(NEW_YEAR_MS, DEFAULT_POLICY)
  assert.equal(idleDeadlineMs - NEW_YEAR_MS, 73 * HOUR)
  assert.equal(absoluteDeadlineMs - NEW_YEAR_MS, 720 * HOUR)
})

test('[F17] the deadline is written an hour after the last write and not a millisecond earlier', () => {
  const idleSeconds = DEFAULT_POLICY.idleSeconds
  const { idleDeadlineMs } = deadlinesOf(NEW_YEAR_MS, DEFAULT_POLICY)
  const session = { idleDeadlineMs, idleSeconds }
  assert.equal(touchedDeadline(session, NEW_YEAR_MS), null)
  assert.equal(touchedDeadline(session, NEW_YEAR_MS + HOUR - 1), null)
  assert.equal(touchedDeadline(session, NEW_YEAR_MS + HOUR), idleDeadlineMs + HOUR)
  assert.equal(touchedDeadline(session, NEW_YEAR_MS + HOUR + 1), idleDeadlineMs + HOUR + 1)
})

test('[F17] a clock that goes back moves no deadline', () => {
  const { idleDeadlineMs } = deadlinesOf(NEW_YEAR_MS, DEFAULT_POLICY)
  const session = { idleDeadlineMs, idleSeconds: DEFAULT_POLICY.idleSeconds }
  assert.equal(touchedDeadline(session, NEW_YEAR_MS - 1), null)
  assert.equal(touchedDeadline(session, 0), null)
})

test('[F17] however a session is used, writes are an hour apart and it never idles out early', () => {
  const anyUses = fc.array(fc.nat({ max: 3 * HOUR }), { maxLength: 40 })
  fc.assert(
    fc.property(anyPolicy, anyUses, (policy, waits) => {
      let { idleDeadlineMs } = deadlinesOf(NEW_YEAR_MS, policy)
      let nowMs = NEW_YEAR_MS
      let writtenAtMs = nowMs
      for (const waitMs of waits) {
        nowMs += waitMs
        const later = touchedDeadline({ idleDeadlineMs, idleSeconds: policy.idleSeconds }, nowMs)
        if (later !== null) {
          assert.ok(nowMs - writtenAtMs >= HOUR)
          assert.ok(later > idleDeadlineMs)
          writtenAtMs = nowMs
          idleDeadlineMs = later
        }
        const leftMs = idleDeadlineMs - nowMs
        assert.ok(leftMs > policy.idleSeconds * 1000 && leftMs <= policy.idleSeconds * 1000 + HOUR)
      }
    }),
    { numRuns: 2_000 },
  )
})

test('renewal is due at a third of the idle time, never after the end', () => {
  fc.assert(
    fc.property(anyPolicy, (policy) => {
      const { absoluteDeadlineMs } = deadlinesOf(NEW_YEAR_MS, policy)
      const due = renewAfterMs({ idleSeconds: policy.idleSeconds, absoluteDeadlineMs }, NEW_YEAR_MS)
      assert.ok(due > NEW_YEAR_MS && due <= absoluteDeadlineMs)
      assert.ok(due <= NEW_YEAR_MS + (policy.idleSeconds * 1000) / 3)
    }),
    { numRuns: 1_000 },
  )
  const { absoluteDeadlineMs } = deadlinesOf(NEW_YEAR_MS, DEFAULT_POLICY)
  const session = { idleSeconds: DEFAULT_POLICY.idleSeconds, absoluteDeadlineMs }
  assert.equal(renewAfterMs(session, NEW_YEAR_MS), NEW_YEAR_MS + 24 * HOUR)
  assert.equal(renewAfterMs(session, absoluteDeadlineMs - HOUR), absoluteDeadlineMs)
})
