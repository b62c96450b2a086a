import assert from 'node:assert/strict'
import { test } from 'node:test'
import { NEW_YEAR_MS } from '../testing/moved-clock.ts'
import { isoTime, LATEST_MS, systemClock } from './clock.ts'

test('times leave as ISO 8601 in UTC', () => {
  assert.equal(isoTime(0), '1970-01-01T00:00:00.000Z')
  assert.equal(isoTime(NEW_YEAR_MS + 1), '2026-01-01T00:00:00.001Z')
  for (const atMs of [
    -1,
    1,
    86_399_999,
    86_400_000,
    LATEST_MS,
    LATEST_MS + 1,
    -LATEST_MS,
    1_709_164_800_000,
    0.5,
  ]) {
    assert.equal(isoTime(atMs), new Date(atMs).toISOString())
  }
  assert.throws(() => isoTime(Number.NaN), RangeError)
})

test("the system's clock tells milliseconds", () => {
  const before = Date.now()
  const told = systemClock.nowMs()
  assert.ok(told >= before && told <= Date.now())
})
