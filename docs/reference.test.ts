import assert from 'node:assert/strict'
import { test } from 'node:test'
import { stalePages } from '../tools/reference.ts'

test('docs/reference is as the route table and the commands say', () => {
  assert.deepEqual(stalePages(), [], 'run npm run reference')
})
