import type { Clock } from '../clock.ts'

/** How many failures in a row open the breaker. */
const FAILURES_TO_OPEN = 5

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
  let probeAtMs = 0
  return {
    holdSeconds() {
      if (failures < FAILURES_TO_OPEN) return null
      const nowMs = clock.nowMs()
      if (nowMs < probeAtMs) return Math.ceil((probeAtMs - nowMs) / 1000)
      probeAtMs = nowMs + 1000
      return null
    },
    succeeded() {
      failures = 0
    },
    failed(pauseSeconds) {
      failures += 1
      probeAtMs = clock.nowMs() + pauseSeconds * 1000
    },
  }
}
