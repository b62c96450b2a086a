import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { play } from './play.ts'
import { loadSdk } from './sdk.ts'
import { search } from './search.ts'
import { stories } from './stories.ts'
import { tell } from './tell.ts'

const RUNS = 2000
const SEED = 1

/** On every kind of phone; `npm run schedules -- --runs 100000` plays more. */
test('[F97] [R35] the client breaks no rule in thousands of random interleavings of all that may happen', () => {
  const found = search(loadSdk(), SEED, RUNS)
  assert.equal(found.story, null, found.story === null ? '' : tell(found.story, loadSdk()))
  assert.equal(found.runs, RUNS)
})

const HAPPENINGS: Record<string, RegExp> = {
  'a refused token': /hears 401 for/,
  'a replay': /sends GET (\S+) with T\d+[\s\S]*sends GET \1 with T\d+/,
  'a renewal': /hears 200 for POST \S+\/session\/renew/,
  'an end on purpose': /the app hears that it is signed out/,
  'a ban': /yaopai_code="banned"/,
  'a lost request or answer': /is lost/,
  'a cut in the background': /request:fail interrupted/,
  'a failed login': /login\(\), is failed/,
  'a call that was called off': /YaopaiError: (request:fail )?abort/,
}

test('the random stories get to where it hurts, on every kind of phone', () => {
  const logs = fc
    .sample(stories, { numRuns: 400, seed: SEED })
    .map((story) => ({ story, log: play(story, loadSdk(), true).log.join('\n') }))
  for (const [name, pattern] of Object.entries(HAPPENINGS)) {
    const phones = new Set(
      logs.filter(({ log }) => pattern.test(log)).map(({ story }) => `${story.promises} ${story.wx}`),
    )
    assert.ok(phones.size >= 4, `${name} happens on ${phones.size} of 6 kinds of phones`)
  }
})
