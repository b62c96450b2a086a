import { createHash } from 'node:crypto'
import { resolve } from 'node:path'
import { type BookRow, type BookSource, type BookTable, type BookValue, sameJson } from '../book.ts'
import { closeConnection, openConnection, readValue, translated } from './connection.ts'
import { loadDriver, type SqliteDatabase, type SqlValue } from './driver.ts'
import { WrongDatabaseError } from './errors.ts'
import { findOrMake } from './files.ts'
import { noteMoved, pendingMigrations, readMigrations } from './migrate.ts'
import { PATIENCE_MS, whileBusy } from './patience.ts'
import { takeServerLock } from './server-lock.ts'

interface OpenOptions {
  readonly file: string
  /** Where the book is to move with this copy: then no server may run on it, and none can start meanwhile. */
  readonly finishAs: string | null
}

/**
 * All that is read is of one moment, also while a server goes on writing.
 * @throws DatabaseError when it cannot be opened, has to be brought up to date first, or (`finishAs`) a server runs on it
 */
export function openSqliteSource({ file: path, finishAs }: OpenOptions): BookSource {
  const driver = loadDriver()
  const file = findOrMake(resolve(path), 'tool')
  const lock = finishAs === null ? null : takeServerLock(driver, file)
  const db = openConnection(driver, file)
  try {
    translated(file, () => requireUpToDate(db, file, finishAs))
    db.exec('BEGIN')
    return sourceOf(db, file, () => lock?.release())
  } catch (error) {
    db.close()
    lock?.release()
    throw error
  }
}

/** A copy that ended after the book had moved and before the other database was open goes on from here. */
function requireUpToDate(db: SqliteDatabase, file: string, leavingTo: string | null): void {
  if (pendingMigrations(db, file, readMigrations(), leavingTo).length === 0) return
  throw new WrongDatabaseError(
    `${file} is of an older version: start the server on it once, or run yaopai migrate`,
  )
}

function sourceOf(db: SqliteDatabase, file: string, release: () => void): BookSource {
  let isOpen = true
  const id = idOf(db)
  const version = versionOf(db)
  return {
    id,
    count: async ({ name }) => Number(Object(db.prepare(`SELECT count(*) AS n FROM ${name}`).get()).n),
    page: async (table, after, limit) => page(db, table, after, limit),
    find: async (table, rows) => rows.map((row) => findRow(db, table, row)).filter((row) => row !== null),
    findNote: async (name) => findNote(db, name),
    retire: async (movedTo) => {
      db.exec('ROLLBACK')
      try {
        return await whileBusy(() => translated(file, () => noteMovedIf(db, version, movedTo)), PATIENCE_MS)
      } finally {
        db.exec('BEGIN')
      }
    },
    close: async () => {
      if (!isOpen) return
      isOpen = false
      db.exec('ROLLBACK')
      closeConnection(db)
      release()
    },
  }
}

/**
 * Commands such as `sessions revoke` need no lock of a server: what one of them wrote after the moment that was copied
 * would be lost, so then the book stays.
 */
function noteMovedIf(db: SqliteDatabase, version: number, movedTo: string): boolean {
  db.exec('BEGIN IMMEDIATE')
  try {
    const isSame = versionOf(db) === version
    if (isSame) noteMoved(db, movedTo)
    db.exec('COMMIT')
    return isSame
  } catch (error) {
    db.exec('ROLLBACK')
    throw error
  }
}

/** Another number after each commit of another connection. */
function versionOf(db: SqliteDatabase): number {
  return Number(readValue(db, 'SELECT data_version AS value FROM pragma_data_version'))
}

/** When its first migrations were applied, to the millisecond, is one book's alone. */
function idOf(db: SqliteDatabase): string {
  const rows = db.prepare('SELECT name, sha256, applied_at_ms FROM migrations ORDER BY name LIMIT 2').all()
  return createHash('sha256').update(JSON.stringify(rows)).digest('hex')
}

function page(db: SqliteDatabase, table: BookTable, after: BookRow | null, limit: number): BookRow[] {
  const { name, key, columns } = table
  const marks = key.map(() => '?').join(', ')
  const where = after === null ? '' : `WHERE (${key.join(', ')}) > (${marks})`
  const order = `ORDER BY ${key.join(', ')} LIMIT ?`
  const values = after === null ? [] : keyValues(table, after)
  const rows = db.prepare(`SELECT ${columns.join(', ')} FROM ${name} ${where} ${order}`).all(...values, limit)
  return rows.map((row) => rowOf(table, row))
}

function findRow(db: SqliteDatabase, table: BookTable, row: BookRow): BookRow | null {
  const { name, key, columns } = table
  const where = key.map((column) => `${column} = ?`).join(' AND ')
  const found = db
    .prepare(`SELECT ${columns.join(', ')} FROM ${name} WHERE ${where}`)
    .get(...keyValues(table, row))
  return found === undefined ? null : rowOf(table, found)
}

function findNote(db: SqliteDatabase, name: string): string | null {
  const row = db.prepare('SELECT value FROM notes WHERE name = ?').get(name)
  return row === undefined ? null : String(Object(row).value)
}

function keyValues({ key }: BookTable, row: BookRow): SqlValue[] {
  return key.map((column) => row[column] ?? null)
}

/** The tables are STRICT: what stands in a column has its type. */
function rowOf({ columns, json }: BookTable, row: unknown): BookRow {
  const values = Object(row) as Record<string, BookValue>
  return Object.fromEntries(
    columns.map((column) => [
      column,
      json.includes(column) ? inOneForm(values[column]) : (values[column] ?? null),
    ]),
  )
}

function inOneForm(text: BookValue | undefined): string | null {
  return typeof text === 'string' ? sameJson(JSON.parse(text)) : null
}
