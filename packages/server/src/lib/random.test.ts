import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemRandom } from './random.ts'

test('[F4] as many bytes come as were asked for, none of them twice', () => {
  const seen = new Set<string>()
  for (const size of [1, 2, 32, 4095, 4096, 1, 4096]) assert.equal(systemRandom.bytes(size).length, size)
  for (let drawn = 0; drawn < 50_000; drawn += 1)
    seen.add(systemRandom.bytes(1 + (drawn % 40) + 8).toString('hex'))
  assert.equal(seen.size, 50_000)
})

test('[F4] what was given away is not touched afterwards', () => {
  const first = systemRandom.bytes(32)
  const copy = first.toString('hex')
  for (let drawn = 0; drawn < 500; drawn += 1) systemRandom.bytes(32).fill(0)
  assert.equal(first.toString('hex'), copy)
})

test('[F4] a size that it cannot give throws, and bytes come as before', () => {
  for (const size of [0, -1, 1.5, 4097, Number.NaN, Number.POSITIVE_INFINITY])
    assert.throws(() => systemRandom.bytes(size), RangeError, String(size))
  const bytes = systemRandom.bytes(32)
  assert.equal(bytes.length, 32)
  assert.ok(bytes.some((byte) => byte !== 0))
})
