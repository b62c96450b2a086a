import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { boundsOf, held } from './movable-place.ts'

test('a view stays in its area; one that is larger covers it', () => {
  assert.deepEqual(boundsOf(100, 30), { min: 0, max: 70 })
  assert.deepEqual(boundsOf(100, 150), { min: -50, max: 0 })
  assert.equal(held(90, { min: 0, max: 70 }, false), 70)
  assert.equal(held(90, { min: 0, max: 70 }, true), 80)
})

test('what may not leave is always within', () => {
  const px = fc.integer({ min: -2000, max: 2000 })
  fc.assert(
    fc.property(px, fc.nat(500), fc.nat(500), (place, area, view) => {
      const bounds = boundsOf(area, view)
      const at = held(place, bounds, false)
      assert.ok(at >= bounds.min && at <= bounds.max)
    }),
  )
})
