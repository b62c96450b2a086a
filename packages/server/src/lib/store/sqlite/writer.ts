import type { AnswerOf, OrderOf, Verb } from './orders.ts'

/** Who writes the book: this thread, or one of its own. */
export interface Writer {
  /** Why nothing is read or written here any more; null while the store is in use. */
  readonly end: Error | null
  /** Then the process is about to end, and what is closed now would only write more. */
  readonly isBroken: boolean
  /**
   * Resolves when it is durable.
   * @throws StoreUnavailableError when it could not be written; nothing of it was
   */
  write<V extends Verb>(verb: V, order: OrderOf<V>): Promise<AnswerOf<V>>
  /** A write is to be expected: what takes its time to start is started. */
  warmUp(): void
  /** From now on nothing is read or written here: what the file holds can no longer be told for sure. */
  breakOff(cause: unknown): void
  /** Takes no more writes; resolves when those that wait are settled and the writer has let go of the file. */
  drain(reason: Error): Promise<void>
}

export interface WriterOptions {
  readonly patienceMs: readonly number[]
  /** Called once, when a write failed in such a way that none may be acknowledged any more. */
  readonly onBroken: (cause: unknown) => void
}

/** More writes than this wait for nobody: whoever comes then is told to come again. */
export const MAX_WAITING = 10_000
