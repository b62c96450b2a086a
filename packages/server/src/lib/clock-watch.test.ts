import assert from 'node:assert/strict'
import { test } from 'node:test'
import { watchClock } from './clock-watch.ts'

function setUp() {
  const at = { wall: 1_800_000_000_000, even: 0 }
  const watch = watchClock({ nowMs: () => at.wall }, { nowMs: () => at.even })
  const pass = (evenMs: number, wallMs = evenMs) => {
    at.even += evenMs
    at.wall += wallMs
  }
  return { watch, pass }
}

test('[T38] a clock that goes evenly, is slewed, or is looked at late has not jumped', () => {
  const { watch, pass } = setUp()
  for (const [even, wall] of [[1_000], [1_000, 1_500], [1_000, 0], [3_600_000]] as const) {
    pass(even, wall)
    assert.equal(watch.look(), null)
  }
  assert.equal(watch.hasJumped(), false)
})

test('[T38] a jump is told once, by how much and which way, and is remembered for an hour of even time', () => {
  const { watch, pass } = setUp()
  pass(1_000, 86_401_000)
  assert.equal(watch.look(), 86_400_000)
  pass(1_000)
  assert.equal(watch.look(), null)
  pass(1_000, -4_000)
  assert.equal(watch.look(), -5_000)
  pass(3_599_999)
  assert.equal(watch.hasJumped(), true)
  pass(1)
  assert.equal(watch.hasJumped(), false)
})
