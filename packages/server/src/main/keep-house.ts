import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Clock } from '../lib/clock.ts'
import { type ClockWatch, watchClock } from '../lib/clock-watch.ts'
import type { Services } from '../lib/services.ts'
import { ROWS_A_TURN, sweep } from '../lib/sweep.ts'

const SWEEP_EVERY_MS = 60_000
const LOOK_AT_CLOCK_EVERY_MS = 1_000

/**
 * What a server does now and then without being asked: it sweeps, and looks whether somebody has put the clock.
 * @param clock the one that should go evenly
 * @returns a function that ends it, and resolves when the last turn is over
 */
export function keepHouse(services: Services, eventRetentionDays: number, clock: Clock): () => Promise<void> {
  const watch = watchClock(clock)
  const looking = setInterval(watch.look, LOOK_AT_CLOCK_EVERY_MS)
  looking.unref()
  const stopSweeping = sweepNowAndThen(services, eventRetentionDays, watch)
  return () => {
    clearInterval(looking)
    return stopSweeping()
  }
}

/** Bounded turns with pauses between them, so that a backlog delays nobody. */
function sweepNowAndThen(
  services: Services,
  eventRetentionDays: number,
  watch: ClockWatch,
): () => Promise<void> {
  let isStopped = false
  let running: Promise<void> = Promise.resolve()
  const run = async () => {
    try {
      let rows = ROWS_A_TURN
      while (rows >= ROWS_A_TURN && !isStopped) {
        watch.look()
        rows = await sweep(services, eventRetentionDays, { keepChanges: watch.hasJumped() })
        await nextTurn()
      }
    } catch (error) {
      services.telemetry.log('warn', 'sweep.failed', { message: error instanceof Error ? error.message : '' })
    }
  }
  const timer = setInterval(() => {
    running = running.then(run)
  }, SWEEP_EVERY_MS)
  timer.unref()
  return () => {
    isStopped = true
    clearInterval(timer)
    return running
  }
}
