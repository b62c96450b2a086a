import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { NEW_YEAR_MS } from '../../testing/moved-clock.ts'
import { createSeededRandom } from '../../testing/seeded-random.ts'
import { newSelector, selectorOf, sessionIdOf } from './selector.ts'

test('a selector is its millisecond before 12 random bits', () => {
  const random = createSeededRandom('selector')
  const noise = new Set<number>()
  for (let drawn = 0; drawn < 40_000; drawn += 1) {
    const selector = newSelector(NEW_YEAR_MS, random)
    assert.equal(Math.floor(selector / 4096), NEW_YEAR_MS)
    noise.add(selector % 4096)
  }
  assert.equal(noise.size, 4096)
  const last = newSelector(2 ** 41 - 1, { bytes: (size) => Buffer.alloc(size, 255) })
  assert.equal(last, Number.MAX_SAFE_INTEGER)
})

test('[T21] a session id gives back its selector and no other text gives any', () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), (selector) => {
      const id = sessionIdOf(selector)
      assert.match(id, /^ses_[0-9a-f]{14}$/)
      assert.equal(selectorOf(id), selector)
    }),
    { numRuns: 2_000 },
  )
  const id = sessionIdOf(Number.MAX_SAFE_INTEGER)
  const wrong = [
    '',
    'ses_',
    '20000000000000',
    `${id} `,
    `${id}\n`,
    `${id}0`,
    id.slice(0, -1),
    id.toUpperCase(),
  ]
  for (const text of [
    ...wrong,
    'ses_20000000000000',
    'ses_ffffffffffffff',
    'ses_-0000000000001',
    'usr_00000000000001',
  ])
    assert.equal(selectorOf(text), null, text)
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      assert.equal(selectorOf(text), null)
    }),
    { numRuns: 1_000 },
  )
})
