import { deriveSecret, formatToken } from './token.ts'

/** How long a token still opens after its successor's first use: requests that were under way arrive by then. */
export const RENEWAL_GRACE_SECONDS = 30

/**
 * Renewals of one session; asked for more, it keeps its token. Every token that was replaced is remembered as long as
 * its session, so that its use can be told from a guess: this bounds how many there are. By default a client renews
 * once a day, thirty times in all. Forgetting the oldest instead would let a thief renew a victim's token out of mind.
 */
export const MAX_RENEWALS = 1_000

/** The token that follows this one under that seed: always the same. */
export function successorOf(token: string, selector: number, seed: Uint8Array): string {
  return formatToken('yp1_', selector, deriveSecret(seed, [token]))
}
