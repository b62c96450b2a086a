import type { Clock } from '../lib/clock.ts'

/** A clock that stands still until a test moves it. */
export interface MovedClock extends Clock {
  advance(milliseconds: number): void
  set(atMs: number): void
}

/** 2026-01-01T00:00:00Z */
export const NEW_YEAR_MS = 1_767_225_600_000

export function createMovedClock(startMs = NEW_YEAR_MS): MovedClock {
  let nowMs = startMs
  return {
    nowMs: () => nowMs,
    advance(milliseconds) {
      nowMs += milliseconds
    },
    set(atMs) {
      nowMs = atMs
    },
  }
}
