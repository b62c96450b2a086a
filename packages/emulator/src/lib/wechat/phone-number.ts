import { createHmac } from 'node:crypto'
import type { Machine } from '../machine.ts'

/** China: the only country whose numbers the emulator knows. */
export const COUNTRY_CODE = '86'

/**
 * The user's number: the given one, or else one that is the same in every run. It looks like a Chinese mobile number, in a
 * range (154) that no operator is known to use.
 */
export function phoneNumberOf(machine: Machine, user: string): string {
  const { users, idSeed } = machine.world
  const given = users.get(user)?.phone
  if (given !== undefined) return given
  const digest = createHmac('sha256', idSeed)
    .update(JSON.stringify(['phone', user]))
    .digest()
  return `154${String(digest.readUInt32BE() % 100_000_000).padStart(8, '0')}`
}
