import { StoreUnavailableError } from '../../errors.ts'
import type { ChangeRecord } from '../../records.ts'
import type { Store } from '../store.ts'
import type { Connections } from './connections.ts'
import { isFault } from './faults.ts'
import type { SqlTransaction } from './transaction.ts'

export type ChangesQuery = Parameters<Store['listChanges']>[0]

export interface ChangesReader<View, Tx> {
  readonly select: (view: View, query: ChangesQuery) => Promise<ChangeRecord[]>
  /** After all have committed who had drawn a number. */
  readonly selectBehindGate: (tx: Tx, query: ChangesQuery) => Promise<ChangeRecord[]>
}

/**
 * In the order of their numbers, and none that a later call would put before one listed now. A hole in the numbers
 * may belong to a transaction that is not over: then all who are in the gate are waited for, and what is missing
 * after that was undone or swept. Where that takes too long nothing is listed, since nobody could tell what is missing.
 */
export async function listChanges<View, Tx extends SqlTransaction<View>>(
  connections: Connections<View, Tx>,
  query: ChangesQuery,
  { select, selectBehindGate }: ChangesReader<View, Tx>,
): Promise<ChangeRecord[]> {
  const found = await connections.lookUp((view) => select(view, query))
  const hasHole = found.some(({ seq }, place) => seq !== query.afterSeq + 1 + place)
  if (!hasHole) return found
  const listed = await connections.write(async (tx) => tx.undo(await unlessLate(selectBehindGate(tx, query))))
  if (listed === null) throw new StoreUnavailableError(new Error('A change is not written to its end'))
  return listed
}

/** Null where the gate was not free in time. */
function unlessLate(listing: Promise<ChangeRecord[]>): Promise<ChangeRecord[] | null> {
  return listing.catch((error: unknown) => {
    if (isFault(error, 'late')) return null
    throw error
  })
}
