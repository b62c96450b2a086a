import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { currentOf, lastCurrent, placeOf, restAfter } from './swiper-place.ts'

const straight = { count: 4, isCircular: false, shown: 1 }
const circular = { count: 4, isCircular: true, shown: 1 }

test('current stays within what there is, or goes around', () => {
  assert.equal(currentOf(9, straight), 3)
  assert.equal(currentOf(-1, straight), 0)
  assert.equal(currentOf(4, circular), 0)
  assert.equal(currentOf(-1, circular), 3)
  assert.equal(currentOf(Number.NaN, circular), 0)
  assert.equal(currentOf(2, { ...straight, count: 0 }), 0)
  assert.equal(lastCurrent({ ...straight, shown: 3 }), 1)
})

test('around a circle the last slide lies before the first', () => {
  assert.deepEqual(
    [0, 1, 2, 3].map((index) => placeOf(index, 0, circular)),
    [0, 1, -2, -1],
  )
  assert.deepEqual(
    [0, 1, 2, 3].map((index) => placeOf(index, 0, straight)),
    [0, 1, 2, 3],
  )
})

test('the current slide always lies first', () => {
  const any = fc.record({
    count: fc.integer({ min: 1, max: 20 }),
    isCircular: fc.boolean(),
    shown: fc.constant(1),
  })
  fc.assert(
    fc.property(any, fc.integer({ min: -40, max: 40 }), (swiping, wanted) => {
      const current = currentOf(wanted, swiping)
      assert.equal(placeOf(current, current, swiping), 0)
    }),
  )
})

test('a fifth of a slide is enough to go on, less goes back', () => {
  assert.equal(restAfter(1, 0.19, straight), 1)
  assert.equal(restAfter(1, 0.2, straight), 2)
  assert.equal(restAfter(1, -0.4, straight), 0)
  assert.equal(restAfter(3, 0.5, straight), 3)
  assert.equal(restAfter(3, 0.5, circular), 0)
})
