import assert from 'node:assert/strict'
import test from 'node:test'
import { defects } from './defects.ts'
import { type Outcome, play } from './play.ts'
import { loadMutant, loadSdk, type StartSdk } from './sdk.ts'
import { search } from './search.ts'
import type { Story } from './story.ts'
import { tell } from './tell.ts'

const RUNS = 600
const SEED = 1

for (const { title, story, holds, mutants } of defects) {
  test(title, () => {
    for (const variant of variantsOf(story)) {
      assert.equal(complaintOf(variant, loadSdk(), holds), null, tell(variant, loadSdk()))
    }
  })

  for (const mutant of mutants) {
    test(`the test "${title}" fails where ${mutant.name}`, () => {
      const startSdk = loadMutant(mutant)
      assert.notEqual(complaintOf(story, startSdk, holds), null)
    })
    if (!mutant.isFoundByChance) continue
    test(`random stories find out that ${mutant.name}`, () => {
      assert.notEqual(search(loadMutant(mutant), SEED, RUNS, false).story, null)
    })
  }
}

test('a mutant that changes a text which is not there any more is reported, not passed over', () => {
  const gone = (file: string) => ({ name: 'gone', changes: [{ file, find: 'no such text', put: '' }] })
  assert.throws(() => loadMutant(gone('login.ts')), /"gone" changes a text that is 0 times in login.ts/)
  assert.throws(() => loadMutant(gone('no-such-file.ts')), /no-such-file.ts, which is not there/)
})

/** On every kind of phone: with timers for promises, and with callbacks alone. */
function variantsOf(story: Story): Story[] {
  return (['microtasks', 'macrotasks'] as const).flatMap((promises) =>
    (['native', 'bare', 'taro'] as const).map((wx) => ({ ...story, promises, wx })),
  )
}

function complaintOf(story: Story, startSdk: StartSdk, holds?: (outcome: Outcome) => void): string | null {
  const outcome = play(story, startSdk)
  if (outcome.complaint !== null) return outcome.complaint
  try {
    holds?.(outcome)
    return null
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
