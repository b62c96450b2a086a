/**
 * What renewal promises, said once more and without a look at how it is done: a line of tokens, numbered from the
 * login's on, of which at most one waits for its first use. Tests hold the server against it.
 */
export interface RenewalModel {
  /** What using that token says; using it may move the line. */
  use(token: number): string
  /** The number of the successor, or why there is none. */
  renew(token: number): number | string
  logout(token: number): string
  /** The next write fails: before it is done, or after, so that only its answer is lost. */
  breakNextWrite(when: 'before' | 'after'): void
  /** Tokens that open something now, in an order in which using them changes nothing about the others. */
  good(): number[]
}

interface Times {
  readonly idleMs: number
  readonly absoluteMs: number
}

const GRACE_MS = 30_000
const HOUR_MS = 3_600_000
const TOMBSTONE_MS = 30 * 24 * HOUR_MS

export function createRenewalModel(nowMs: () => number, { idleMs, absoluteMs }: Times): RenewalModel {
  const bornMs = nowMs()
  /** When each token was used first. */
  const usedMs: number[] = [bornMs]
  let isNextMade = false
  let touchedMs = bornMs
  let ended: { readonly why: string; readonly atMs: number } | null = null
  let broken: 'before' | 'after' | null = null

  const current = () => usedMs.length - 1
  const isInGrace = (token: number) => nowMs() < (usedMs[token + 1] ?? Number.POSITIVE_INFINITY) + GRACE_MS

  function end(): { readonly why: string; readonly atMs: number } | null {
    if (ended !== null) return ended
    const absolute = bornMs + absoluteMs
    const idle = touchedMs + idleMs + HOUR_MS
    if (nowMs() < Math.min(absolute, idle)) return null
    return absolute <= idle ? { why: 'expired', atMs: absolute } : { why: 'idle_timeout', atMs: idle }
  }

  function write(effect: () => void): boolean {
    const fault = broken
    broken = null
    if (fault !== 'before') effect()
    return fault === null
  }

  function touched(): string {
    if (nowMs() - touchedMs >= HOUR_MS) touchedMs = nowMs()
    return 'ok'
  }

  function use(token: number): string {
    const over = end()
    if (over !== null) return nowMs() - over.atMs > TOMBSTONE_MS ? 'invalid_token' : over.why
    if (token > current()) {
      const isWritten = write(() => {
        usedMs.push(nowMs())
        isNextMade = false
      })
      return isWritten ? touched() : 'unavailable'
    }
    if (token === current() || isInGrace(token)) return touched()
    return finish('reuse_detected') ? 'reuse_detected' : 'unavailable'
  }

  function finish(why: string): boolean {
    return write(() => {
      ended = { why, atMs: nowMs() }
    })
  }

  return {
    use,
    renew(token) {
      const said = use(token)
      if (said !== 'ok') return said
      if (token < current() || isNextMade) return token + 1
      const isWritten = write(() => {
        isNextMade = true
      })
      return isWritten ? token + 1 : 'unavailable'
    },
    logout(token) {
      const said = use(token)
      if (said !== 'ok') return said
      return finish('logged_out') ? 'ok' : 'unavailable'
    },
    breakNextWrite(when) {
      broken = when
    },
    good() {
      if (end() !== null) return []
      const old = usedMs.map((_, token) => token).filter((token) => token < current() && isInGrace(token))
      return [...old, current(), ...(isNextMade ? [current() + 1] : [])]
    },
  }
}
