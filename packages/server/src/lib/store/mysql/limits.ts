/** How long the store waits for the database before it says `store_unavailable`. */
export interface Limits {
  /** For a connection: a free one of the pool, or a new one. */
  readonly connectMs: number
  /** Waits between tries while the server is away, as when it restarts. Only what surely left nothing is tried again. */
  readonly patienceMs: readonly number[]
  /** For another transaction's lock. The server itself gives up then; it counts whole seconds only. */
  readonly lockSeconds: number
  /** For the server's answer; longer than several locks in turn, since then the connection is given up with it. */
  readonly answerMs: number
  /** After this the server ends a connection of which nothing is heard, and frees the locks of its transaction. */
  readonly idleSeconds: number
}

/** Three seconds in all for a restart, which takes one or two. */
export const DEFAULT_LIMITS: Limits = {
  connectMs: 3_000,
  patienceMs: [10, 20, 50, 100, 150, ...Array<number>(13).fill(200)],
  lockSeconds: 1,
  answerMs: 6_000,
  idleSeconds: 30,
}

/** How often a transaction that met another one's deadlock begins anew. */
export const MAX_REPEATS = 10

/** How often one that waited for a lock in vain does: three seconds in all. */
export const MAX_LATE_REPEATS = 2
