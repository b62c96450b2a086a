import type { SqliteDatabase } from './driver.ts'
import { faultOf } from './errors.ts'

/** Frames, of 4 KiB, after which the log is folded into the database: so many may be read twice after a crash. */
const FOLD_AFTER_FRAMES = 4_000
/** Asking costs a little, too: a commit of one login writes about ten frames. */
const ASK_EVERY_COMMITS = 8

export interface Checkpoint {
  afterCommit(): void
}

interface Answer {
  readonly log: number
  readonly checkpointed: number
}

/**
 * Folds the log between two commits, when the answers to the first are on their way: nobody waits for a checkpoint
 * inside of his own commit. PASSIVE waits for no reader.
 * @param onFailed hears of a disk that refuses: what is on it can no longer be told
 */
export function createCheckpoint(db: SqliteDatabase, onFailed: (cause: unknown) => void): Checkpoint {
  db.exec('PRAGMA wal_autocheckpoint = 0')
  const ask = db.prepare('PRAGMA wal_checkpoint(NOOP)')
  const fold = db.prepare('PRAGMA wal_checkpoint(PASSIVE)')
  let commits = 0

  function foldIfLong(): void {
    const { log, checkpointed } = ask.get() as Answer
    if (log - checkpointed >= FOLD_AFTER_FRAMES) fold.get()
  }

  function foldOrTell(): void {
    try {
      foldIfLong()
    } catch (error) {
      const fault = faultOf(error)
      if (fault === 'io' || fault === 'damaged') onFailed(error)
    }
  }

  return {
    afterCommit() {
      commits += 1
      if (commits % ASK_EVERY_COMMITS === 0) setImmediate(foldOrTell)
    },
  }
}
