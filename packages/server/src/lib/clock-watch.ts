import { type Clock, type MonotonicClock, systemMonotonic } from './clock.ts'

/** Slewing and a late timer stay below this. */
const TOLERANCE_MS = 2_000
/** After a jump old changes are kept so long by the even clock, however old the wall clock says they are. */
const HOLD_MS = 3_600_000

/** Looks whether the wall clock goes as evenly as time does. */
export interface ClockWatch {
  /** To be called now and then; by how much the wall clock has jumped since the call before, else null. */
  look(): number | null
  /** It has jumped within the last hour: what is old by it may be new. */
  hasJumped(): boolean
}

/** Deadlines are judged by the wall clock, so an operator wants to know when somebody puts it. */
export function watchClock(clock: Clock, monotonic: MonotonicClock = systemMonotonic): ClockWatch {
  let aheadMs = clock.nowMs() - monotonic.nowMs()
  let jumpedAtMs: number | null = null
  return {
    look() {
      const nowMs = monotonic.nowMs()
      const nowAheadMs = clock.nowMs() - nowMs
      const byMs = Math.round(nowAheadMs - aheadMs)
      aheadMs = nowAheadMs
      if (Math.abs(byMs) < TOLERANCE_MS) return null
      jumpedAtMs = nowMs
      return byMs
    },
    hasJumped: () => jumpedAtMs !== null && monotonic.nowMs() - jumpedAtMs < HOLD_MS,
  }
}
