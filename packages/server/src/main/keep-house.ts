import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Clock } from '../lib/clock.ts'
import { type ClockWatch, watchClock } from '../lib/clock-watch.ts'
import type { Services } from '../lib/services.ts'
import { ROWS_A_TURN, sweep } from '../lib/sweep.ts'

const SWEEP_EVERY_MS = 60_000
const LOOK_AT_CLOCK_EVERY_MS = 1_000

interface HouseOptions {
  readonly eventRetentionDays: number
  /** The one that should go evenly. */
  readonly clock: Clock
  /** Whether this node is the one that sweeps this time. */
  readonly isOurTurn: () => Promise<boolean>
}

/**
 * What a server does now and then without being asked: it sweeps, and tells when somebody has put the clock.
 * @returns a function that ends it, and resolves when the last turn is over
 */
export function keepHouse(services: Services, options: HouseOptions): () => Promise<void> {
  const watch = watchClock(options.clock)
  const look = (): void => {
    const byMs = watch.look()
    if (byMs !== null) services.telemetry.log('warn', 'clock.jumped', { byMs })
  }
  const looking = setInterval(look, LOOK_AT_CLOCK_EVERY_MS)
  looking.unref()
  const stopSweeping = sweepNowAndThen(services, options, { ...watch, look })
  return () => {
    clearInterval(looking)
    return stopSweeping()
  }
}

/** Bounded turns with pauses between them, so that a backlog delays nobody. */
function sweepNowAndThen(
  services: Services,
  { eventRetentionDays, isOurTurn }: HouseOptions,
  watch: Omit<ClockWatch, 'look'> & { look(): void },
): () => Promise<void> {
  let isStopped = false
  let running: Promise<void> = Promise.resolve()
  const run = async () => {
    try {
      if (!(await isOurTurn())) return
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
