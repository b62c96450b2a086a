import process from 'node:process'
import { type Bench, median, type Raw } from './figure.ts'
import { type Load, load, type Measured } from './load.ts'
import type { Running } from './process.ts'

const WARM_UP_REQUESTS = 200_000
const WARM_UP_TURNS = 12

/** A program that takes its turn under load. */
export interface Contender {
  readonly name: string
  readonly server: Running
  readonly order: Load
  /** Its Node, or what else it runs on; the bench's own Node by default. */
  readonly on?: string
}

/** What the rounds gave. */
export interface Turns {
  cpu(name: string): number
  perSecond(name: string): number
  /** How many times more CPU per request `slow` takes than `fast`: of the medians, and of each round. */
  cpuRatio(slow: string, fast: string): { readonly value: number; readonly rounds: number[] }
  rateRatio(fast: string, slow: string): { readonly value: number; readonly rounds: number[] }
  raw(...names: readonly string[]): Raw[]
}

/** A, B, A, B: what disturbs the machine disturbs all alike. Medians over the rounds. */
export async function takeTurns(bench: Bench, all: readonly Contender[]): Promise<Turns> {
  const rounds = new Map<string, Measured[]>(all.map(({ name }) => [name, []]))
  for (const contender of all) await warmUp(contender)
  for (let round = 1; round <= bench.rounds; round += 1) {
    for (const { name, server, order } of all) {
      const measured = await load(server, order)
      rounds.get(name)?.push(measured)
      bench.say(`  round ${round} of ${bench.rounds}: ${name} ${textOf(measured)}`)
    }
  }
  return turnsOf(rounds, new Map(all.map(({ name, on }) => [name, on ?? `Node ${process.versions.node}`])))
}

/**
 * The same for all, and not counted: until the code is compiled and each token was seen some times. Counted in requests,
 * since on a busy machine a second is not always worth the same; a slow server gets so many seconds.
 */
async function warmUp({ server, order }: Contender): Promise<void> {
  let answered = 0
  for (let turn = 0; turn < WARM_UP_TURNS && answered < WARM_UP_REQUESTS; turn += 1) {
    answered += (await load(server, { ...order, seconds: 1 })).requests
  }
}

function textOf({ cpuMicroseconds, requestsPerSecond }: Measured): string {
  return `${cpuMicroseconds.toFixed(1)} µs CPU, ${requestsPerSecond.toFixed(0)}/s`
}

type Measure = 'cpuMicroseconds' | 'requestsPerSecond'

function turnsOf(rounds: ReadonlyMap<string, readonly Measured[]>, on: ReadonlyMap<string, string>): Turns {
  const list = (name: string, key: Measure) => (rounds.get(name) ?? []).map((one) => one[key])
  const cpu = (name: string) => median(list(name, 'cpuMicroseconds'))
  const perSecond = (name: string) => median(list(name, 'requestsPerSecond'))
  const ratio = (one: string, other: string, key: Measure) => {
    const below = list(other, key)
    return {
      value: median(list(one, key)) / median(below),
      rounds: list(one, key).map((above, at) => above / (below[at] ?? Number.NaN)),
    }
  }
  const rawOf = (name: string): Raw => ({
    name,
    node: on.get(name) ?? '',
    cpuMicroseconds: cpu(name),
    perSecond: perSecond(name),
  })
  return {
    cpu,
    perSecond,
    cpuRatio: (slow, fast) => ratio(slow, fast, 'cpuMicroseconds'),
    rateRatio: (fast, slow) => ratio(fast, slow, 'requestsPerSecond'),
    raw: (...names) => names.map(rawOf),
  }
}
