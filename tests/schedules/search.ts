import fc from 'fast-check'
import { play } from './play.ts'
import type { StartSdk } from './sdk.ts'
import { stories } from './stories.ts'
import type { Story } from './story.ts'

export interface Found {
  /** Runs that were played, the ones of shrinking left out. */
  readonly runs: number
  readonly seed: number
  /** The smallest story that still breaks a rule; null: none breaks any. */
  readonly story: Story | null
  readonly complaint: string | null
}

/** Plays so many random stories of one seed; of the first that breaks a rule it looks for the smallest like it. */
export function search(startSdk: StartSdk, seed: number, runs: number, shrinks = true): Found {
  const details = fc.check(
    fc.property(stories, (story) => {
      const { complaint } = play(story, startSdk)
      if (complaint !== null) throw new Error(complaint)
    }),
    { seed, numRuns: runs, endOnFailure: !shrinks },
  )
  const [story] = details.counterexample ?? [null]
  const complaint = story === null ? null : play(story, startSdk).complaint
  return { runs: details.numRuns, seed, story, complaint }
}
