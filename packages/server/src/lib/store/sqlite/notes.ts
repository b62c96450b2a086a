import type { IdentityRecord } from '../../records.ts'
import type { KeyRingChange, NoteSwap, Store } from '../store.ts'
import type { SqliteDatabase } from './driver.ts'
import { prepareQuery } from './query.ts'
import { IDENTITY_COLUMNS, type IdentityRow, identityOf } from './rows.ts'

export interface Notes {
  findNote(name: string): string | null
  swapNote(swap: NoteSwap): boolean
}

export function prepareNotes(db: SqliteDatabase): Notes {
  const select = prepareQuery<{ value: string }>(db, 'SELECT value FROM notes WHERE name = ?')
  const insert = prepareQuery(db, 'INSERT OR IGNORE INTO notes (name, value) VALUES (?, ?)')
  const update = prepareQuery(db, 'UPDATE notes SET value = ? WHERE name = ? AND value = ?')
  const remove = prepareQuery(db, 'DELETE FROM notes WHERE name = ? AND value = ?')
  const findNote = (name: string) => select.one(name)?.value ?? null
  return {
    findNote,
    swapNote({ name, expected, value }) {
      if (value === null) return expected === null ? findNote(name) === null : remove.run(name, expected) > 0
      return expected === null ? insert.run(name, value) > 0 : update.run(value, name, expected) > 0
    },
  }
}

export interface KeyRings {
  pageIdentities(query: Parameters<Store['pageIdentities']>[0]): IdentityRecord[]
  replaceKeyRing(change: KeyRingChange): boolean
}

export function prepareKeyRings(db: SqliteDatabase): KeyRings {
  const page = prepareQuery<IdentityRow>(
    db,
    `SELECT ${IDENTITY_COLUMNS} FROM identities WHERE (platform, appid, openid) > (?, ?, ?)
      ORDER BY platform, appid, openid LIMIT ?`,
  )
  const update = prepareQuery(
    db,
    `UPDATE identities SET key_ring = ?, version = version + 1
      WHERE platform = ? AND appid = ? AND openid = ? AND version = ?`,
  )
  return {
    pageIdentities: ({ after, limit }) =>
      page.all(after?.platform ?? '', after?.appid ?? '', after?.openid ?? '', limit).map(identityOf),
    replaceKeyRing({ key: { platform, appid, openid }, expectedVersion, keyRing }) {
      return update.run(JSON.stringify(keyRing), platform, appid, openid, expectedVersion) > 0
    },
  }
}
