import { StoreUnavailableError } from '../../errors.ts'
import type { UserId } from '../../ids.ts'
import type { ChangeRecord } from '../../records.ts'
import type { Store } from '../store.ts'
import type { Connections } from './connections.ts'
import { MysqlFault } from './errors.ts'
import { CHANGES_GATE } from './keys.ts'
import { CHANGE_COLUMNS } from './rows.ts'
import { joined, type Query, sql } from './sql.ts'
import type { Transaction } from './transaction.ts'

type ListQuery = Parameters<Store['listChanges']>[0]

const SHARE_GATE = sql`SELECT id FROM yaopai_gates WHERE id = ${CHANGES_GATE} LOCK IN SHARE MODE`
const TAKE_GATE = sql`SELECT id FROM yaopai_gates WHERE id = ${CHANGES_GATE} FOR UPDATE`

/**
 * `selector` null: all sessions of the user may have changed. The last that a transaction writes: from the gate to the
 * commit it stands in the way of those who list changes, and whoever waited for a lock there would keep them.
 */
export function appendChanges(
  tx: Transaction,
  changes: readonly { readonly atMs: number; readonly userId: UserId; readonly selector: number | null }[],
): void {
  if (changes.length === 0) return
  const rows = changes.map(({ atMs, userId, selector }) => sql`(${atMs}, ${userId}, ${selector})`)
  tx.atLast(SHARE_GATE, sql`INSERT INTO yaopai_changes (at_ms, user_id, selector) VALUES ${joined(rows)}`)
}

/**
 * In the order of their numbers, and none that a later call would put before one listed now. A hole in the numbers
 * may belong to a transaction that is not over: then all who share the gate are waited for, and what is missing after
 * that was undone or swept. Where that takes too long, what stands behind the hole is left for the next call.
 */
export async function listChanges(connections: Connections, query: ListQuery): Promise<ChangeRecord[]> {
  const found = await connections.read((session) => session.rows<ChangeRecord>(selectChanges(query)))
  const hasHole = found.some(({ seq }, place) => seq !== query.afterSeq + 1 + place)
  if (!hasHole) return found
  const listed = await connections.write((tx) => listBehindGate(tx, query))
  if (listed === null) throw new StoreUnavailableError(new Error('A change is not written to its end'))
  return listed
}

function selectChanges({ afterSeq, limit }: ListQuery): Query {
  return sql`SELECT ${CHANGE_COLUMNS} FROM yaopai_changes WHERE seq > ${afterSeq} ORDER BY seq LIMIT ${limit}`
}

/** Null where the gate was not free in time. */
async function listBehindGate(tx: Transaction, query: ListQuery): Promise<ChangeRecord[] | null> {
  try {
    const [, listed] = await tx.ask([TAKE_GATE, selectChanges(query)])
    return tx.undo(listed?.rows<ChangeRecord>() ?? null)
  } catch (error) {
    if (error instanceof MysqlFault && error.kind === 'late') return tx.undo(null)
    throw error
  }
}
