import { type ChildProcess, fork } from 'node:child_process'
import { availableParallelism } from 'node:os'
import process from 'node:process'
import { endWithUsage, readFlags } from '../../tools/read-flags.ts'
import { loadSdk } from './sdk.ts'
import { type Found, search } from './search.ts'
import { tell } from './tell.ts'

/** `npm run schedules -- --runs 100000 [--seed 1]`: plays random stories against the client until one breaks a rule. */
const USAGE = `Usage: npm run schedules -- [--runs N] [--seed S], both whole numbers
Plays N random stories (2000 unless told) against the client. Stops at the first that breaks a rule, shortens it, tells
it, and names the seed that plays it again.`
/** Each thousand has a seed of its own, so that one thousand is all that has to be played again. */
const CHUNK = 1000
const WORKER = '--worker'

interface Chunk {
  readonly seed: number
  readonly runs: number
}

if (process.argv.includes(WORKER)) work()
else await main()

/** One process: plays the chunks that it is given. */
function work(): void {
  const startSdk = loadSdk()
  process.channel?.ref()
  process.on('message', ({ seed, runs }: Chunk) => process.send?.(search(startSdk, seed, runs)))
}

async function main(): Promise<void> {
  const options = readOptions()
  const beganAtMs = performance.now()
  const found = await playAll(chunksOf(options.runs, options.seed))
  if (found !== null) return report(found)
  const perSecond = Math.round(options.runs / ((performance.now() - beganAtMs) / 1000))
  console.log(
    `${options.runs} runs from seed ${options.seed} on, none falling short (${perSecond} a second).`,
  )
}

function readOptions(): { runs: number; seed: number } {
  const { values } = readFlags(USAGE, { options: { runs: { type: 'string' }, seed: { type: 'string' } } })
  const runs = Number(values.runs ?? 2000)
  const seed = Number(values.seed ?? Date.now() % 1_000_000)
  if (!Number.isInteger(runs) || runs < 1) return endWithUsage(USAGE, '--runs takes a whole number from 1 on')
  if (!Number.isInteger(seed)) return endWithUsage(USAGE, '--seed takes a whole number')
  return { runs, seed }
}

function chunksOf(runs: number, firstSeed: number): Chunk[] {
  return Array.from({ length: Math.ceil(runs / CHUNK) }, (_, at) => ({
    seed: firstSeed + at,
    runs: Math.min(CHUNK, runs - at * CHUNK),
  }))
}

/** On every core; ends with the first that falls short. */
function playAll(chunks: Chunk[]): Promise<Found | null> {
  const total = chunks.reduce((sum, { runs }) => sum + runs, 0)
  const workers = Array.from({ length: Math.min(availableParallelism(), chunks.length) }, () =>
    fork(import.meta.filename, [WORKER]),
  )
  let played = 0
  let isEnded = false
  return new Promise((resolve, reject) => {
    const end = (found: Found | null) => {
      isEnded = true
      for (const worker of workers) worker.kill()
      resolve(found)
    }
    const give = (worker: ChildProcess) => {
      const chunk = chunks.shift()
      if (chunk !== undefined) worker.send(chunk)
    }
    for (const worker of workers) {
      worker.on('message', (found: Found) => {
        played += found.runs
        if (found.story !== null || played === total) return end(found.story === null ? null : found)
        if (played % (10 * CHUNK) === 0) console.log(`${played} runs …`)
        give(worker)
      })
      worker.on('exit', (code) => {
        if (!isEnded) reject(new Error(`A process ended with ${code} before its runs did`))
      })
      give(worker)
    }
  })
}

function report({ seed, runs, story }: Found): void {
  if (story === null) return
  console.log(`Run ${runs} of seed ${seed} breaks a rule; this is the smallest story that does:\n`)
  console.log(tell(story, loadSdk()))
  console.log(`Again: npm run schedules -- --runs ${CHUNK} --seed ${seed}`)
  process.exitCode = 1
}
