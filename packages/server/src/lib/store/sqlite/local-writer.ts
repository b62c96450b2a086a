import type { Clock } from '../../clock.ts'
import type { Book } from './book.ts'
import type { SqliteDatabase } from './driver.ts'
import { GroupCommit } from './group-commit.ts'
import { prepareOrders } from './orders.ts'
import type { Writer, WriterOptions } from './writer.ts'

interface LocalWriterOptions extends WriterOptions {
  readonly db: SqliteDatabase
  readonly book: Book
  readonly clock: Clock
  /** Called after each commit that was told to those who waited for it. */
  readonly onCommitted?: () => void
}

/** Writes on this thread, between its other work: for tools, and inside of the thread that does nothing else. */
export function createLocalWriter({ db, book, clock, ...options }: LocalWriterOptions): Writer {
  const commits = new GroupCommit(db, options)
  const orders = prepareOrders(db, book, { clock, lastFailed: () => commits.lastFailed })
  return {
    get end() {
      return commits.end
    },
    get isBroken() {
      return commits.isBroken
    },
    write: (verb, order) => commits.submit(() => orders[verb](order)),
    warmUp: () => undefined,
    breakOff: (cause) => commits.breakOff(cause),
    drain: (reason) => commits.drain(reason),
  }
}
