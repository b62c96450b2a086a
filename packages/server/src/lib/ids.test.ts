import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createMovedClock } from '../testing/moved-clock.ts'
import { createSeededRandom } from '../testing/seeded-random.ts'
import { base62, isEventId, isUserId, newEventId, newUserId } from './ids.ts'

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

test('base62 writes a number that can be read back, padded, in the order of numbers', () => {
  assert.equal(base62(0n, 6), '000000')
  assert.equal(base62(61n, 1), 'z')
  assert.equal(base62(0xffffffffn, 6), '4gfFC3')
  const read = (text: string) =>
    [...text].reduce((sum, digit) => sum * 62n + BigInt(DIGITS.indexOf(digit)), 0n)
  const anyNumber = fc.bigInt({ min: 0n, max: 62n ** 16n - 1n })
  fc.assert(
    fc.property(anyNumber, anyNumber, (one, other) => {
      assert.equal(read(base62(one, 16)), one)
      assert.equal(base62(one, 16) < base62(other, 16), one < other)
    }),
    { numRuns: 1_000 },
  )
})

test('ids grow with time and differ within a millisecond', () => {
  const clock = createMovedClock()
  const random = createSeededRandom('ids')
  const first = newUserId(clock, random)
  const burst = new Set(Array.from({ length: 10_000 }, () => newUserId(clock, random)))
  assert.equal(burst.size, 10_000)
  clock.advance(1)
  const later = newUserId(clock, random)
  assert.ok([...burst, first].every((id) => id < later))
  assert.match(newEventId(clock, random), /^evt_[0-9A-Za-z]{16}$/)
})

test('an id is known by its prefix and its sixteen digits, and by nothing else', () => {
  const clock = createMovedClock()
  const random = createSeededRandom('ids')
  const user = newUserId(clock, random)
  const event = newEventId(clock, random)
  assert.deepEqual(
    [isUserId(user), isEventId(user), isUserId(event), isEventId(event)],
    [true, false, false, true],
  )
  for (const text of [
    '',
    'usr_',
    `${user}0`,
    `${user}\n`,
    ` ${user}`,
    user.slice(0, -1),
    user.replace(/.$/, '-'),
  ])
    assert.equal(isUserId(text) || isEventId(text), false, text)
})
