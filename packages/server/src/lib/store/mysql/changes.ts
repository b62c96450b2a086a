import type { UserId } from '../../ids.ts'
import type { ChangeRecord } from '../../records.ts'
import type { ChangesQuery, ChangesReader } from '../sql/changes.ts'
import { CHANGES_GATE } from './keys.ts'
import { CHANGE_COLUMNS } from './rows.ts'
import type { Session } from './session.ts'
import { joined, type Query, sql } from './sql.ts'
import type { Transaction } from './transaction.ts'

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

export const changesReader: ChangesReader<Session, Transaction> = {
  select: (session, query) => session.rows<ChangeRecord>(selectChanges(query)),
  async selectBehindGate(tx, query) {
    const [, listed] = await tx.ask([TAKE_GATE, selectChanges(query)])
    return listed?.rows<ChangeRecord>() ?? []
  },
}

function selectChanges({ afterSeq, limit }: ChangesQuery): Query {
  return sql`SELECT ${CHANGE_COLUMNS} FROM yaopai_changes WHERE seq > ${afterSeq} ORDER BY seq LIMIT ${limit}`
}
