import type { IdentityRecord } from '../../records.ts'
import type { KeyRingChange, NoteSwap, Store } from '../store.ts'
import { identityKeyOf } from './keys.ts'
import { IDENTITY_COLUMNS } from './rows.ts'
import type { Session } from './session.ts'
import { type Query, sql } from './sql.ts'
import type { Transaction } from './transaction.ts'

export async function findNote(session: Session, name: string): Promise<string | null> {
  const row = await session.first<{ value: string }>(sql`SELECT value FROM yaopai_notes WHERE name = ${name}`)
  return row?.value ?? null
}

/** Who swaps the same at the same time waits here for the other to commit, and finds its value. */
export async function swapNote(tx: Transaction, swap: NoteSwap): Promise<boolean> {
  const { name, expected, value } = swap
  if (expected === value) return tx.undo((await findNote(tx, name)) === expected)
  const [answer] = await tx.ask([writeNote(swap)])
  return answer?.written === 1 || tx.undo(false)
}

/** Writes one row, unless the note says something else. A row that is there and should not be is altered, and undone. */
function writeNote({ name, expected, value }: NoteSwap): Query {
  if (expected === null) {
    return sql`INSERT INTO yaopai_notes (name, value) VALUES (${name}, ${value})
      ON DUPLICATE KEY UPDATE value = IF(value = 'taken', 'taken too', 'taken')`
  }
  const asExpected = sql`name = ${name} AND value = ${expected}`
  if (value === null) return sql`DELETE FROM yaopai_notes WHERE ${asExpected}`
  return sql`UPDATE yaopai_notes SET value = ${value} WHERE ${asExpected}`
}

/** In the order of what they are found by, the only one that an index has. */
export function pageIdentities(
  session: Session,
  { after, limit }: Parameters<Store['pageIdentities']>[0],
): Promise<IdentityRecord[]> {
  const rest = after === null ? sql`` : sql`WHERE id_key > ${identityKeyOf(after)}`
  return session.rows<IdentityRecord>(
    sql`SELECT ${IDENTITY_COLUMNS} FROM yaopai_identities ${rest} ORDER BY id_key LIMIT ${limit}`,
  )
}

export async function replaceKeyRing(
  tx: Transaction,
  { key, expectedVersion, keyRing }: KeyRingChange,
): Promise<boolean> {
  const [answer] = await tx.ask([
    sql`UPDATE yaopai_identities SET key_ring = ${JSON.stringify(keyRing)}, version = version + 1
      WHERE id_key = ${identityKeyOf(key)} AND version = ${expectedVersion}`,
  ])
  return answer?.written === 1 || tx.undo(false)
}
