/** Where the time comes from. Tests hand in one that they move; nothing else in the server reads a clock. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  nowMs(): number
}

export const systemClock: Clock = { nowMs: () => Date.now() }

/** Time that passes evenly whatever the wall clock is put to: for how long ago something was, never for when. */
export interface MonotonicClock {
  /** Milliseconds since some moment; it goes on while the process is stopped. */
  nowMs(): number
}

export const systemMonotonic: MonotonicClock = { nowMs: () => performance.now() }

/** A clock that can be put ahead of another; from then on time passes on both alike. */
export interface OffsetClock extends Clock {
  /** The one that it is ahead of. */
  readonly base: Clock
  aheadSeconds(): number
  advance(seconds: number): void
}

/** Ids hold 41 bits of milliseconds, which end on 2039-09-07; sessions begun before this one end before that. */
export const LATEST_MS = Date.UTC(2039, 0, 1)

export function createOffsetClock(base: Clock = systemClock): OffsetClock {
  let aheadSeconds = 0
  return {
    base,
    nowMs: () => base.nowMs() + aheadSeconds * 1000,
    aheadSeconds: () => aheadSeconds,
    advance: (seconds) => {
      aheadSeconds += seconds
    },
  }
}

/** ISO 8601 in UTC, the only form in which times leave the server. */
export function isoTime(atMs: number): string {
  return new Date(atMs).toISOString()
}
