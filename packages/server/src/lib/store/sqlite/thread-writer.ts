import { extname } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { type Clock, systemClock } from '../../clock.ts'
import { StoreUnavailableError } from '../../errors.ts'
import { LIB } from '../../own-files.ts'
import type { AnswerOf, OrderOf, Verb } from './orders.ts'
import {
  errorOf,
  type FromWriter,
  type NumberedOrder,
  portableOrder,
  type Settled,
  type ThreadData,
  type ToWriter,
} from './thread-messages.ts'
import { MAX_WAITING, type Writer, type WriterOptions } from './writer.ts'

/** Orders, statements and pages in work take a few MiB; a thousand logins that wait take a few more. */
const RESOURCE_LIMITS = { maxOldGenerationSizeMb: 128, maxYoungGenerationSizeMb: 8 }
const BROKEN_ENDS_WITHIN_MS = 1_000

interface ThreadWriterOptions extends WriterOptions {
  readonly file: string
  readonly clock: Clock
  /** The module that the thread runs. */
  readonly entry: URL
}

interface Waiting {
  readonly resolve: (answer: unknown) => void
  readonly reject: (error: unknown) => void
}

/** The writer thread's module beside this one; null where it is TypeScript, which a thread cannot load by itself. */
export function ownThreadEntry(): URL | null {
  const extension = extname(import.meta.url)
  return extension === '.ts' ? null : new URL(`store/sqlite/writer-thread${extension}`, LIB)
}

/**
 * The serving thread's side of the writer thread, which is started with the first write. What one turn orders goes
 * over in one message. The thread does not keep the process alive unless somebody waits for it.
 */
export class ThreadWriter implements Writer {
  readonly #options: ThreadWriterOptions
  readonly #waiting = new Map<number, Waiting>()
  #orders: NumberedOrder[] = []
  #lastNumber = 0
  #worker: Worker | null = null
  #end: Error | null = null
  #isBroken = false
  #whenIdle: (() => void)[] = []

  constructor(options: ThreadWriterOptions) {
    this.#options = options
  }

  get end(): Error | null {
    return this.#end
  }

  get isBroken(): boolean {
    return this.#isBroken
  }

  write<V extends Verb>(verb: V, order: OrderOf<V>): Promise<AnswerOf<V>> {
    if (this.#end !== null) return Promise.reject(new StoreUnavailableError(this.#end))
    if (this.#waiting.size >= MAX_WAITING) {
      return Promise.reject(new StoreUnavailableError(new Error('Too many writes are waiting')))
    }
    return new Promise((resolve, reject) => {
      this.#lastNumber += 1
      if (this.#waiting.size === 0) this.#start().ref()
      this.#waiting.set(this.#lastNumber, { resolve: resolve as Waiting['resolve'], reject })
      if (this.#orders.push([this.#lastNumber, verb, order]) === 1) setImmediate(() => this.#handOver())
    })
  }

  warmUp(): void {
    if (this.#end === null) this.#start()
  }

  breakOff(cause: unknown): void {
    this.#post({ kind: 'break_off' })
    this.#break(cause)
  }

  async drain(reason: Error): Promise<void> {
    this.#end ??= reason
    if (this.#waiting.size > 0) await new Promise<void>((resolve) => this.#whenIdle.push(resolve))
    const worker = this.#worker
    if (worker === null) return
    const ended = new Promise((resolve) => worker.once('exit', resolve))
    worker.ref()
    this.#post({ kind: 'close' })
    // On a disk that does not answer a broken one may never end, and the process is to.
    await (this.#isBroken ? Promise.race([ended, pause(BROKEN_ENDS_WITHIN_MS, null, { ref: false })]) : ended)
  }

  #handOver(): void {
    if (this.#orders.length === 0) return
    const { clock } = this.#options
    const orders = this.#orders.map(portableOrder)
    this.#orders = []
    this.#post({ kind: 'orders', aheadMs: clock.nowMs() - systemClock.nowMs(), orders })
  }

  #post(message: ToWriter): void {
    this.#worker?.postMessage(message)
  }

  #start(): Worker {
    if (this.#worker !== null) return this.#worker
    const { file, patienceMs, entry } = this.#options
    const workerData: ThreadData = { file, patienceMs }
    const options = { workerData, execArgv: [], resourceLimits: RESOURCE_LIMITS, name: 'yaopai-writer' }
    const worker = new Worker(entry, options)
    worker.unref()
    worker.on('message', (message: FromWriter) => this.#hear(message))
    worker.on('error', (error) => this.#break(error))
    worker.on('exit', (code) => this.#ended(worker, code))
    this.#worker = worker
    return worker
  }

  #hear(message: FromWriter): void {
    if (message.kind === 'settled') {
      for (const one of message.settled) this.#settle(one)
      this.#restIfIdle()
    } else if (message.kind === 'broken') this.#break(errorOf(message.cause))
    else this.#notOpened(errorOf(message.cause))
  }

  #settle([number, isDone, outcome]: Settled): void {
    const waiting = this.#waiting.get(number)
    this.#waiting.delete(number)
    if (isDone) waiting?.resolve(outcome)
    else waiting?.reject(errorOf(outcome))
  }

  #restIfIdle(): void {
    if (this.#waiting.size > 0) return
    this.#worker?.unref()
    for (const resolve of this.#whenIdle.splice(0)) resolve()
  }

  /** Nothing was written; the next write starts another thread. */
  #notOpened(cause: Error): void {
    this.#worker = null
    this.#rejectAll(new StoreUnavailableError(cause))
  }

  #ended(worker: Worker, code: number): void {
    if (this.#worker !== worker) return
    this.#worker = null
    if (this.#end === null || this.#waiting.size > 0) {
      this.#break(new Error(`The thread that writes the database ended by itself, with ${code}`))
    }
  }

  #break(cause: unknown): void {
    if (this.#isBroken) return
    this.#isBroken = true
    this.#end = new Error('The database cannot be trusted any more', { cause })
    this.#rejectAll(new StoreUnavailableError(cause))
    this.#options.onBroken(cause)
  }

  #rejectAll(error: unknown): void {
    const all = [...this.#waiting.values()]
    this.#waiting.clear()
    this.#orders = []
    for (const waiting of all) waiting.reject(error)
    this.#restIfIdle()
  }
}
