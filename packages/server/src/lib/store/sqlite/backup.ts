import { closeSync, existsSync, fsyncSync, linkSync, openSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import process from 'node:process'
import { APPLICATION_ID, openConnection, readValue, translated } from './connection.ts'
import { loadDriver, type SqliteDriver } from './driver.ts'
import { DamagedDatabaseError, faultOf, WrongDatabaseError } from './errors.ts'
import { findOrMake, isThere, makePrivateFile } from './files.ts'
import { PATIENCE_MS, whileBusy } from './patience.ts'
import { codeOf, cureOf, reasonOf } from './unreachable.ts'

/** The copy cannot have the name that was given; the message has the cure. */
export class BackupTargetError extends Error {
  override readonly name = 'BackupTargetError'
}

interface BackupOptions {
  readonly file: string
  readonly toFile: string
  readonly driver?: SqliteDriver
  readonly patienceMs?: readonly number[]
}

/**
 * Copies the book as it stands at one moment, while a server goes on with it; checks the copy and makes it durable
 * before it gets its name. Nothing is overwritten. It works without pause, so it has a process of its own.
 * @throws DatabaseError when there is nothing to copy or the copy is not sound
 * @throws BackupTargetError when the name is taken, its folder is missing or may not be written, its disk is full
 */
export async function backupSqlite(options: BackupOptions): Promise<{ readonly bytes: number }> {
  const { driver = loadDriver(), patienceMs = PATIENCE_MS } = options
  const file = resolve(options.file)
  const toFile = resolve(options.toFile)
  findOrMake(file, 'tool')
  const partial = `${toFile}.partial-${process.pid}`
  makePartial(toFile, partial)
  try {
    await whileBusy(() => copyInto(driver, { file, partial, toFile }), patienceMs)
    requireSound(driver, partial)
    sync(partial)
    giveName(partial, toFile)
    return { bytes: statSync(toFile).size }
  } finally {
    rmSync(partial, { force: true })
  }
}

/** A folder is not made here: a backup belongs where its owner looks for it, not in a misspelt place. */
function makePartial(toFile: string, partial: string): void {
  const folder = dirname(toFile)
  try {
    if (!isThere(folder))
      throw new BackupTargetError(`There is no folder ${folder}: make it first, or name another one`)
    requireFree(toFile)
    rmSync(partial, { force: true })
    makePrivateFile(partial)
  } catch (error) {
    if (codeOf(error) === null) throw error
    const problem = `The backup ${toFile} cannot be written, ${reasonOf(error)}`
    throw new BackupTargetError(`${problem}: ${cureOf(error)}, or name another file`, { cause: error })
  }
}

/** VACUUM reads in one transaction and leaves free pages, and what was once in them, behind. */
function copyInto(
  driver: SqliteDriver,
  { file, partial, toFile }: { readonly file: string; readonly partial: string; readonly toFile: string },
): void {
  const db = openConnection(driver, file)
  try {
    translated(file, () => db.prepare('VACUUM INTO ?').run(partial))
  } catch (error) {
    // What is full is the place of the copy: the book is only read.
    if (!(error instanceof Error) || faultOf(error.cause) !== 'full') throw error
    const problem = `The backup ${toFile} cannot be written, the disk under it is full`
    throw new BackupTargetError(`${problem}: free some of it, or name another file`, { cause: error })
  } finally {
    db.close()
  }
}

/** @param name what messages call the copy */
export function requireSound(driver: SqliteDriver, copy: string, name = copy): void {
  const db = translated(name, () => driver.open(copy))
  try {
    translated(name, () => {
      const verdict = readValue(db, 'SELECT integrity_check AS value FROM pragma_integrity_check LIMIT 1')
      const id = readValue(db, 'SELECT application_id AS value FROM pragma_application_id')
      if (verdict !== 'ok')
        throw new DamagedDatabaseError(name, new Error(`The check of the copy says: ${String(verdict)}`))
      if (id !== APPLICATION_ID)
        throw new WrongDatabaseError(`${name} is no book of Yaopai's: name another file`)
    })
  } finally {
    db.close()
  }
}

/** A link cannot take a name that is there; where the file system has no links, a look has to do. */
function giveName(partial: string, toFile: string): void {
  try {
    linkSync(partial, toFile)
  } catch {
    requireFree(toFile)
    renameSync(partial, toFile)
  }
  if (process.platform !== 'win32') sync(dirname(toFile))
}

function requireFree(toFile: string): void {
  if (!existsSync(toFile)) return
  throw new BackupTargetError(`The file ${toFile} is there already: name another one for the backup`)
}

export function sync(path: string): void {
  const descriptor = openSync(path, process.platform === 'win32' ? 'r+' : 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}
