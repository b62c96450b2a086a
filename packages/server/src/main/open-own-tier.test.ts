import assert from 'node:assert/strict'
import { test } from 'node:test'
import { oneNodeAtATime } from './open-own-tier.ts'

const LEASE = { release: async () => undefined }

test('one node sweeps at a time where a lease says so; without one, or should it never be had, all do', async () => {
  assert.equal(await oneNodeAtATime(null)(), true)
  assert.equal(await oneNodeAtATime(async () => LEASE)(), true)
  assert.equal(await oneNodeAtATime(() => Promise.reject(new Error('gone')))(), true)
  const never = oneNodeAtATime(async () => null)
  const turns = []
  for (let n = 0; n < 22; n += 1) turns.push(await never())
  assert.deepEqual(
    turns.flatMap((isOurs, n) => (isOurs ? [n] : [])),
    [10, 21],
  )
})
