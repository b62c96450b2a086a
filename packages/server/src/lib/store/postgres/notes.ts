import type { IdentityRecord } from '../../records.ts'
import type { KeyRingChange, NoteSwap, Store } from '../store.ts'
import { IDENTITY_COLUMNS } from './rows.ts'
import { type Sql, statement } from './sql.ts'
import type { Transaction } from './transaction.ts'

const SELECT = statement('SELECT value FROM yaopai.notes WHERE name = $1')
const INSERT = statement('INSERT INTO yaopai.notes (name, value) VALUES ($1, $2) ON CONFLICT DO NOTHING')
const UPDATE = statement('UPDATE yaopai.notes SET value = $3 WHERE name = $1 AND value = $2')
const DELETE = statement('DELETE FROM yaopai.notes WHERE name = $1 AND value = $2')
const PAGE = statement(
  `SELECT ${IDENTITY_COLUMNS} FROM yaopai.identities WHERE (platform, appid, openid) > ($1, $2, $3)
    ORDER BY platform, appid, openid LIMIT $4`,
)
const REPLACE_RING = statement(
  `UPDATE yaopai.identities SET key_ring = $5, version = version + 1
    WHERE platform = $1 AND appid = $2 AND openid = $3 AND version = $4`,
)

export async function findNote(sql: Sql, name: string): Promise<string | null> {
  return (await sql.one<{ value: string }>(SELECT, name))?.value ?? null
}

/** Who swaps the same at the same time waits here for the other to commit, and finds its value. */
export async function swapNote(tx: Transaction, { name, expected, value }: NoteSwap): Promise<boolean> {
  if (expected === null && value === null) return (await findNote(tx, name)) === null
  const rows =
    expected === null
      ? await tx.run(INSERT, name, value)
      : await (value === null ? tx.run(DELETE, name, expected) : tx.run(UPDATE, name, expected, value))
  return rows > 0 || tx.undo(false)
}

export function pageIdentities(
  sql: Sql,
  { after, limit }: Parameters<Store['pageIdentities']>[0],
): Promise<IdentityRecord[]> {
  const { platform = '', appid = '', openid = '' } = after ?? {}
  return sql.all<IdentityRecord>(PAGE, platform, appid, openid, limit)
}

export async function replaceKeyRing(
  tx: Transaction,
  { key: { platform, appid, openid }, expectedVersion, keyRing }: KeyRingChange,
): Promise<boolean> {
  const ring = JSON.stringify(keyRing)
  return (await tx.run(REPLACE_RING, platform, appid, openid, expectedVersion, ring)) > 0 || tx.undo(false)
}
