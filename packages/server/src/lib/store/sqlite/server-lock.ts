import { translated } from './connection.ts'
import type { SqliteDriver } from './driver.ts'
import { DatabaseInUseError, faultOf } from './errors.ts'
import { makePrivateFile, reaching } from './files.ts'

export interface ServerLock {
  release(): void
}

/**
 * One server at a time on a file: an exclusive lock on a database beside it that never holds a row. The system
 * takes the lock back when the process ends, however it ends, so there is nothing to clean up after `kill -9`.
 * @throws DatabaseInUseError, or another DatabaseError when the lock cannot be made beside the file
 */
export function takeServerLock(driver: SqliteDriver, file: string): ServerLock {
  const lockFile = `${file}-lock`
  reaching(file, () => makePrivateFile(lockFile))
  const db = translated(lockFile, () => driver.open(lockFile))
  try {
    const begin = 'PRAGMA busy_timeout = 0; PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE'
    translated(lockFile, () => db.exec(begin))
  } catch (error) {
    db.close()
    throw faultOf(error) === 'busy' ? new DatabaseInUseError(file, error) : error
  }
  return { release: () => db.close() }
}
