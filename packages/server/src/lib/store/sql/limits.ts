/** How long a store waits for its database before it says `store_unavailable`. */
export interface Limits {
  /**
   * For what somebody at the door waits for (whose session is this, can the store be used): from the call to the
   * answer, with all the waiting, connecting and trying again in between.
   */
  readonly lookUpMs: number
  /** For a connection: a free one of the pool, or a new one. */
  readonly connectMs: number
  /** Waits between tries while the server is away, as when it restarts. Only what surely left nothing is tried again. */
  readonly patienceMs: readonly number[]
  /** How often one that waited for a lock in vain begins anew. */
  readonly lateRepeats: number
  /** For the server's answer; longer than a wait for locks, since then the connection is given up with it. */
  readonly answerMs: number
}

/** Three seconds in all for a restart, which takes one or two at the most; and two for who stands at the door. */
export const USUAL_LIMITS: Pick<Limits, 'lookUpMs' | 'connectMs' | 'patienceMs' | 'answerMs'> = {
  lookUpMs: 1_800,
  connectMs: 3_000,
  patienceMs: [10, 20, 50, 100, 150, ...Array<number>(13).fill(200)],
  answerMs: 6_000,
}

/** How often a transaction that met another one's deadlock begins anew. */
export const MAX_REPEATS = 10

/** As many calls as wait at most: whoever comes then is told to come again. */
export const MAX_WAITING = 10_000
