import process from 'node:process'
import { DatabaseError } from '../database-error.ts'

/** The system does not let this process have the file or its folder. */
export class UnreachableDatabaseError extends DatabaseError {
  constructor(file: string, cause: unknown) {
    const cure = `${cureOf(cause)}, or name another file in DATABASE_URL`
    super(`The database ${file} cannot be opened, ${reasonOf(cause)}: ${cure}`, 78, cause)
  }
}

/** The system's code, such as EACCES; null for an error that is not the system's. */
export function codeOf(error: unknown): string | null {
  if (!(error instanceof Error) || !('syscall' in error) || !('code' in error)) return null
  return typeof error.code === 'string' ? error.code : null
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'this user has no right to',
  EPERM: 'this user has no right to',
  EROFS: 'the disk is mounted for reading only at',
  ENOTDIR: 'a file stands where a folder is needed in',
  EEXIST: 'a file stands where a folder is needed in',
  ENOENT: 'no file or folder can be made at',
  ENOSPC: 'no space is left for',
}

/** What is wrong, and where. */
export function reasonOf(error: unknown): string {
  const code = codeOf(error) ?? 'unknown'
  const path = placeOf(error, code)
  return `${REASONS[code] ?? 'the system refuses'}${path} (${code})`
}

/** Of a copy the system names both ends, and room is lacking at the second. */
function placeOf(error: unknown, code: string): string {
  if (!(error instanceof Error)) return ''
  if (code === 'ENOSPC' && 'dest' in error) return ` ${String(error.dest)}`
  return 'path' in error ? ` ${String(error.path)}` : ''
}

/** Without the right to it, the owner must change; anything else takes another place. */
export function cureOf(error: unknown): string {
  const code = codeOf(error)
  if (code === 'EACCES' || code === 'EPERM') return ownerCure()
  if (code === 'ENOSPC') return 'free some'
  return 'name a folder that this user can write'
}

/** Who must own the folder: SQLite makes files beside its own. */
export function ownerCure(): string {
  const uid = process.getuid?.()
  const who = uid === undefined ? 'the user who runs this' : `the user who runs this (uid ${uid})`
  return `make ${who} the owner of the folder and of the files in it`
}
