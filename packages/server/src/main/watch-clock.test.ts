import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createClockCheck } from './watch-clock.ts'

test('[T38] a wall clock that jumps is told once, forwards and backwards; time that passes is not', () => {
  const told: unknown[] = []
  let [wall, monotonic] = [1_000_000, 5_000]
  const check = createClockCheck({
    log: (level, event, fields) => told.push([level, event, fields?.['byMs']]),
    wallMs: () => wall,
    monotonicMs: () => monotonic,
  })
  for (const [passedMs, jumpMs] of [
    [1_000, 0],
    [60_000, 300],
    [1_000, -3_600_000],
    [1_000, 0],
    [1_000, 86_400_000],
  ] as const) {
    monotonic += passedMs
    wall += passedMs + jumpMs
    assert.equal(check(), Math.abs(jumpMs) < 2_000 ? 0 : jumpMs)
  }
  assert.deepEqual(told, [
    ['warn', 'clock.jumped', -3_600_000],
    ['warn', 'clock.jumped', 86_400_000],
  ])
})
