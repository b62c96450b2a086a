import { StoreUnavailableError } from '../../errors.ts'
import type { UserId } from '../../ids.ts'
import type { ChangeRecord } from '../../records.ts'
import type { Store } from '../store.ts'
import type { Connections } from './connections.ts'
import { PostgresFault } from './errors.ts'
import { CHANGES_GATE } from './locks.ts'
import { CHANGE_COLUMNS } from './rows.ts'
import { statement } from './sql.ts'
import type { Transaction } from './transaction.ts'

type Query = Parameters<Store['listChanges']>[0]

const INSERT_CHANGE = statement('INSERT INTO yaopai.changes (at_ms, user_id, selector) VALUES ($1, $2, $3)')
const SELECT_CHANGES = statement(
  `SELECT ${CHANGE_COLUMNS} FROM yaopai.changes WHERE seq > $1 ORDER BY seq LIMIT $2`,
)
const PASS_GATE = statement(`SELECT pg_advisory_xact_lock(${CHANGES_GATE})`)

/**
 * `selector` null: all sessions of the user may have changed. The last that a transaction writes: from here to the
 * commit it stands in the gate, and whoever waits for a lock there would keep those waiting who list changes.
 */
export async function appendChange(
  tx: Transaction,
  change: { readonly atMs: number; readonly userId: UserId; readonly selector: number | null },
): Promise<void> {
  await tx.run(INSERT_CHANGE, change.atMs, change.userId, change.selector)
}

/**
 * In the order of their numbers, and none that a later call would put before one listed now. A hole in the numbers
 * may belong to a transaction that is not over: then all who are in the gate are waited for, and what is missing
 * after that was undone or swept. Where that takes too long nothing is listed, since nobody could tell what is missing.
 */
export async function listChanges(connections: Connections, query: Query): Promise<ChangeRecord[]> {
  const { afterSeq, limit } = query
  const found = await connections.read((sql) => sql.all<ChangeRecord>(SELECT_CHANGES, afterSeq, limit))
  const hasHole = found.some(({ seq }, place) => seq !== afterSeq + 1 + place)
  if (!hasHole) return found
  const listed = await connections.write((tx) => listBehindGate(tx, query))
  if (listed === null) throw new StoreUnavailableError(new Error('A change is not written to its end'))
  return listed
}

/** Null where the gate was not free in time. */
async function listBehindGate(tx: Transaction, { afterSeq, limit }: Query): Promise<ChangeRecord[] | null> {
  try {
    await tx.all(PASS_GATE)
  } catch (error) {
    if (error instanceof PostgresFault && error.kind === 'late') return tx.undo(null)
    throw error
  }
  return tx.undo(await tx.all<ChangeRecord>(SELECT_CHANGES, afterSeq, limit))
}
