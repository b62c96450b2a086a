import { availableParallelism } from 'node:os'
import process from 'node:process'
import { endWithUsage, readFlags } from '../../tools/read-flags.ts'
import { isThere } from '../../tools/system-packages.mjs'
import { play, stopPlaying } from './play.ts'
import { readResults, type ScenarioResult, summarize, writeResults } from './results.ts'
import type { Outcome, Scenario } from './scenario.ts'
import { scenarios } from './scenarios.ts'

const USAGE = `Usage: npm run faults -- [--rounds N] [--seed S] [--only R04,R05]
Plays every fault N times (once unless told) with the counts of the table, and writes tests/faults/results.json; npm run
reliability makes docs/reliability.md of it. A round that fails is named with the seed that plays it again.
Ctrl-C stops it and leaves nothing behind; what was played by then is kept.`

const STILL_THERE_EVERY_MS = 15_000
const STOPPED = 130

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => void stop())

process.exitCode = await main()

/** Servers, mounts and folders go first; whatever process is left of our group goes with us. */
async function stop(): Promise<void> {
  console.log('Stopping …')
  process.on('SIGTERM', () => undefined)
  await stopPlaying().catch((error: unknown) => console.error(error))
  try {
    process.kill(-process.pid, 'SIGTERM')
  } catch {
    // Started in somebody else's group, which is not ours to end.
  }
  process.exit(STOPPED)
}

async function main(): Promise<number> {
  const { rounds, seed, only } = readOptions()
  const chosen = scenarios.filter(
    ({ row, name }) => only === null || only.includes(row) || only.includes(name),
  )
  if (chosen.length === 0) return endWithUsage(USAGE, 'No scenario has that row')
  console.log(`Seed ${seed}`)
  const results: ScenarioResult[] = []
  for (const scenario of chosen) {
    const missing = (scenario.needs ?? []).filter((name) => !isThere(name))
    if (missing.length > 0)
      console.log(`${scenario.row} ${scenario.name}: left out, needs ${missing.join(', ')}`)
    else results.push(await playRounds(scenario, rounds, seed))
    save(results)
  }
  return results.some(({ brokenRounds }) => brokenRounds > 0) ? 1 : 0
}

function readOptions(): { rounds: number; seed: number; only: string[] | null } {
  const { values } = readFlags(USAGE, {
    options: { rounds: { type: 'string' }, seed: { type: 'string' }, only: { type: 'string' } },
  })
  const rounds = Number(values.rounds ?? 1)
  const seed = Number(values.seed ?? Date.now() % 1_000_000)
  if (!Number.isInteger(rounds) || rounds < 1)
    return endWithUsage(USAGE, '--rounds takes a whole number from 1 on')
  if (!Number.isInteger(seed)) return endWithUsage(USAGE, '--seed takes a whole number')
  return { rounds, seed, only: values.only === undefined ? null : values.only.split(',') }
}

async function playRounds(scenario: Scenario, rounds: number, seed: number): Promise<ScenarioResult> {
  const outcomes: Outcome[] = []
  for (let round = 0; round < rounds; round += 1) {
    const outcome = await playOne(scenario, String(seed + round))
    outcomes.push(outcome)
    const { acked, lost, wronglyAccepted, halfDone, broken } = outcome
    const counts = `${acked} acknowledged, ${lost} lost, ${wronglyAccepted} wrongly accepted, ${halfDone} half done`
    console.log(`${scenario.row} ${scenario.name} ${round + 1}/${rounds} seed ${seed + round}: ${counts}`)
    for (const line of broken.slice(0, 5)) console.log(`  ✖ ${line}`)
  }
  return summarize(scenario, outcomes, { seed: String(seed), finishedAt: new Date().toISOString() })
}

/** What threw is a broken round like any other: the rest is played nevertheless. */
async function playOne(scenario: Scenario, seed: string): Promise<Outcome> {
  const sinceMs = performance.now()
  const timer = setInterval(() => {
    console.log(`  ${scenario.row} ${scenario.name}: ${Math.round((performance.now() - sinceMs) / 1_000)} s`)
  }, STILL_THERE_EVERY_MS)
  try {
    return await play(scenario, { seed, isLong: true, say: (text) => console.log(`  ${text}`) })
  } catch (error) {
    const { NOTHING } = await import('./scenario.ts')
    return { ...NOTHING, broken: [error instanceof Error ? (error.stack ?? error.message) : String(error)] }
  } finally {
    clearInterval(timer)
  }
}

/** Scenarios that were not played now keep what they showed last. */
function save(results: readonly ScenarioResult[]): void {
  const known = new Map(readResults().scenarios.map((one) => [one.name, one]))
  for (const one of results) known.set(one.name, one)
  const inOrder = scenarios.flatMap(({ name }) => known.get(name) ?? [])
  writeResults({ node: process.version, cores: availableParallelism(), scenarios: inOrder })
}
