import type { Clock, MonotonicClock } from '../../clock.ts'

/** A moment on both clocks. */
export interface Moment {
  readonly monotonicMs: number
  readonly wallMs: number
}

export function momentOf(clock: Clock, monotonic: MonotonicClock): Moment {
  return { monotonicMs: monotonic.nowMs(), wallMs: clock.nowMs() }
}

/**
 * By the monotonic clock; only where the wall clock says more, that much: a machine that slept may not have counted
 * it. So a wall clock that is put forward costs some reads of the store, and one that is put back changes nothing.
 */
export function elapsedMs(since: Moment, now: Moment): number {
  return Math.max(now.monotonicMs - since.monotonicMs, now.wallMs - since.wallMs)
}
