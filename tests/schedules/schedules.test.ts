import assert from 'node:assert/strict'
import test from 'node:test'
import { loadSdk } from './sdk.ts'
import { search } from './search.ts'
import { tell } from './tell.ts'

const RUNS = 2000
const SEED = 1

/** On every kind of phone; `npm run schedules -- --runs 100000` plays more. */
test('[F97] [R35] the client breaks no rule in thousands of random interleavings of all that may happen', () => {
  const found = search(loadSdk(), SEED, RUNS)
  assert.equal(found.story, null, found.story === null ? '' : tell(found.story, loadSdk()))
  assert.equal(found.runs, RUNS)
})
