import { DatabaseError } from '../database-error.ts'

/** The file is no SQLite database any more, or its pages contradict each other. */
export class DamagedDatabaseError extends DatabaseError {
  constructor(file: string, cause: unknown) {
    super(
      `The database ${file} is damaged: keep a copy of it and put the newest backup in its place`,
      65,
      cause,
    )
  }
}

/**
 * The disk refused a write that had to last. What the system still holds in memory is unknown from then on, so the
 * process must end: a new one reads what is really there.
 */
export class WriteNotDurableError extends DatabaseError {
  constructor(file: string, cause: unknown) {
    super(`The disk could not keep a write to ${file}: check the disk, then start again`, 70, cause)
  }
}

/** The thread that writes is gone, and with it the knowledge of what became of the writes that it had. */
export class WriterEndedError extends DatabaseError {
  constructor(file: string, cause: unknown) {
    super(`The thread that writes to ${file} ended: start again`, 70, cause)
  }
}

export class DatabaseInUseError extends DatabaseError {
  constructor(file: string, cause: unknown) {
    super(
      `Another server runs on ${file}: stop it, or name another file in DATABASE_URL; ` +
        'one book has one server in this version',
      78,
      cause,
    )
  }
}

/** Not ours, not there, or of another version: nothing is damaged, but this is not the file to run on. */
export class WrongDatabaseError extends DatabaseError {
  constructor(message: string, cause?: unknown) {
    super(message, 78, cause)
  }
}

export class UnsuitableSqliteError extends DatabaseError {
  constructor(version: string, oldest: string) {
    super(
      `SQLite ${version} is too old, at least ${oldest} is needed: install the dependencies again with npm ci, ` +
        'or run a newer Node',
      78,
    )
  }
}

type SqliteFault = 'busy' | 'full' | 'io' | 'damaged' | 'taken' | 'other'

const FAULTS: Readonly<Record<number, SqliteFault>> = {
  5: 'busy',
  6: 'busy',
  10: 'io',
  11: 'damaged',
  13: 'full',
  26: 'damaged',
}
const TAKEN = [1555, 2067, 2579]

/** What SQLite complains of, by its result code; null for an error that is not SQLite's. */
export function faultOf(error: unknown): SqliteFault | null {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return null
  if (TAKEN.includes(error.errcode)) return 'taken'
  return FAULTS[error.errcode % 256] ?? 'other'
}
