import { closeSync, existsSync, mkdirSync, openSync, realpathSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { WrongDatabaseError } from './errors.ts'
import { codeOf, UnreachableDatabaseError } from './unreachable.ts'

/**
 * Makes folder and file for their owner alone. SQLite gives its log the file's rights. An existing file is not
 * opened: closing it again would drop the locks that this process holds on it.
 * @throws the system's error
 */
export function makePrivateFile(file: string): void {
  makeFolder(dirname(file))
  if (existsSync(file)) return
  try {
    closeSync(openSync(file, 'wx', 0o600))
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error
    if (!existsSync(file)) closeSync(openSync(file, 'a', 0o600)) // A link to what is not there yet.
  }
}

/**
 * Level by level: where a folder can never be made, as in /proc, Node 20's recursive mkdir tries for ever.
 * @throws the system's error
 */
function makeFolder(folder: string): void {
  const missing: string[] = []
  for (let at = folder; !isThere(at) && at !== dirname(at); at = dirname(at)) missing.unshift(at)
  for (const one of missing) makeOne(one)
}

function makeOne(folder: string): void {
  try {
    mkdirSync(folder, { mode: 0o700 })
  } catch (error) {
    if (codeOf(error) !== 'EEXIST' || !isThere(folder)) throw error // Made meanwhile by somebody else is made.
  }
}

/**
 * False only where nothing has this name; `existsSync` says it of what may not be looked at, too.
 * @throws the system's error
 */
export function isThere(path: string): boolean {
  try {
    statSync(path)
    return true
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error
    return false
  }
}

/** @throws UnreachableDatabaseError in place of what the system says */
export function reaching<Result>(file: string, work: () => Result): Result {
  try {
    return work()
  } catch (error) {
    throw codeOf(error) === null ? error : new UnreachableDatabaseError(file, error)
  }
}

/**
 * The file behind the name, links followed; a server makes it, a tool needs it.
 * @throws DatabaseError
 */
export function findOrMake(file: string, role: 'server' | 'tool'): string {
  return reaching(file, () => {
    if (role === 'server') makePrivateFile(file)
    else if (!isThere(file)) {
      throw new WrongDatabaseError(
        `There is no database ${file}: name the server's file in DATABASE_URL, or start the server once`,
      )
    }
    return realpathSync(file)
  })
}
