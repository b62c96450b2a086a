import type { Clock } from '../clock.ts'

const SAMPLE_EVERY_MS = 10_000

/** How many were passed over since the last one that counted, or null: pass this one over too. */
export type Sampler = () => number | null

/** For lines that one cause would write with each request: one in ten seconds, and the number of the others. */
export function createSampler(clock: Clock, everyMs = SAMPLE_EVERY_MS): Sampler {
  let lastAtMs: number | null = null
  let suppressed = 0
  return () => {
    const nowMs = clock.nowMs()
    if (lastAtMs !== null && Math.abs(nowMs - lastAtMs) < everyMs) {
      suppressed += 1
      return null
    }
    const told = suppressed
    lastAtMs = nowMs
    suppressed = 0
    return told
  }
}
