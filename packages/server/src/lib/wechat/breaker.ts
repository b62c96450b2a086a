import type { Clock } from '../clock.ts'

/** How many failures in a row open the breaker. */
const FAILURES_TO_OPEN = 5
const PROBE_EVERY_MS = 1_000

/**
 * Keeps a storm of logins off a WeChat that is down or out of quota: after five failures in a row one probe a
 * second goes through, until one succeeds. A code is never asked for twice because of it.
 */
export interface Breaker {
  /** Seconds to wait, or null: go ahead. Going ahead while open makes this call the probe. */
  holdSeconds(): number | null
  succeeded(): void
  /** @param pauseSeconds until the next probe */
  failed(pauseSeconds: number): void
}

export function createBreaker(clock: Clock): Breaker {
  let failures = 0
  let pausedAtMs = 0
  let pauseMs = 0
  return {
    holdSeconds() {
      if (failures < FAILURES_TO_OPEN) return null
      const nowMs = clock.nowMs()
      const waitedMs = nowMs - pausedAtMs
      // A clock that was set back must not stretch the pause.
      if (waitedMs >= 0 && waitedMs < pauseMs) return Math.ceil((pauseMs - waitedMs) / 1000)
      pausedAtMs = nowMs
      pauseMs = PROBE_EVERY_MS
      return null
    },
    succeeded() {
      failures = 0
    },
    failed(pauseSeconds) {
      failures += 1
      pausedAtMs = clock.nowMs()
      pauseMs = pauseSeconds * 1000
    },
  }
}
