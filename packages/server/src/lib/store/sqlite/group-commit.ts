import { StoreUnavailableError } from '../../errors.ts'
import type { SqliteDatabase, SqliteStatement } from './driver.ts'
import { faultOf } from './errors.ts'
import { PATIENCE_MS } from './patience.ts'
import { MAX_WAITING } from './writer.ts'

/** One transaction holds at most so many, so that other work gets its turn. */
const MAX_BATCH = 256

interface GroupCommitOptions {
  readonly patienceMs?: readonly number[]
  /** Called once, when a write failed in such a way that none may be acknowledged any more. */
  readonly onBroken: (cause: unknown) => void
  /** Called after each commit that was told to those who waited for it. */
  readonly onCommitted?: () => void
}

interface Waiting {
  /** Who waits for it does not need it to outlast a power cut. */
  readonly mayBeLost: boolean
  /** Writes; gives what tells the caller so, for the time after the commit. */
  readonly write: () => () => void
  readonly reject: (error: unknown) => void
}

/**
 * Writes that come together are committed together: one transaction, one fsync. A savepoint for each would copy every
 * page that it touches, a fifth of what a login costs; so only when one has failed is all undone and done again with
 * savepoints, and the one hurts no other. Nobody hears of success before COMMIT has returned.
 */
export class GroupCommit {
  readonly #queue: Waiting[] = []
  readonly #db: SqliteDatabase
  readonly #options: GroupCommitOptions
  readonly #begin: SqliteStatement
  readonly #savepoint: SqliteStatement
  readonly #release: SqliteStatement
  readonly #undo: SqliteStatement
  readonly #commit: SqliteStatement
  readonly #rollback: SqliteStatement
  #isScheduled = false
  /** One of those that are next has failed before. */
  #isCareful = false
  #busyTries = 0
  #end: Error | null = null
  #lastFailed = false
  #isBroken = false
  #whenIdle: (() => void)[] = []

  constructor(db: SqliteDatabase, options: GroupCommitOptions) {
    this.#db = db
    this.#options = options
    this.#begin = db.prepare('BEGIN IMMEDIATE')
    this.#savepoint = db.prepare('SAVEPOINT one_write')
    this.#release = db.prepare('RELEASE one_write')
    this.#undo = db.prepare('ROLLBACK TO one_write')
    this.#commit = db.prepare('COMMIT')
    this.#rollback = db.prepare('ROLLBACK')
  }

  /** Why nothing is read or written here any more; null while the store is in use. */
  get end(): Error | null {
    return this.#end
  }

  /** Then the process is about to end, and what is closed now would only write more. */
  get isBroken(): boolean {
    return this.#isBroken
  }

  /** Whether the last transaction could not be written: the next check must write to know better. */
  get lastFailed(): boolean {
    return this.#lastFailed
  }

