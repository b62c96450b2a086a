import { readFileSync } from 'node:fs'
import process from 'node:process'
import { openSqliteStore } from '../../packages/server/src/lib/store/sqlite/sqlite-store.ts'
import { compileChildren } from '../../packages/server/src/lib/store/sqlite/testing/compile-children.ts'
import type { LoginPlan, Store } from '../../packages/server/src/lib/store/store.ts'
import { type Bench, type Figure, median } from '../lib/figure.ts'
import { firstLoginPlan, laterLoginPlan } from '../lib/login-plans.ts'
import type { Seeded } from '../lib/seed.ts'

const GOAL_PER_SECOND = 15_000
const IN_FLIGHT = 256
const LOGINS_A_ROUND = 25_600

interface Measured {
  readonly perSecond: number
  readonly cpuMicroseconds: number
  readonly writtenKib: number
}

/** P10: the store alone, without HTTP and WeChat: durable logins a second, many in flight, on a book with many rows. */
export async function measureWriter(bench: Bench, seeded: Seeded): Promise<Figure[]> {
  const { threadEntry, remove } = compileChildren()
  const store = await openSqliteStore({
    file: seeded.databaseFile,
    role: 'server',
    onFatal: fail,
    threadEntry,
  })
  const rounds: { first: Measured; later: Measured }[] = []
  try {
    for (let round = 0; round < bench.rounds; round += 1) {
      const first = await measure(store, numbered(round, firstLoginPlan))
      const later = await measure(
        store,
        numbered(round, (n) => laterLoginPlan(scattered(n, bench.sessions), seeded, bench.sessions)),
      )
      rounds.push({ first, later })
      bench.say(`round ${round + 1}: first logins ${textOf(first)}; later ones ${textOf(later)}`)
    }
  } finally {
    await store.close()
    remove()
  }
  return figuresOf(bench, rounds)
}

function figuresOf(bench: Bench, rounds: readonly { first: Measured; later: Measured }[]): Figure[] {
  return (['first', 'later'] as const).map((kind) => {
    const perSecond = median(rounds.map((round) => round[kind].perSecond))
    const { cpuMicroseconds, writtenKib } = rounds.at(-1)?.[kind] ?? { cpuMicroseconds: 0, writtenKib: 0 }
    return {
      goal: 'P10',
      name: `${kind} logins, store alone, ${bench.sessions} sessions`,
      value: `${perSecond.toFixed(0)}/s (${cpuMicroseconds.toFixed(0)} µs CPU, ${writtenKib.toFixed(1)} KiB written each)`,
      wanted: `≥ ${GOAL_PER_SECOND}/s`,
      isMet: perSecond >= GOAL_PER_SECOND,
    }
  })
}

/** Users of the seeding in no order; no user twice. */
function scattered(number: number, sessions: number): number {
  return (number * 611_953) % sessions
}

function numbered(round: number, planOf: (number: number) => LoginPlan): LoginPlan[] {
  return Array.from({ length: LOGINS_A_ROUND }, (_, n) => planOf(round * LOGINS_A_ROUND + n))
}

async function measure(store: Store, plans: readonly LoginPlan[]): Promise<Measured> {
  const writtenBefore = writtenBytes()
  const cpuBefore = process.cpuUsage()
  const startedAt = performance.now()
  await inFlight(plans, (plan) => logIn(store, plan))
  const seconds = (performance.now() - startedAt) / 1000
  const cpu = process.cpuUsage(cpuBefore)
  return {
    perSecond: plans.length / seconds,
    cpuMicroseconds: (cpu.user + cpu.system) / plans.length,
    writtenKib: (writtenBytes() - writtenBefore) / plans.length / 1024,
  }
}

async function logIn(store: Store, plan: LoginPlan): Promise<void> {
  let outcome = await store.recordLogin(plan)
  // A selector drawn twice in a millisecond, which the verb would draw again.
  for (let tries = 0; outcome === 'conflict' && tries < 9; tries += 1) {
    const selector = plan.session.selector + 4_096 * (tries + 1)
    outcome = await store.recordLogin({ ...plan, session: { ...plan.session, selector } })
  }
  if (outcome !== 'recorded') throw new Error(`A login of the bench met ${outcome}`)
}

async function inFlight<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
  const rest = items.values()
  const runner = async (): Promise<void> => {
    for (const item of rest) await work(item)
  }
  await Promise.all(Array.from({ length: IN_FLIGHT }, runner))
}

/** What the process has handed to the disk; 0 where the system does not count it. */
function writtenBytes(): number {
  const text = process.platform === 'linux' ? readFileSync('/proc/self/io', 'utf8') : ''
  return Number(/^write_bytes: (\d+)/m.exec(text)?.[1] ?? 0)
}

function textOf({ perSecond, cpuMicroseconds, writtenKib }: Measured): string {
  return `${perSecond.toFixed(0)}/s, ${cpuMicroseconds.toFixed(0)} µs CPU, ${writtenKib.toFixed(1)} KiB`
}

function fail(error: unknown): never {
  throw error
}
