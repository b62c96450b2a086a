/** Runs something later; the answer cancels it. */
export type Timer = (ms: number, run: () => void) => () => void

export const systemTimer: Timer = (ms, run) => {
  const handle = setTimeout(run, ms)
  return () => clearTimeout(handle)
}

/** Time that stands still until a test moves it. */
export interface ManualTimer {
  timer: Timer
  now(): number
  /** Runs what falls due in these milliseconds, in order. */
  advance(ms: number): void
}

export function createManualTimer(startMs = 0): ManualTimer {
  let nowMs = startMs
  const waiting = new Set<{ dueMs: number; run: () => void }>()
  const nextDue = (untilMs: number) =>
    [...waiting].filter((entry) => entry.dueMs <= untilMs).sort((a, b) => a.dueMs - b.dueMs)[0]
  return {
    now: () => nowMs,
    timer(ms, run) {
      const entry = { dueMs: nowMs + ms, run }
      waiting.add(entry)
      return () => waiting.delete(entry)
    },
    advance(ms) {
      const untilMs = nowMs + ms
      for (let due = nextDue(untilMs); due; due = nextDue(untilMs)) {
        waiting.delete(due)
        nowMs = due.dueMs
        due.run()
      }
      nowMs = untilMs
    },
  }
}
