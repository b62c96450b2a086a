import process from 'node:process'
import type { TestContext } from 'node:test'
import { createDraw } from './draw.ts'
import type { Outcome, Round, Scenario } from './scenario.ts'

const running = new Set<() => Promise<void>>()
let isStopped = false

/** Plays one round of a scenario and cleans up after it, whatever happens. */
export async function play(
  scenario: Scenario,
  { seed, isLong, say }: { readonly seed: string; readonly isLong: boolean; readonly say: Round['say'] },
): Promise<Outcome> {
  if (isStopped) throw new Error('It was stopped')
  const cleanUps: (() => unknown)[] = []
  const draw = createDraw(`${scenario.name} ${seed}`)
  let cleaning: Promise<void> | null = null
  const cleanUp = () => {
    cleaning ??= doAll(cleanUps)
    return cleaning
  }
  running.add(cleanUp)
  try {
    return await scenario.run({ draw, isLong, say, after: (work) => cleanUps.unshift(work) })
  } finally {
    await cleanUp()
    running.delete(cleanUp)
  }
}

/** Ends what is being played, and plays nothing more. */
export async function stopPlaying(): Promise<void> {
  isStopped = true
  await Promise.all([...running].map((cleanUp) => cleanUp()))
}

/** One that fails keeps none of the others from being done. */
async function doAll(works: readonly (() => unknown)[]): Promise<void> {
  const errors: unknown[] = []
  for (const work of works) {
    try {
      await work()
    } catch (error) {
      errors.push(error)
    }
  }
  if (errors.length > 0) throw errors[0]
}

/** The seeds of `npm test` are fixed; this one tries another. */
const SEED = process.env['FAULTS_SEED'] ?? '1'

/** A short round as the body of a test: it passes when all that is promised held, and something was judged. */
export function shortRound(scenario: Scenario): (t: TestContext) => Promise<void> {
  return async (t) => {
    t.diagnostic(`seed ${SEED}`)
    const outcome = await play(scenario, { seed: SEED, isLong: false, say: (text) => t.diagnostic(text) })
    t.diagnostic(JSON.stringify(outcome))
    if (outcome.broken.length > 0) throw new Error(outcome.broken.slice(0, 10).join('\n'))
    if (outcome.acked === 0) throw new Error('Nothing was acknowledged, so nothing was judged')
  }
}
