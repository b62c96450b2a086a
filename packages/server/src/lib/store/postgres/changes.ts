import type { UserId } from '../../ids.ts'
import type { ChangeRecord } from '../../records.ts'
import type { ChangesQuery, ChangesReader } from '../sql/changes.ts'
import { CHANGES_GATE } from './locks.ts'
import { CHANGE_COLUMNS } from './rows.ts'
import { type Sql, statement } from './sql.ts'
import type { Transaction } from './transaction.ts'

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

export const changesReader: ChangesReader<Sql, Transaction> = {
  select,
  async selectBehindGate(tx, query) {
    await tx.all(PASS_GATE)
    return select(tx, query)
  },
}

function select(sql: Sql, { afterSeq, limit }: ChangesQuery): Promise<ChangeRecord[]> {
  return sql.all<ChangeRecord>(SELECT_CHANGES, afterSeq, limit)
}
