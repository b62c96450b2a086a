import { type Limits, USUAL_LIMITS } from '../sql/limits.ts'

export interface PostgresLimits extends Limits {
  /** For another transaction's lock. The server itself gives up then. */
  readonly lockMs: number
  /** For one statement. The server itself gives up then. */
  readonly statementMs: number
  /** After this the server ends a transaction of whose owner nothing is heard, and frees its locks. */
  readonly idleInTransactionMs: number
}

export const DEFAULT_LIMITS: PostgresLimits = {
  ...USUAL_LIMITS,
  lateRepeats: 0,
  lockMs: 3_000,
  statementMs: 5_000,
  idleInTransactionMs: 10_000,
}
