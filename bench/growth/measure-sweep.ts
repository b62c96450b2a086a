import process from 'node:process'
import { setTimeout as pause } from 'node:timers/promises'
import { DEFAULT_POLICY, deadlinesOf } from '../../packages/server/src/lib/session/lifetime.ts'
import type { Store } from '../../packages/server/src/lib/store/store.ts'
import { ROWS_A_TURN } from '../../packages/server/src/lib/sweep.ts'
import type { GrowthPoint } from './point.ts'

const TURNS = 100
const NEXT_REQUEST_MS = 1

type SweepFigures = Pick<GrowthPoint, 'sweptPerSecond' | 'sweepMicroseconds' | 'sweepStallMs' | 'restStallMs'>

/**
 * The clock is put to where the oldest sessions are over for good, and a bounded number of turns is taken. Then once
 * more for as long without a sweep: what else the machine does holds a thread up, too.
 */
export async function measureSweep(store: Store): Promise<SweepFigures> {
  const startedAt = performance.now()
  const cpuBefore = process.cpuUsage()
  const swept = sweepTurns(store)
  const sweepStallMs = await longestStall(swept)
  const rows = await swept
  const tookMs = performance.now() - startedAt
  const { user, system } = process.cpuUsage(cpuBefore)
  return {
    sweptPerSecond: (rows / tookMs) * 1000,
    sweepMicroseconds: (user + system) / rows,
    sweepStallMs,
    restStallMs: await longestStall(pause(tookMs)),
  }
}

async function sweepTurns(store: Store): Promise<number> {
  const sessionsBeforeMs = deadlinesOf(Date.now(), DEFAULT_POLICY).idleDeadlineMs
  const order = {
    nowMs: 0,
    sessionsBeforeMs,
    eventsBeforeMs: 0,
    changesBeforeMs: 0,
    changesKept: 0,
    seedsBeforeMs: 0,
  }
  let rows = 0
  for (let turn = 0; turn < TURNS; turn += 1) {
    const swept = await store.sweep({ ...order, limit: ROWS_A_TURN })
    rows += swept
    if (swept < ROWS_A_TURN) break
  }
  return rows
}

/**
 * While something is under way the thread is woken each millisecond, as by a request: by how much did it come too late?
 * One that asks for turns without end would have used up its share of the core, and be kept waiting for that.
 */
async function longestStall(work: Promise<unknown>): Promise<number> {
  let isDone = false
  void work.then(() => {
    isDone = true
  })
  let longest = 0
  while (!isDone) {
    const dueAt = performance.now() + NEXT_REQUEST_MS
    await pause(NEXT_REQUEST_MS)
    longest = Math.max(longest, performance.now() - dueAt)
  }
  return longest
}
