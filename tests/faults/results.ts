import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Outcome, Scenario } from './scenario.ts'

/** What a run of `npm run faults` showed of one scenario; figures of many rounds are sums or the worst. */
export interface ScenarioResult extends Omit<Outcome, 'broken'> {
  readonly name: string
  readonly row: string
  readonly fault: string
  readonly promise: string
  readonly how: string
  readonly seed: string
  readonly rounds: number
  /** Rounds in which something that was promised did not hold. */
  readonly brokenRounds: number
  /** The first of what did not hold. */
  readonly broken: readonly string[]
  readonly finishedAt: string
}

export interface Results {
  readonly node: string
  readonly cores: number
  readonly scenarios: readonly ScenarioResult[]
}

const FILE = join(import.meta.dirname, 'results.json')

export function readResults(): Results {
  if (!existsSync(FILE)) return { node: process.version, cores: 0, scenarios: [] }
  return JSON.parse(readFileSync(FILE, 'utf8')) as Results
}

export function writeResults(results: Results): void {
  writeFileSync(FILE, `${JSON.stringify(results, null, 2)}\n`)
}

export function summarize(
  scenario: Scenario,
  outcomes: readonly Outcome[],
  { seed, finishedAt }: { readonly seed: string; readonly finishedAt: string },
): ScenarioResult {
  const { name, row, fault, promise, how } = scenario
  const sum = (pick: (outcome: Outcome) => number) => outcomes.reduce((total, one) => total + pick(one), 0)
  const recoveries = outcomes.flatMap(({ recoveryMs }) => (recoveryMs === null ? [] : [recoveryMs]))
  return {
    name,
    row,
    fault,
    promise,
    how,
    seed,
    rounds: outcomes.length,
    ops: sum(({ ops }) => ops),
    acked: sum(({ acked }) => acked),
    lost: sum(({ lost }) => lost),
    wronglyAccepted: sum(({ wronglyAccepted }) => wronglyAccepted),
    halfDone: sum(({ halfDone }) => halfDone),
    unknown: sum(({ unknown }) => unknown),
    longestUnavailabilityMs: Math.max(0, ...outcomes.map((one) => one.longestUnavailabilityMs)),
    recoveryMs: recoveries.length === 0 ? null : Math.max(...recoveries),
    brokenRounds: outcomes.filter(({ broken }) => broken.length > 0).length,
    broken: outcomes.flatMap(({ broken }) => broken).slice(0, 5),
    figures: worstFigures(outcomes),
    finishedAt,
  }
}

function worstFigures(outcomes: readonly Outcome[]): Record<string, number> {
  const worst: Record<string, number> = {}
  for (const { figures } of outcomes) {
    for (const [name, value] of Object.entries(figures)) worst[name] = Math.max(worst[name] ?? value, value)
  }
  return worst
}
