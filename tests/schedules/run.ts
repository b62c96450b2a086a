import process from 'node:process'
import { parseArgs } from 'node:util'
import { loadSdk } from './sdk.ts'
import { search } from './search.ts'
import { tell } from './tell.ts'

/** `npm run schedules -- --runs 100000 [--seed 1]`: plays random stories against the client until one breaks a rule. */
const { values } = parseArgs({ options: { runs: { type: 'string' }, seed: { type: 'string' } } })
const runs = Number(values.runs ?? 2000)
const firstSeed = Number(values.seed ?? Date.now() % 1_000_000)
const CHUNK = 1000

process.exitCode = main()

function main(): number {
  if (!(runs > 0) || !Number.isInteger(firstSeed)) {
    console.error('Usage: npm run schedules -- --runs N [--seed S], both whole numbers')
    return 2
  }
  const startSdk = loadSdk()
  const beganAtMs = performance.now()
  for (let done = 0; done < runs; done += CHUNK) {
    const seed = firstSeed + done / CHUNK
    const found = search(startSdk, seed, Math.min(CHUNK, runs - done))
    if (found.story !== null) {
      console.log(`\nRun ${done + found.runs} breaks a rule; seed ${seed} finds it first.`)
      console.log(tell(found.story, startSdk))
      console.log(`Again: npm run schedules -- --runs ${CHUNK} --seed ${seed}`)
      return 1
    }
    if ((done / CHUNK) % 10 === 9) console.log(`${done + CHUNK} runs …`)
  }
  const seconds = (performance.now() - beganAtMs) / 1000
  console.log(
    `${runs} runs from seed ${firstSeed} on, none falling short (${Math.round(runs / seconds)} a second).`,
  )
  return 0
}
