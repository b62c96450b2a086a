import { randomBytes } from 'node:crypto'
import { systemClock } from '../lib/clock.ts'
import { systemRandom } from '../lib/random.ts'
import { newSelector } from '../lib/session/selector.ts'
import { formatToken } from '../lib/session/token.ts'
import type { Terminal } from './terminal.ts'

const SECRET_BYTES = 32

export function newApiKey(): string {
  const selector = newSelector(systemClock.nowMs(), systemRandom)
  return formatToken('yk1_', selector, randomBytes(SECRET_BYTES))
}

/** One key for `YAOPAI_MASTER_KEY`. */
export function newMasterKey(kid: string): string {
  return `${kid}:${randomBytes(SECRET_BYTES).toString('base64')}`
}

/** `yaopai keys new`, `yaopai keys new --master`: prints a key and keeps nothing of it. */
export function printNewKey(kind: 'api' | 'master', terminal: Terminal): void {
  const today = new Date(systemClock.nowMs()).toISOString().slice(0, 10).replaceAll('-', '')
  const key = kind === 'api' ? newApiKey() : newMasterKey(`k${today}`)
  terminal.say(
    kind === 'api'
      ? 'An API key; entry of YAOPAI_API_KEYS: name:introspect:<key>'
      : 'A master key for YAOPAI_MASTER_KEY; put it before the ones you have, which still open what they sealed',
  )
  terminal.data({ key }, key)
}
