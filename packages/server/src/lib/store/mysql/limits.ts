import { type Limits, USUAL_LIMITS } from '../sql/limits.ts'

export interface MysqlLimits extends Limits {
  /** For another transaction's lock. The server itself gives up then; it counts whole seconds only. */
  readonly lockSeconds: number
  /** After this the server ends a connection of which nothing is heard, and frees the locks of its transaction. */
  readonly idleSeconds: number
}

/** Three seconds in all for a lock. */
export const DEFAULT_LIMITS: MysqlLimits = {
  ...USUAL_LIMITS,
  lateRepeats: 2,
  lockSeconds: 1,
  idleSeconds: 30,
}
