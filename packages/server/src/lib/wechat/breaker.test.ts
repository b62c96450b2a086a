import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createMovedClock } from '../../testing/moved-clock.ts'
import { type Breaker, createBreaker } from './breaker.ts'

function fail(breaker: Breaker, times: number): void {
  for (let number = 0; number < times; number += 1) {
    breaker.holdSeconds()
    breaker.failed(1)
  }
}

test('[R09] it lets all through until five failures in a row', () => {
  const breaker = createBreaker(createMovedClock())
  fail(breaker, 4)
  assert.equal(breaker.holdSeconds(), null)
  breaker.failed(1)
  assert.equal(breaker.holdSeconds(), 1)
})

test('[R09] a success between starts the count anew', () => {
  const breaker = createBreaker(createMovedClock())
  fail(breaker, 4)
  breaker.succeeded()
  fail(breaker, 4)
  assert.equal(breaker.holdSeconds(), null)
})

test('[R09] open, one probe a second goes through, and its success closes it', () => {
  const clock = createMovedClock()
  const breaker = createBreaker(clock)
  fail(breaker, 5)
  clock.advance(999)
  assert.equal(breaker.holdSeconds(), 1)
  clock.advance(1)
  assert.equal(breaker.holdSeconds(), null)
  assert.equal(breaker.holdSeconds(), 1)
  clock.advance(1_000)
  assert.equal(breaker.holdSeconds(), null)
  breaker.succeeded()
  for (let number = 0; number < 10; number += 1) assert.equal(breaker.holdSeconds(), null)
})

test('a longer pause says how many whole seconds are left', () => {
  const clock = createMovedClock()
  const breaker = createBreaker(clock)
  fail(breaker, 4)
  breaker.failed(60)
  assert.equal(breaker.holdSeconds(), 60)
  clock.advance(58_001)
  assert.equal(breaker.holdSeconds(), 2)
  clock.advance(1_999)
  assert.equal(breaker.holdSeconds(), null)
})

test('a clock that was set back an hour does not keep it shut for that hour', () => {
  const clock = createMovedClock()
  const breaker = createBreaker(clock)
  fail(breaker, 5)
  clock.advance(-3_600_000)
  assert.equal(breaker.holdSeconds(), null)
  assert.equal(breaker.holdSeconds(), 1)
})

test('[R09] over any storm: open, probes are a second apart and nobody waits more than that', () => {
  const anyCall = fc.record({ waitMs: fc.nat({ max: 700 }), isFailure: fc.boolean() })
  fc.assert(
    fc.property(fc.array(anyCall, { maxLength: 60 }), (calls) => {
      const clock = createMovedClock()
      const breaker = createBreaker(clock)
      let row = 0
      let lastMs = Number.NEGATIVE_INFINITY
      for (const { waitMs, isFailure } of calls) {
        clock.advance(waitMs)
        const hold = breaker.holdSeconds()
        const sinceMs = clock.nowMs() - lastMs
        assert.equal(hold, row >= 5 && sinceMs < 1_000 ? 1 : null)
        if (hold !== null) continue
        lastMs = clock.nowMs()
        row = isFailure ? row + 1 : 0
        if (isFailure) breaker.failed(1)
        else breaker.succeeded()
      }
    }),
    { numRuns: 2_000 },
  )
})
