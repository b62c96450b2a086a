import { DatabaseError } from '../database-error.ts'
import type { SqliteDatabase, SqliteDriver } from './driver.ts'
import { isRecentSqlite, OLDEST_SQLITE } from './driver.ts'
import { DamagedDatabaseError, faultOf, UnsuitableSqliteError, WrongDatabaseError } from './errors.ts'
import { ownerCure } from './unreachable.ts'

/** 'YPAI', in the header of every file of ours. */
export const APPLICATION_ID = 0x59504149

/**
 * FULL: a commit returns when its log has reached the disk. The log is folded into the database every 4 MiB and
 * cut back to 64 MiB if a long reader let it grow. Freed cells are overwritten where it costs no extra page. No
 * mmap: a failing disk then is an error that can be told, not a signal. There is no `PRAGMA optimize`: each query
 * has the one index that it needs, and without statistics no plan changes over night.
 */
const SETTINGS = `
  PRAGMA busy_timeout = 0;
  PRAGMA trusted_schema = OFF;
  PRAGMA cell_size_check = ON;
  PRAGMA foreign_keys = ON;
  PRAGMA recursive_triggers = OFF;
  PRAGMA synchronous = FULL;
  PRAGMA wal_autocheckpoint = 1000;
  PRAGMA journal_size_limit = 67108864;
  PRAGMA cache_size = -65536;
  PRAGMA mmap_size = 0;
  PRAGMA temp_store = MEMORY;
  PRAGMA secure_delete = FAST;
`

/**
 * Opens the file for reading and writing, asks for no lock to be waited for, and makes sure that it is ours or new.
 * @throws DatabaseError
 */
export function openConnection(driver: SqliteDriver, file: string): SqliteDatabase {
  const db = translated(file, () => driver.open(file))
  try {
    translated(file, () => {
      requireRecent(db)
      db.exec(SETTINGS)
      requireOurs(db, file)
      requireWal(db, file)
    })
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

/** What SQLite says of a file that it cannot open becomes an error that names the cure. A lock stays as it is. */
export function translated<Result>(file: string, work: () => Result): Result {
  try {
    return work()
  } catch (error) {
    if (error instanceof DatabaseError) throw error
    const fault = faultOf(error)
    if (fault === 'damaged') throw new DamagedDatabaseError(file, error)
    if (fault === null || fault === 'busy') throw error
    const reason = error instanceof Error ? error.message : 'unknown'
    const cure = fault === 'other' ? ownerCure() : 'check the disk and its free space'
    throw new WrongDatabaseError(
      `The database ${file} cannot be opened (${reason}): ${cure}, or name another file in DATABASE_URL`,
      error,
    )
  }
}

function requireRecent(db: SqliteDatabase): void {
  const version = String(readValue(db, 'SELECT sqlite_version() AS value'))
  if (!isRecentSqlite(version)) throw new UnsuitableSqliteError(version, OLDEST_SQLITE)
}

function requireOurs(db: SqliteDatabase, file: string): void {
  const id = readValue(db, 'SELECT application_id AS value FROM pragma_application_id')
  if (id === APPLICATION_ID) return
  const tables = readValue(db, 'SELECT count(*) AS value FROM sqlite_schema')
  if (id === 0 && tables === 0) return
  throw new WrongDatabaseError(
    `The database ${file} belongs to another program: name another file in DATABASE_URL`,
  )
}

function requireWal(db: SqliteDatabase, file: string): void {
  const mode = db.prepare('PRAGMA journal_mode = WAL').get()
  if (typeof mode === 'object' && mode !== null && Object.values(mode).includes('wal')) return
  throw new WrongDatabaseError(
    `The file system of ${file} cannot share memory between processes: keep the database on a local disk`,
  )
}

/**
 * Folds the log into the database and lets go of it. The packaged SQLite keeps a connection half open as long as
 * one of its statements is in memory, and would leave the folding to whoever opens the file next.
 */
export function closeConnection(db: SqliteDatabase): void {
  try {
    db.exec('PRAGMA wal_checkpoint(TRUNCATE)')
  } catch {
    // Somebody else reads or writes: the log is theirs to fold, and nothing in it is lost.
  }
  db.close()
}

/** Of a query with one row and one column called `value`. */
export function readValue(db: SqliteDatabase, sql: string): unknown {
  const row = db.prepare(sql).get()
  return typeof row === 'object' && row !== null && 'value' in row ? row.value : undefined
}
