import {
  chmodSync,
  constants,
  copyFileSync,
  existsSync,
  lchownSync,
  linkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import { dirname, resolve } from 'node:path'
import process from 'node:process'
import { type Clock, systemClock } from '../../clock.ts'
import { requireSound, sync } from './backup.ts'
import { closeConnection, openConnection, readValue, translated } from './connection.ts'
import { loadDriver, type SqliteDatabase, type SqliteDriver } from './driver.ts'
import { WrongDatabaseError } from './errors.ts'
import { isThere, reaching } from './files.ts'
import { migrate, readMigrations } from './migrate.ts'
import { LIVES_AT } from './rows.ts'
import { takeServerLock } from './server-lock.ts'

export interface RestoreOptions {
  readonly file: string
  readonly backup: string
  /** False: whatever was revoked since the backup opens doors again. */
  readonly endsSessions: boolean
  readonly clock?: Clock
  readonly driver?: SqliteDriver
}

export interface Restored {
  /** Sessions that the backup held as living and that were ended. */
  readonly ended: number
  /** Where the book that stood there before was put; null when there was none. */
  readonly before: string | null
}

/**
 * Puts a backup in the place of the book while no server runs. What was revoked after the backup stands in it as
 * living, and the backup cannot know: so all sessions that live in it are ended, before it gets its name. The backup
 * itself is not touched; the book before is kept beside.
 * @throws DatabaseError when a server runs on the file, or the backup is missing, damaged, not ours, or of a newer version
 */
export async function restoreSqlite(options: RestoreOptions): Promise<Restored> {
  const { driver = loadDriver(), clock = systemClock } = options
  // The lock of a server lies beside the file itself, whatever names lead to it.
  const file = realPathOf(options.file)
  const backup = realPathOf(options.backup)
  requireBackup(backup, file)
  const lock = takeServerLock(driver, file)
  // One name for all: the lock lets one work at a time, and what a killed one left behind goes with the next.
  const partial = `${file}.restoring`
  try {
    dropBook(partial)
    reaching(partial, () => copyBook(backup, partial))
    const ended = prepare(driver, partial, { backup, clock, endsSessions: options.endsSessions })
    requireSound(driver, partial)
    for (const made of [partial, `${file}-lock`]) giveToServer(made)
    sync(partial)
    return { ended, before: changePlaces(driver, partial, file, clock) }
  } finally {
    dropBook(partial)
    lock.release()
  }
}

function realPathOf(given: string): string {
  const path = resolve(given)
  return reaching(path, () => (isThere(path) ? realpathSync(path) : path))
}

/** One that was kept from a restore before may have a log beside it, with the newest of it. */
function copyBook(backup: string, partial: string): void {
  for (const end of ['', '-wal']) {
    if (!isThere(backup + end)) continue
    copyFileSync(backup + end, partial + end, constants.COPYFILE_EXCL)
    chmodSync(partial + end, 0o600)
  }
}

function requireBackup(backup: string, file: string): void {
  if (!reaching(backup, () => isThere(backup)))
    throw new WrongDatabaseError(`There is no backup ${backup}: name the file that yaopai backup wrote`)
  if (backup === file)
    throw new WrongDatabaseError(`${file} is the database itself: name the file that yaopai backup wrote`)
}

interface Preparing {
  /** What messages call it. */
  readonly backup: string
  readonly clock: Clock
  readonly endsSessions: boolean
}

/** Brings the copy up to date, and ends its sessions in one transaction. */
function prepare(driver: SqliteDriver, partial: string, { backup, clock, endsSessions }: Preparing): number {
  requireSound(driver, partial, backup)
  const db = openConnection(driver, partial)
  try {
    translated(backup, () => migrate(db, backup, { migrations: readMigrations(), clock }))
    return endsSessions ? endAll(db, clock.nowMs()) : 0
  } finally {
    closeConnection(db)
  }
}

/**
 * Those that lived when the backup was made, its last login at the latest: were the clock of now ahead, sessions whose
 * time seems over would live again when it is put right.
 */
function endAll(db: SqliteDatabase, nowMs: number): number {
  db.exec('BEGIN IMMEDIATE')
  const lastLoginMs = Number(readValue(db, 'SELECT max(created_at_ms) AS value FROM sessions') ?? nowMs)
  const atMs = Math.min(nowMs, lastLoginMs)
  db.prepare(
    `INSERT INTO changes (at_ms, user_id, selector)
      SELECT ?, user_id, selector FROM sessions WHERE ${LIVES_AT} ORDER BY selector`,
  ).run(nowMs, atMs, atMs)
  const { changes } = db
    .prepare(`UPDATE sessions SET ended_at_ms = ?, end_reason = 'revoked_by_admin' WHERE ${LIVES_AT}`)
    .run(nowMs, atMs, atMs)
  db.exec('COMMIT')
  return Number(changes)
}

/**
 * The book before is folded into one file and gets another name beside its own; then the new one takes its own. A crash
 * leaves one of the two there: a server that finds none would begin a new book, and all its users with it.
 */
function changePlaces(driver: SqliteDriver, partial: string, file: string, clock: Clock): string | null {
  const before = isThere(file) ? `${file}.before-restore-${clock.nowMs()}` : null
  if (before !== null) {
    fold(driver, file)
    keepAs(file, before)
    for (const end of LOGS) if (existsSync(file + end)) renameSync(file + end, before + end)
  }
  renameSync(partial, file)
  if (process.platform !== 'win32') sync(dirname(file))
  return before
}

/** Where the file system has no links there is no book for a moment. */
function keepAs(file: string, before: string): void {
  try {
    linkSync(file, before)
  } catch {
    renameSync(file, before)
  }
}

const LOGS = ['-wal', '-shm', '-journal']

/**
 * Run by root, as administrators do: the server runs as whoever owns the folder, and could not open root's files. No link
 * is followed, for the folder is not root's.
 */
function giveToServer(path: string): void {
  if (process.getuid?.() !== 0) return
  const { uid, gid } = statSync(dirname(path))
  lchownSync(path, uid, gid)
}

/** A damaged book cannot be folded; it is kept as it is, with its log. */
function fold(driver: SqliteDriver, file: string): void {
  try {
    closeConnection(driver.open(file))
  } catch {
    // What stands there is no book that anybody could open.
  }
}

function dropBook(file: string): void {
  for (const end of ['', ...LOGS]) rmSync(file + end, { force: true })
}
