import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { portionOf, snap } from './slider-value.ts'

test('a value is brought to the nearest step within the ends', () => {
  assert.equal(snap(34, { min: 0, max: 100, step: 10 }), 30)
  assert.equal(snap(-5, { min: 0, max: 100, step: 10 }), 0)
  assert.equal(snap(150, { min: 0, max: 100, step: 10 }), 100)
  assert.equal(snap(0.3, { min: 0, max: 1, step: 0.1 }), 0.3)
  assert.equal(snap(5, { min: 10, max: 0, step: 1 }), 10)
})

test('it never leaves the ends, whatever the step', () => {
  const number = fc.double({ min: -1000, max: 1000, noNaN: true })
  fc.assert(
    fc.property(number, number, number, number, (value, min, max, step) => {
      const snapped = snap(value, { min, max, step })
      assert.ok(max > min ? snapped >= min - 1e-9 && snapped <= max + 1e-9 : snapped === min)
    }),
  )
})

test('the portion of a range without room is none', () => {
  assert.equal(portionOf(5, { min: 0, max: 10, step: 1 }), 0.5)
  assert.equal(portionOf(50, { min: 0, max: 10, step: 1 }), 1)
  assert.equal(portionOf(5, { min: 5, max: 5, step: 1 }), 0)
})
