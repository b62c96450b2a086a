import { createHash } from 'node:crypto'

// Engines that speak PostgreSQL's protocol and lack locks by number (CockroachDB; YugabyteDB unless told otherwise)
// would need a row for each of these, locked FOR UPDATE: the rows of a table `locks`, and of unionids a row by their
// hash, made with ON CONFLICT DO NOTHING before it is locked.

/**
 * Locks with a number instead of a row. The server frees them with the transaction, also when its owner dies. Numbers
 * hold for a whole database; every version must use the same ones, since nodes of two versions run side by side in an
 * upgrade.
 */

/** Held by who migrates, so that several nodes may start at once. */
export const MIGRATION_LOCK = 7_309_940_816

/** Shared by all who have drawn the number of a change and not committed it; `next_change()` takes it. */
export const CHANGES_GATE = 7_309_940_817

/**
 * Of one unionid in one scope, as a 64-bit number in text: a new person must not be made twice where no row is there
 * yet that could be locked. Two that share a number by chance wait for each other, and nothing worse.
 */
export function unionLockOf(unionScope: string, unionid: string): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([unionScope, unionid]))
    .digest()
  return digest.readBigInt64BE(0).toString()
}
