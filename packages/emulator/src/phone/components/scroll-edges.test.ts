import assert from 'node:assert/strict'
import test from 'node:test'
import { edgesReached } from './scroll-edges.ts'

const at = (offset: number) => ({ offset, view: 100, whole: 500 })
const thresholds = { upper: 50, lower: 50 }

test('an edge is told when its threshold is crossed, once, and by a scroll towards it', () => {
  assert.deepEqual(edgesReached(at(200), at(351), thresholds), { start: false, end: true })
  assert.deepEqual(edgesReached(at(351), at(360), thresholds), { start: false, end: false })
  assert.deepEqual(edgesReached(at(360), at(352), thresholds), { start: false, end: false })
  assert.deepEqual(edgesReached(at(200), at(40), thresholds), { start: true, end: false })
  assert.deepEqual(edgesReached(at(40), at(0), thresholds), { start: false, end: false })
})
