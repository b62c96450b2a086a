import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createMovedClock } from '../testing/moved-clock.ts'
import { systemRandom } from './random.ts'
import { createMemoryStore } from './store/memory/memory-store.ts'
import { createStoreLeases, preferLeases } from './store-lease.ts'

function nodesOnOneStore() {
  const store = createMemoryStore()
  const clock = createMovedClock()
  const node = () => createStoreLeases({ store, clock, random: systemRandom })
  return { store, clock, one: node(), other: node() }
}

test('[F38] of many nodes that ask at once one gets the lease; it ends when let go of, or by itself', async () => {
  const { clock, one, other } = nodesOnOneStore()
  const asked = await Promise.all([one, other, one, other, other].map((take) => take('work', 1_000)))
  assert.equal(asked.filter((lease) => lease !== null).length, 1)
  clock.advance(999)
  assert.equal(await other('work', 1_000), null)
  clock.advance(1)
  const second = await other('work', 1_000)
  assert.ok(second)
  await asked.find((lease) => lease !== null)?.release()
  assert.equal(await one('work', 1_000), null, 'who lost it lets go of nobody else’s')
  assert.ok(await one('other work', 1_000))
  await second.release()
  assert.ok(await one('work', 1_000))
})

test('a lease of a clock that was far ahead, or nonsense in its place, keeps nobody out', async () => {
  const { store, clock, one, other } = nodesOnOneStore()
  clock.advance(3_600_000)
  assert.ok(await one('work', 1_000))
  clock.advance(-3_600_000)
  assert.ok(await other('work', 1_000))
  await store.swapNote({ name: 'lease noise', expected: null, value: 'noise' })
  assert.ok(await one('noise', 1_000))
})

test('where Redis does not answer the store gives the lease', async () => {
  const { one } = nodesOnOneStore()
  const lease = { release: async () => undefined }
  assert.equal(await preferLeases(async () => lease, one)('work', 1_000), lease)
  assert.equal(await preferLeases(async () => null, one)('work', 1_000), null)
  assert.ok(await preferLeases(() => Promise.reject(new Error('gone')), one)('work', 1_000))
})
