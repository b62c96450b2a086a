import { type MonotonicClock, systemMonotonic } from '../../clock.ts'
import type { SqliteDatabase } from './driver.ts'
import { faultOf } from './errors.ts'

/** Frames, of 4 KiB, after which the log is folded into the database: so many may be read twice after a crash. */
const FOLD_AFTER_FRAMES = 4_000
/** Asking costs a little, too: a commit of one login writes about ten frames. */
const ASK_EVERY_COMMITS = 8
/** 64 MiB: a log of so many frames is cut off, which needs a moment without a reader that is in it. */
export const LONG_FRAMES = 16_384
/** So long that moment is waited for, by writes too; if it does not come, again after so long: a hundredth of the time. */
const WAIT_MS = 50
const CUT_EVERY_MS = 5_000

export interface Checkpoint {
  afterCommit(): void
}

export interface CheckpointOptions {
  readonly longFrames?: number
  readonly monotonic?: MonotonicClock
}

interface Answer {
  readonly busy: number
  readonly log: number
  readonly checkpointed: number
}

/**
 * Folds the log between two commits, when the answers to the first are on their way: nobody waits for a checkpoint
 * inside of his own commit. PASSIVE waits for no reader, and leaves the log as long as it is: where there is always some
 * reader it would grow for ever. So a long one is cut off as soon as readers leave a gap; while one goes on reading
 * nothing can make it shorter.
 * @param onFailed hears of a disk that refuses: what is on it can no longer be told
 */
export function createCheckpoint(
  db: SqliteDatabase,
  onFailed: (cause: unknown) => void,
  { longFrames = LONG_FRAMES, monotonic = systemMonotonic }: CheckpointOptions = {},
): Checkpoint {
  db.exec('PRAGMA wal_autocheckpoint = 0')
  const ask = db.prepare('PRAGMA wal_checkpoint(NOOP)')
  const fold = db.prepare('PRAGMA wal_checkpoint(PASSIVE)')
  const cutOff = prepareCut(db)
  let commits = 0
  let cutAgainMs = Number.NEGATIVE_INFINITY

  function foldIfLong(): void {
    const { log, checkpointed } = ask.get() as Answer
    if (log >= longFrames && monotonic.nowMs() >= cutAgainMs) {
      if (!cutOff()) cutAgainMs = monotonic.nowMs() + CUT_EVERY_MS
    } else if (log - checkpointed >= FOLD_AFTER_FRAMES) fold.get()
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

/** False: a reader stays. Then what that one does not need is folded, and the log is as long as before. */
function prepareCut(db: SqliteDatabase): () => boolean {
  const cut = db.prepare('PRAGMA wal_checkpoint(TRUNCATE)')
  return () => {
    db.exec(`PRAGMA busy_timeout = ${WAIT_MS}`)
    try {
      return (cut.get() as Answer).busy === 0
    } finally {
      db.exec('PRAGMA busy_timeout = 0')
    }
  }
}
