import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import type { Clock } from '../../clock.ts'
import { LIB } from '../../own-files.ts'
import { isExpansion } from '../migration-names.ts'
import { APPLICATION_ID } from './connection.ts'
import type { SqliteDatabase } from './driver.ts'
import { WrongDatabaseError } from './errors.ts'

export interface Migration {
  readonly name: string
  readonly sql: string
}

const FOLDER = new URL('store/sqlite/migrations/', LIB)

/** The files of `migrations`, in the order of their numbers. They never change once they were published. */
export function readMigrations(): Migration[] {
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith('.sql'))
    .sort()
    .map((name) => ({ name, sql: readFileSync(new URL(name, FOLDER), 'utf8') }))
}

const BOOK = `
  CREATE TABLE IF NOT EXISTS migrations (
    name TEXT NOT NULL PRIMARY KEY,
    sha256 TEXT NOT NULL,
    applied_at_ms INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID`

/**
 * Which migrations the file has yet to get.
 * @param leavingTo to that place the book may have moved already: for who finishes just that
 * @throws WrongDatabaseError when its book and ours contradict
 */
export function pendingMigrations(
  db: SqliteDatabase,
  file: string,
  migrations: readonly Migration[],
  leavingTo: string | null = null,
): Migration[] {
  const applied = readApplied(db).filter(({ name }) => name !== MOVED + leavingTo)
  requireStayed(applied, file)
  const known = new Map(migrations.map(({ name, sql }) => [name, sha256(sql)]))
  for (const { name, sha256: digest } of applied) {
    const own = known.get(name)
    if (own === undefined && isExpansion(name)) continue
    if (own === undefined) {
      throw new WrongDatabaseError(
        `A newer version has written ${file} (migration ${name}): run that version, or restore a backup of before`,
      )
    }
    if (own !== digest) {
      throw new WrongDatabaseError(
        `The migration ${name} is not the one that ${file} got: install the published package again`,
      )
    }
  }
  const isApplied = new Set(applied.map(({ name }) => name))
  return migrations.filter(({ name }) => !isApplied.has(name))
}

/** Brings the file up to date in one transaction: all of it or nothing. */
export function migrate(
  db: SqliteDatabase,
  file: string,
  { migrations, clock }: { readonly migrations: readonly Migration[]; readonly clock: Clock },
): void {
  db.exec('BEGIN IMMEDIATE')
  try {
    db.exec(`PRAGMA application_id = ${APPLICATION_ID}; ${BOOK}`)
    const note = db.prepare('INSERT INTO migrations (name, sha256, applied_at_ms) VALUES (?, ?, ?)')
    for (const { name, sql } of pendingMigrations(db, file, migrations)) {
      db.exec(sql)
      note.run(name, sha256(sql), clock.nowMs())
    }
    db.exec('COMMIT')
  } catch (error) {
    db.exec('ROLLBACK')
    throw error
  }
}

/** Sorts behind all numbers, and an older version takes it for a newer one's migration: it keeps off as well. */
const MOVED = '~moved to '

/** The book was copied to another place and lives on there: whoever opens this one is told so. */
export function noteMoved(db: SqliteDatabase, movedTo: string): void {
  db.prepare('INSERT OR IGNORE INTO migrations (name, sha256, applied_at_ms) VALUES (?, ?, ?)').run(
    `${MOVED}${movedTo}`,
    '',
    0,
  )
}

function requireStayed(applied: readonly Applied[], file: string): void {
  const moved = applied.find(({ name }) => name.startsWith(MOVED))
  if (moved === undefined) return
  const place = moved.name.slice(MOVED.length)
  throw new WrongDatabaseError(
    `The book in ${file} has moved to ${place} by yaopai store copy: set DATABASE_URL to that database`,
  )
}

interface Applied {
  readonly name: string
  readonly sha256: string
}

function readApplied(db: SqliteDatabase): Applied[] {
  const book = db.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'migrations'").get()
  if (book === undefined) return []
  return db.prepare('SELECT name, sha256 FROM migrations ORDER BY name').all() as Applied[]
}

/** Line ends do not count: a checkout on Windows may have changed them. */
function sha256(sql: string): string {
  return createHash('sha256').update(sql.replaceAll('\r\n', '\n')).digest('hex')
}
