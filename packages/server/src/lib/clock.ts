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
  if (!Number.isInteger(atMs) || Math.abs(atMs) > LATEST_MS) return new Date(atMs).toISOString()
  const day = Math.floor(atMs / DAY_MS)
  const ms = atMs - day * DAY_MS
  const [hours, minutes] = [Math.floor(ms / 3_600_000), Math.floor(ms / 60_000) % 60]
  const [seconds, rest] = [Math.floor(ms / 1000) % 60, String(ms % 1000).padStart(3, '0')]
  return `${dayText(day)}${TWO[hours]}:${TWO[minutes]}:${TWO[seconds]}.${rest}Z`
}

const DAY_MS = 86_400_000
const TWO = Array.from({ length: 60 }, (_, number) => String(number).padStart(2, '0'))

/** Sessions of one month name few days, and the calendar costs more than the rest. */
const days = new Map<number, string>()
const DAYS_KEPT = 256

function dayText(day: number): string {
  const known = days.get(day)
  if (known !== undefined) return known
  const text = new Date(day * DAY_MS).toISOString().slice(0, 11)
  if (days.size >= DAYS_KEPT) days.clear()
  days.set(day, text)
  return text
}
