import type { IdentityRecord } from '../../records.ts'
import type { KeyRingChange, NoteSwap, Store } from '../store.ts'
import { identityKeyOf } from './keys.ts'
import { IDENTITY_COLUMNS } from './rows.ts'
import type { Session } from './session.ts'
import { type Query, sql } from './sql.ts'
import type { Transaction } from './transaction.ts'

export async function findNote(session: Session, name: string): Promise<string | null> {
  const note = await session.first<{ value: string }>(
    sql`SELECT value FROM yaopai_notes WHERE name = ${name}`,
  )
  return note?.value ?? null
}

/** Who swaps the same at the same time waits here for the other to commit, and finds its value. */
export async function swapNote(tx: Transaction, swap: NoteSwap): Promise<boolean> {
  if (swap.expected === null && swap.value === null) return (await findNote(tx, swap.name)) === null
  const [answer] = await tx.ask([swapping(swap)])
  return answer?.written === 1 || tx.undo(false)
}

function swapping({ name, expected, value }: NoteSwap): Query {
  if (expected === null) return sql`INSERT IGNORE INTO yaopai_notes (name, value) VALUES (${name}, ${value})`
  const asExpected = sql`name = ${name} AND value = ${expected}`
  if (value === null) return sql`DELETE FROM yaopai_notes WHERE ${asExpected}`
  // `swaps` grows so that a value swapped for the same one is told from one that is not there.
  return sql`UPDATE yaopai_notes SET value = ${value}, swaps = swaps + 1 WHERE ${asExpected}`
}

export function pageIdentities(
  session: Session,
  { after, limit }: Parameters<Store['pageIdentities']>[0],
): Promise<IdentityRecord[]> {
  const behind = after === null ? sql`` : sql`WHERE id_key > ${identityKeyOf(after)}`
  return session.rows<IdentityRecord>(
    sql`SELECT ${IDENTITY_COLUMNS} FROM yaopai_identities ${behind} ORDER BY id_key LIMIT ${limit}`,
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
