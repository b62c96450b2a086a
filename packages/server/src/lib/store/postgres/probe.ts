import { statement } from './sql.ts'
import type { Transaction } from './transaction.ts'

const PROBE = statement('UPDATE yaopai.write_probe SET tries = tries + 1 WHERE id = 1')

/** A row of which nobody reads anything: what counts is that it could be written, and kept. */
export async function probe(tx: Transaction): Promise<void> {
  await tx.run(PROBE)
}

/**
 * The outcome of a transaction that finds done what it was to do. A commit that was given up while it waited for a
 * standby is there to be seen, on this server alone: who is told of it now would lose it with this server. So one of our
 * own is waited for, and what was committed before it is as safe as this.
 */
export async function alreadySo<Outcome>(tx: Transaction, outcome: Outcome): Promise<Outcome> {
  await probe(tx)
  return outcome
}
