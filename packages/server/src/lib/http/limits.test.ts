import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createLocalLimit } from '../tier/limit.ts'
import { networkOf } from './limits.ts'

test('[T12] a limit counts by key and says how long to wait; then it counts anew', async (t) => {
  t.mock.timers.enable({ apis: ['Date', 'setTimeout'] })
  const limit = createLocalLimit(2, 60)
  assert.deepEqual([await limit('a'), await limit('a'), await limit('b')], [null, null, null])
  t.mock.timers.tick(20_000)
  assert.equal(await limit('a'), 40)
  t.mock.timers.tick(40_001)
  assert.equal(await limit('a'), null)
})

test('[T12] limits take bounded memory: beyond it the key longest unseen starts anew', async () => {
  const limit = createLocalLimit(1, 60, 3)
  for (const key of ['a', 'b', 'c']) assert.equal(await limit(key), null)
  assert.notEqual(await limit('a'), null)
  assert.equal(await limit('d'), null)
  assert.notEqual(await limit('a'), null)
  assert.equal(await limit('b'), null)
})

test('[T12] all addresses of one IPv6 network count as one, however they are written', () => {
  assert.equal(networkOf('2001:db8::1'), networkOf('2001:0DB8:0:0:ffff:1:2:3'))
  assert.notEqual(networkOf('2001:db8::1'), networkOf('2001:db8:0:1::1'))
  assert.equal(networkOf('::1'), '0:0:0:0::/64')
  assert.equal(networkOf('203.0.113.7'), '203.0.113.7')
  assert.equal(networkOf(null), 'unknown')
  const group = fc.nat(0xffff)
  const networks = fc.tuple(group, group, group, group)
  fc.assert(
    fc.property(networks, networks, networks, (network, one, other) => {
      const text = (host: readonly number[]) =>
        [...network, ...host].map((part) => part.toString(16)).join(':')
      const short = new URL(`http://[${text(one)}]/`).hostname.slice(1, -1)
      assert.equal(networkOf(short), networkOf(text(other)))
    }),
    { numRuns: 5_000 },
  )
})
