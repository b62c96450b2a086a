/** Where the time comes from. Tests hand in one that they move; nothing else in the server reads a clock. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  nowMs(): number
}

export const systemClock: Clock = { nowMs: () => Date.now() }

/** ISO 8601 in UTC, the only form in which times leave the server. */
export function isoTime(atMs: number): string {
  return new Date(atMs).toISOString()
}
