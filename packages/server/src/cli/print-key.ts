import { systemClock } from '../lib/clock.ts'
import { newApiKey, newMasterKey } from '../main/keys.ts'
import type { Terminal } from './terminal.ts'

/** `yaopai keys new`, `yaopai keys new --master`: prints a key and keeps nothing of it. */
export function printNewKey(kind: 'api' | 'master', terminal: Terminal): void {
  const today = new Date(systemClock.nowMs()).toISOString().slice(0, 10).replaceAll('-', '')
  const key = kind === 'api' ? newApiKey() : newMasterKey(`k${today}`)
  terminal.say(
    kind === 'api'
      ? 'An API key; entry of YAOPAI_API_KEYS: name:introspect:<key>'
      : 'A master key for YAOPAI_MASTER_KEY. Beside one that is in use put it behind, and first only when every node knows it: docs/guide/keys.md',
  )
  terminal.data({ key }, key)
}
