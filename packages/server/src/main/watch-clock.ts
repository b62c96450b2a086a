import type { Telemetry } from '../lib/telemetry.ts'

const EVERY_MS = 1_000
/** Clocks that are kept in step by a time server move in far smaller steps. */
const JUMP_MS = 2_000

interface Watching {
  readonly log: Telemetry['log']
  readonly wallMs?: () => number
  readonly monotonicMs?: () => number
}

/**
 * Tells when the wall clock moved otherwise than time did: sessions then end sooner or later than they should. What is
 * ended by an act stays ended; only deadlines follow the clock.
 * @returns a check, to be called again and again; it says by how much the clock jumped since the last one, or 0
 */
export function createClockCheck({
  log,
  wallMs = () => Date.now(),
  monotonicMs = () => performance.now(),
}: Watching): () => number {
  let aheadMs = wallMs() - monotonicMs()
  return () => {
    const nowAheadMs = wallMs() - monotonicMs()
    const byMs = Math.round(nowAheadMs - aheadMs)
    aheadMs = nowAheadMs
    if (Math.abs(byMs) < JUMP_MS) return 0
    log('warn', 'clock.jumped', { byMs })
    return byMs
  }
}

/** Looks once a second and keeps no process alive. @returns ends it */
export function watchClock(log: Telemetry['log']): () => void {
  const timer = setInterval(createClockCheck({ log }), EVERY_MS)
  timer.unref()
  return () => clearInterval(timer)
}
