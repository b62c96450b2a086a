import { randomBytes } from 'node:crypto'
import { systemClock } from '../lib/clock.ts'
import { systemRandom } from '../lib/random.ts'
import { newSelector } from '../lib/session/selector.ts'
import { formatToken } from '../lib/session/token.ts'

const SECRET_BYTES = 32

/** A key for a back end, `yk1_…`: put it into `backends` or `YAOPAI_API_KEYS`. */
export function newApiKey(): string {
  const selector = newSelector(systemClock.nowMs(), systemRandom)
  return formatToken('yk1_', selector, randomBytes(SECRET_BYTES))
}

/**
 * A key for `masterKey` or `YAOPAI_MASTER_KEY`.
 * @param kid names it: letters, digits, dash, underscore
 */
export function newMasterKey(kid: string): string {
  return `${kid}:${randomBytes(SECRET_BYTES).toString('base64')}`
}
