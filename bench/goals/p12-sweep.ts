import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as pause } from 'node:timers/promises'
import { openSqliteStore } from '../../packages/server/src/lib/store/sqlite/sqlite-store.ts'
import { compileChildren } from '../../packages/server/src/lib/store/sqlite/testing/compile-children.ts'
import type { Store } from '../../packages/server/src/lib/store/store.ts'
import { ROWS_A_TURN } from '../../packages/server/src/lib/sweep.ts'
import type { Bench, Figure } from '../lib/figure.ts'
import { firstLoginPlan } from '../lib/login-plans.ts'
import type { Seeded } from '../lib/seed.ts'

const GOAL_ROWS_PER_SECOND = 500_000
const GOAL_STALL_MS = 10
const LOGIN_EVERY_MS = 20
const LOGIN_NUMBERS = 1e9

interface Swept {
  readonly rowsPerSecond: number
  /** The longest time for which the serving thread could answer nobody. */
  readonly stallMs: number
  readonly stall99Ms: number
  /** The longest time that a login waited which came during the sweep. */
  readonly loginMs: number
}

/** P12: all sessions and events of a book are over and go, while somebody logs in now and then. It empties the book. */
export async function measureSweep(bench: Bench, seeded: Seeded): Promise<Figure[]> {
  const { threadEntry, remove } = compileChildren()
  const store = await openSqliteStore({
    file: seeded.databaseFile,
    role: 'server',
    onFatal: fail,
    threadEntry,
  })
  try {
    await store.check()
    const swept = await sweepAll(store)
    bench.say(`sweep: ${JSON.stringify(swept)}`)
    return figuresOf(bench, swept)
  } finally {
    await store.close()
    remove()
  }
}

async function sweepAll(store: Store): Promise<Swept> {
  const beforeMs = Date.now()
  const aged = { nowMs: beforeMs, sessionsBeforeMs: beforeMs + 1e10, eventsBeforeMs: beforeMs }
  const order = { ...aged, changesBeforeMs: beforeMs, seedsBeforeMs: beforeMs, limit: ROWS_A_TURN }
  const delay = monitorEventLoopDelay({ resolution: 1 })
  const logins = logInNowAndThen(store)
  delay.enable()
  const startedAt = performance.now()
  let total = 0
  for (let rows = ROWS_A_TURN; rows >= ROWS_A_TURN; total += rows) rows = await store.sweep(order)
  const seconds = (performance.now() - startedAt) / 1000
  delay.disable()
  const loginMs = await logins.stop()
  return {
    rowsPerSecond: total / seconds,
    stallMs: delay.max / 1e6,
    stall99Ms: delay.percentile(99) / 1e6,
    loginMs,
  }
}

function logInNowAndThen(store: Store): { stop(): Promise<number> } {
  let isStopped = false
  let longestMs = 0
  const running = (async () => {
    for (let number = LOGIN_NUMBERS; !isStopped; number += 1) {
      const startedAt = performance.now()
      await store.recordLogin(firstLoginPlan(number))
      longestMs = Math.max(longestMs, performance.now() - startedAt)
      await pause(LOGIN_EVERY_MS)
    }
  })()
  return {
    async stop() {
      isStopped = true
      await running
      return longestMs
    },
  }
}

function figuresOf(bench: Bench, swept: Swept): Figure[] {
  const { rowsPerSecond, stallMs, stall99Ms, loginMs } = swept
  return [
    {
      goal: 'P12',
      name: `sweep, ${bench.sessions} sessions and as many events`,
      value: `${rowsPerSecond.toFixed(0)} rows/s`,
      wanted: `≥ ${GOAL_ROWS_PER_SECOND} rows/s`,
      isMet: rowsPerSecond >= GOAL_ROWS_PER_SECOND,
    },
    {
      goal: 'P12',
      name: 'longest stall of the serving thread while it sweeps',
      value: `${stallMs.toFixed(1)} ms (99 %: ${stall99Ms.toFixed(1)} ms)`,
      wanted: `≤ ${GOAL_STALL_MS} ms`,
      isMet: stallMs <= GOAL_STALL_MS,
    },
    {
      goal: '',
      name: 'longest login while it sweeps',
      value: `${loginMs.toFixed(1)} ms`,
      wanted: '',
      isMet: null,
    },
  ]
}

function fail(error: unknown): never {
  throw error
}
