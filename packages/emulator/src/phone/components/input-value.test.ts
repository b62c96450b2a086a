import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { admit, inputModeOf, replacementOf } from './input-value.ts'

test('a keyboard of digits lets nothing else in', () => {
  assert.equal(admit('1a2.3x', 'number', -1), '123')
  assert.equal(admit('1a2.3x', 'digit', -1), '12.3')
  assert.equal(admit('1a2.3x', 'idcard', -1), '123x')
  assert.equal(admit('1a 2', 'text', -1), '1a 2')
})

test('what is let in is never longer than maxlength, and always a start of what was allowed', () => {
  const types = fc.constantFrom('text', 'number', 'idcard', 'digit', 'nickname')
  fc.assert(
    fc.property(fc.string(), types, fc.integer({ min: 0, max: 20 }), (typed, type, maxlength) => {
      const value = admit(typed, type, maxlength)
      assert.ok(value.length <= maxlength)
      assert.ok(admit(typed, type, -1).startsWith(value))
    }),
  )
})

test('a handler replaces the value by a string or by an object, and by nothing else', () => {
  assert.deepEqual(replacementOf('x'), { value: 'x' })
  assert.deepEqual(replacementOf({ value: 'x', cursor: 1 }), { value: 'x', cursor: 1 })
  assert.deepEqual(replacementOf({ value: 7, cursor: 'end' }), { value: '7' })
  for (const result of [undefined, null, 5, false, {}, { cursor: 1 }])
    assert.equal(replacementOf(result), undefined)
})

test('digits ask a device for a keyboard of digits', () => {
  assert.equal(inputModeOf('number'), 'numeric')
  assert.equal(inputModeOf('digit'), 'decimal')
  assert.equal(inputModeOf('nickname'), 'text')
})
