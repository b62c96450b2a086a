import assert from 'node:assert/strict'
import { test } from 'node:test'
import { staleFiles, unexplained } from '../bench/report/pages.ts'

test('[F98] docs/performance.md, docs/capacity.md and their plots are what bench/results says', () => {
  assert.deepEqual(staleFiles(), [], 'run npm run performance')
})

test('of every goal that is missed it is written down why', () => {
  assert.deepEqual(unexplained(), [], 'write bench/notes/Pn.md for each of them, and run npm run performance')
})
