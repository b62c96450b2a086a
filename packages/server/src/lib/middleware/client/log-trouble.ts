import { type Clock, systemClock } from '../../clock.ts'

const PAUSE_MS = 10_000

/** To the console at most once in ten seconds: every request has the same trouble when Yaopai is not there. */
export function createTroubleLog(
  clock: Clock = systemClock,
  write: (line: string) => void = (line) => console.error(line),
): (message: string) => void {
  let lastMs = Number.NEGATIVE_INFINITY
  return (message) => {
    const nowMs = clock.nowMs()
    if (nowMs >= lastMs && nowMs - lastMs < PAUSE_MS) return
    lastMs = nowMs
    write(`yaopai: ${message}`)
  }
}
