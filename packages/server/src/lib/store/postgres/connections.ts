import { setTimeout as sleep } from 'node:timers/promises'
import { StoreUnavailableError } from '../../errors.ts'
import type { PgClient, PgPool } from './driver.ts'
import { PostgresFault } from './errors.ts'
import { type Limits, MAX_REPEATS } from './limits.ts'
import { type TransactionName, wasCommitted } from './outcome.ts'
import { Sql } from './sql.ts'
import { Transaction } from './transaction.ts'
import { withinMs } from './within.ts'

/** More calls than this wait for nobody: whoever comes then is told to come again. */
const MAX_WAITING = 10_000

/**
 * The pool, and what is done about its faults: a call that surely left nothing is tried again for a while, all others
 * end as `StoreUnavailableError`.
 */
export class Connections {
  readonly #pool: PgPool
  readonly #limits: Limits
  /** Tries that take long use it up as waits do. */
  readonly #patienceMs: number
  #running = 0
  #lastFailed = false
  #closing: Promise<void> | null = null
  #whenIdle: (() => void) | null = null

  constructor(pool: PgPool, limits: Limits) {
    this.#pool = pool
    this.#limits = limits
    this.#patienceMs = limits.patienceMs.reduce((sum, waitMs) => sum + waitMs, 0)
    // A connection that breaks in the pool is replaced by it; without a listener its error would end the process.
    pool.on('error', ignore)
  }

  /** Whether the last write failed: the next check must write to know better. */
  get lastFailed(): boolean {
    return this.#lastFailed
  }

  /** For single statements: each is a view of its own. @throws StoreUnavailableError */
  read<Result>(work: (sql: Sql) => Promise<Result>): Promise<Result> {
    return this.#serve(() => this.#look(work))
  }

  /**
   * One transaction. The work may run several times, and only what it did last is kept.
   * @throws StoreUnavailableError when nothing of it was written, or when that cannot be found out
   */
  async write<Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result> {
    try {
      const result = await this.#serve(() => this.#transact(work))
      this.#lastFailed = false
      return result
    } catch (error) {
      this.#lastFailed = true
      throw error
    }
  }

  /** Takes no more calls, waits for those that run, and lets go of the pool. */
  close(): Promise<void> {
    this.#closing ??= this.#drain().then(() => this.#pool.end())
    return this.#closing
  }

  async #drain(): Promise<void> {
    if (this.#running > 0) await new Promise<void>((resolve) => (this.#whenIdle = resolve))
  }

  async #serve<Result>(attempt: () => Promise<Result>): Promise<Result> {
    if (this.#closing !== null) throw new StoreUnavailableError(new Error('The store was closed'))
    if (this.#running >= MAX_WAITING) throw new StoreUnavailableError(new Error('Too many calls are waiting'))
    this.#running += 1
    try {
      return await this.#patiently(attempt)
    } catch (error) {
      throw error instanceof PostgresFault ? new StoreUnavailableError(error.cause) : error
    } finally {
      this.#running -= 1
      if (this.#running === 0) this.#whenIdle?.()
    }
  }

  async #patiently<Result>(attempt: () => Promise<Result>): Promise<Result> {
    let repeats = 0
    let waits = 0
    const untilMs = performance.now() + this.#patienceMs
    for (;;) {
      try {
        return await attempt()
      } catch (error) {
        const kind = error instanceof PostgresFault ? error.kind : null
        const isInTime = performance.now() < untilMs
        const waitMs = kind === 'gone' && isInTime ? this.#limits.patienceMs[waits++] : undefined
        const isWorthIt = waitMs !== undefined || (kind === 'moved' && ++repeats <= MAX_REPEATS)
        if (!isWorthIt) throw error
        if (waitMs !== undefined) await sleep(waitMs)
      }
    }
  }

  async #look<Result>(work: (sql: Sql) => Promise<Result>): Promise<Result> {
    const client = await this.#checkOut()
    let isSound = false
    try {
      const result = await work(new Sql(client, this.#limits))
      isSound = true
      return result
    } finally {
      giveBack(client, isSound)
    }
  }

  async #transact<Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result> {
    const client = await this.#checkOut()
    const end = await new Transaction(client, this.#limits).play(work)
    giveBack(client, end.isSound)
    if (end.kind === 'done') return end.value
    if (end.kind === 'unknown' && (await this.#wasCommitted(end.name))) return end.value
    throw end.error
  }

  async #wasCommitted(name: TransactionName): Promise<boolean> {
    try {
      return await this.#patiently(() => this.#look((sql) => wasCommitted(sql, name)))
    } catch (error) {
      // Then it must not be tried again: it may be there.
      throw new PostgresFault(error instanceof PostgresFault ? error.cause : error, 'other')
    }
  }

  /** A connection that comes too late goes back to the pool. */
  async #checkOut(): Promise<PgClient> {
    const coming = this.#pool.connect()
    try {
      const client = await withinMs(this.#limits.connectMs, coming)
      client.on('error', ignore)
      return client
    } catch (error) {
      coming.then((client) => client.release(), ignore)
      throw new PostgresFault(error)
    }
  }
}

/** One that broke is closed, and the pool makes another when it is needed. */
function giveBack(client: PgClient, isSound: boolean): void {
  client.release(!isSound)
  client.removeListener('error', ignore)
}

/** Of a connection that breaks between two statements: the next statement tells. */
function ignore(): void {}