  /** @throws StoreUnavailableError when it could not be written; nothing of it was */
  submit<Result>(work: () => Result, { mayBeLost = false } = {}): Promise<Result> {
    if (this.#end !== null) return Promise.reject(new StoreUnavailableError(this.#end))
    if (this.#queue.length >= MAX_WAITING) {
      return Promise.reject(new StoreUnavailableError(new Error('Too many writes are waiting')))
    }
    return new Promise((resolve, reject) => {
      const write = (): (() => void) => {
        const result = work()
        return () => resolve(result)
      }
      this.#queue.push({ mayBeLost, write, reject })
      this.#schedule()
    })
  }

  /** From now on nothing is read or written here: what the file holds can no longer be told for sure. */
  breakOff(cause: unknown): void {
    if (this.#isBroken) return
    this.#isBroken = true
    this.#end = new Error('The database cannot be trusted any more', { cause })
    for (const waiting of this.#queue.splice(0)) waiting.reject(asRejection(cause))
    this.#options.onBroken(cause)
  }

  /** Takes no more writes, and resolves when those that wait are settled. */
  async drain(reason: Error): Promise<void> {
    this.#end ??= reason
    if (this.#queue.length === 0) return
    await new Promise<void>((resolve) => this.#whenIdle.push(resolve))
  }

  #schedule(waitMs = 0): void {
    if (this.#isScheduled) return
    this.#isScheduled = true
    if (waitMs === 0) setImmediate(() => this.#flush())
    else setTimeout(() => this.#flush(), waitMs)
  }

  /** What may be lost alone goes without fsync; the next one that may not takes it along. */
  #flush(): void {
    this.#isScheduled = false
    const mayBeLost = this.#queue.slice(0, MAX_BATCH).every((waiting) => waiting.mayBeLost)
    if (mayBeLost) this.#db.exec('PRAGMA synchronous = NORMAL')
    if (this.#beginNow()) this.#commitBatch(this.#queue.splice(0, MAX_BATCH))
    if (mayBeLost) this.#db.exec('PRAGMA synchronous = FULL')
    if (this.#queue.length > 0) {
      this.#schedule()
      return
    }
    for (const resolve of this.#whenIdle.splice(0)) resolve()
  }

  /** False: another process holds the lock and the queue waits, or it cannot be had and the queue was rejected. */
  #beginNow(): boolean {
    try {
      this.#begin.run()
      this.#busyTries = 0
      return true
    } catch (error) {
      const waitMs = (this.#options.patienceMs ?? PATIENCE_MS)[this.#busyTries]
      if (faultOf(error) === 'busy' && waitMs !== undefined) {
        this.#busyTries += 1
        this.#schedule(waitMs)
      } else {
        this.#busyTries = 0
        this.#fail(this.#queue.splice(0), error)
      }
      return false
    }
  }

  #commitBatch(batch: readonly Waiting[]): void {
    const isCareful = this.#isCareful
    this.#isCareful = false
    const settle: (() => void)[] = []
    let isWritten = false
    try {
      for (const waiting of batch) settle.push(isCareful ? this.#writeSafely(waiting) : waiting.write())
      isWritten = true
      this.#commit.run()
    } catch (error) {
      this.#rollBack()
      if (isWritten || isCareful || isOfTheDisk(error)) this.#fail(batch, error)
      else this.#tryAgain(batch)
      return
    }
    this.#lastFailed = false
    for (const tell of settle) tell()
    this.#options.onCommitted?.()
  }

  /** Before all others, in the same order, and with a savepoint each. */
  #tryAgain(batch: readonly Waiting[]): void {
    this.#isCareful = true
    this.#queue.unshift(...batch)
  }

  #writeSafely(waiting: Waiting): () => void {
    this.#savepoint.run()
    try {
      const tell = waiting.write()
      this.#release.run()
      return tell
    } catch (error) {
      if (isOfTheDisk(error)) throw error
      this.#undo.run()
      this.#release.run()
      return () => waiting.reject(asRejection(error))
    }
  }

  #rollBack(): void {
    try {
      this.#rollback.run()
    } catch {
      // SQLite has rolled back by itself: there is no transaction left.
    }
  }

  /** After a failed fsync the system may have dropped what it held, so nothing is acknowledged ever again. */
  #fail(batch: readonly Waiting[], error: unknown): void {
    this.#lastFailed = true
    for (const waiting of batch) waiting.reject(asRejection(error))
    const fault = faultOf(error)
    if (fault === 'io' || fault === 'damaged') this.breakOff(error)
  }
}

/** Then no other write of the batch could succeed either. */
function isOfTheDisk(error: unknown): boolean {
  const fault = faultOf(error)
  return fault === 'io' || fault === 'damaged' || fault === 'full' || fault === 'busy'
}

/** SQLite's complaints become ours; what is no complaint of SQLite is a fault of the caller and stays as it is. */
export function asRejection(error: unknown): unknown {
  return faultOf(error) === null ? error : new StoreUnavailableError(error)
}
