/** How long the store waits for the database before it says `store_unavailable`. */
export interface Limits {
  /** For a connection: a free one of the pool, or a new one. */
  readonly connectMs: number
  /** Waits between tries while the server is away, as when it restarts. Only what surely left nothing is tried again. */
  readonly patienceMs: readonly number[]
  /** For another transaction's lock. The server itself gives up then. */
  readonly lockMs: number
  /** For one statement. The server itself gives up then. */
  readonly statementMs: number
  /** For the server's answer; longer than the others, since then the connection is given up with it. */
  readonly answerMs: number
  /** After this the server ends a transaction of whose owner nothing is heard, and frees its locks. */
  readonly idleInTransactionMs: number
}

/** Three seconds in all for a restart, which takes a fraction of one. */
export const DEFAULT_LIMITS: Limits = {
  connectMs: 3_000,
  patienceMs: [10, 20, 50, 100, 150, ...Array<number>(13).fill(200)],
  lockMs: 3_000,
  statementMs: 5_000,
  answerMs: 6_000,
  idleInTransactionMs: 10_000,
}

/** How often a transaction that met another one's deadlock begins anew. */
export const MAX_REPEATS = 10
