import assert from 'node:assert/strict'
import test from 'node:test'
import { queryOf } from './match-media.ts'

const nothing = {
  minWidth: null,
  maxWidth: null,
  width: null,
  minHeight: null,
  maxHeight: null,
  height: null,
}

test('each size that is asked for is a condition, and what is no number none', () => {
  assert.equal(
    queryOf({ ...nothing, minWidth: 300, maxHeight: '600' }, 'portrait'),
    '(min-width: 300px) and (max-height: 600px) and (orientation: portrait)',
  )
  assert.equal(queryOf({ ...nothing, width: 'wide' }, 'sideways'), '')
})
