import { resolve } from 'node:path'
import { type Clock, systemClock } from '../../clock.ts'
import type { DatabaseError } from '../database-error.ts'
import type { Store } from '../store.ts'
import { prepareBook } from './book.ts'
import { closeConnection, openConnection, translated } from './connection.ts'
import { loadDriver, type SqliteDatabase, type SqliteDriver } from './driver.ts'
import { DamagedDatabaseError, faultOf, WriteNotDurableError, WriterEndedError } from './errors.ts'
import { findOrMake } from './files.ts'
import { createLocalWriter } from './local-writer.ts'
import { createSqliteStore } from './methods.ts'
import { type Migration, migrate, pendingMigrations, readMigrations } from './migrate.ts'
import { PATIENCE_MS, whileBusy } from './patience.ts'
import { type ServerLock, takeServerLock } from './server-lock.ts'
import { ownThreadEntry, ThreadWriter } from './thread-writer.ts'

export interface SqliteStoreOptions {
  /** Path of the database; it and its folder are made, for their owner alone, if a server finds none. */
  readonly file: string
  /** There is one server on a file; tools may work beside it, and need the file to be there. */
  readonly role: 'server' | 'tool'
  /** Nothing is acknowledged any more: log the message and end the process with `error.exitCode`. Called once. */
  readonly onFatal: (error: DatabaseError) => void
  readonly clock?: Clock
  /** For tests: another SQLite, other migrations, less patience. */
  readonly driver?: SqliteDriver
  readonly migrations?: readonly Migration[]
  readonly patienceMs?: readonly number[]
  /**
   * The module that the writer thread runs; null: writes stay on this thread. Default: the one beside this module, for
   * a server whose modules are JavaScript and whose driver is the usual one.
   */
  readonly threadEntry?: URL | null
}

/**
 * The book in one SQLite file: WAL with full sync, and one commit for writes that come together.
 * A link is followed first: the lock lies beside the file itself, whatever names lead to it.
 * @throws DatabaseError with the cure and an `exitCode`: not to be reached, in use, damaged, not ours, of a newer version
 */
export async function openSqliteStore(options: SqliteStoreOptions): Promise<Store> {
  const { driver = loadDriver(), patienceMs = PATIENCE_MS } = options
  const file = findOrMake(resolve(options.file), options.role)
  const lock = options.role === 'server' ? takeServerLock(driver, file) : null
  let db: SqliteDatabase | null = null
  try {
    const opened = await whileBusy(() => openConnection(driver, file), patienceMs)
    db = opened
    await bringUpToDate({ ...options, driver, patienceMs, file, db: opened, lock })
    return assemble({ ...options, patienceMs, file, db: opened, lock })
  } catch (error) {
    db?.close()
    lock?.release()
    throw error
  }
}

interface Opened extends SqliteStoreOptions {
  readonly db: SqliteDatabase
  readonly lock: ServerLock | null
  readonly patienceMs: readonly number[]
}

/** A tool migrates only while no server runs: an old server must not find a new book beneath it. */
async function bringUpToDate(opened: Opened & { readonly driver: SqliteDriver }): Promise<void> {
  const { db, file, driver, lock, patienceMs, clock = systemClock } = opened
  const migrations = opened.migrations ?? readMigrations()
  const pending = translated(file, () => pendingMigrations(db, file, migrations))
  if (pending.length === 0) return
  const held = lock ?? takeServerLock(driver, file)
  try {
    await whileBusy(() => translated(file, () => migrate(db, file, { migrations, clock })), patienceMs)
  } finally {
    if (lock === null) held.release()
  }
}

function assemble(opened: Opened): Store {
  const { db, file, lock, patienceMs, clock = systemClock } = opened
  const onBroken = (cause: unknown): void => opened.onFatal(fatalOf(file, cause))
  const entry = threadEntryFor(opened)
  const book = prepareBook(db)
  const writer =
    entry === null
      ? createLocalWriter({ db, book, clock, patienceMs, onBroken })
      : new ThreadWriter({ file, entry, clock, patienceMs, onBroken })
  const letGo = (): void => {
    closeConnection(db)
    lock?.release()
  }
  return createSqliteStore({ book, writer, patienceMs, letGo })
}

/** A tool writes once or twice, and a driver that was handed in cannot go to another thread. */
function threadEntryFor({ role, driver, threadEntry }: SqliteStoreOptions): URL | null {
  if (threadEntry !== undefined) return threadEntry
  return role === 'server' && driver === undefined ? ownThreadEntry() : null
}

function fatalOf(file: string, cause: unknown): DatabaseError {
  const fault = faultOf(cause)
  if (fault === 'damaged') return new DamagedDatabaseError(file, cause)
  return fault === null ? new WriterEndedError(file, cause) : new WriteNotDurableError(file, cause)
}
