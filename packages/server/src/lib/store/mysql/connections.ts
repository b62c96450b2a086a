import { setTimeout as sleep } from 'node:timers/promises'
import { StoreUnavailableError } from '../../errors.ts'
import type { MysqlConnection, MysqlPool } from './driver.ts'
import { MysqlFault } from './errors.ts'
import { type Limits, MAX_LATE_REPEATS, MAX_REPEATS } from './limits.ts'
import { type OutcomeMark, Outcomes, wasCommitted } from './outcome.ts'
import { Session } from './session.ts'
import { sql } from './sql.ts'
import { Transaction } from './transaction.ts'
import { withinMs } from './within.ts'

/** More calls than this wait for nobody: whoever comes then is told to come again. */
const MAX_WAITING = 10_000

/**
 * The pool, and what is done about its faults: a call that surely left nothing is tried again for a while, all others
 * end as `StoreUnavailableError`.
 */
export class Connections {
  readonly #pool: MysqlPool
  readonly #limits: Limits
  /** Tries that take long use it up as waits do. */
  readonly #patienceMs: number
  /** Connections that were set up as this store needs them. */
  readonly #known = new WeakMap<MysqlConnection, Outcomes>()
  #running = 0
  #lastFailed = false
  #closing: Promise<void> | null = null
  #whenIdle: (() => void) | null = null

  constructor(pool: MysqlPool, limits: Limits) {
    this.#pool = pool
    this.#limits = limits
    this.#patienceMs = limits.patienceMs.reduce((sum, waitMs) => sum + waitMs, 0)
  }

  /** Whether the last write failed: the next check must write to know better. */
  get lastFailed(): boolean {
    return this.#lastFailed
  }

  /** For statements that write nothing. @throws StoreUnavailableError */
  read<Result>(work: (session: Session) => Promise<Result>): Promise<Result> {
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
    this.#closing ??= this.#drain().then(() => this.#endPool())
    return this.#closing
  }

  async #drain(): Promise<void> {
    if (this.#running > 0) await new Promise<void>((resolve) => (this.#whenIdle = resolve))
  }

  /** A server that does not answer the farewell keeps nobody. */
  async #endPool(): Promise<void> {
    const ending = new Promise<void>((resolve) => this.#pool.end(() => resolve()))
    await withinMs(this.#limits.connectMs, ending).catch(ignore)
  }

  async #serve<Result>(attempt: () => Promise<Result>): Promise<Result> {
    if (this.#closing !== null) throw new StoreUnavailableError(new Error('The store was closed'))
    if (this.#running >= MAX_WAITING) throw new StoreUnavailableError(new Error('Too many calls are waiting'))
    this.#running += 1
    try {
      return await this.#patiently(attempt)
    } catch (error) {
      throw error instanceof MysqlFault ? new StoreUnavailableError(error.cause) : error
    } finally {
      this.#running -= 1
      if (this.#running === 0) this.#whenIdle?.()
    }
  }

  async #patiently<Result>(attempt: () => Promise<Result>): Promise<Result> {
    const tries = { gone: 0, moved: 0, late: 0, untilMs: performance.now() + this.#patienceMs }
    for (;;) {
      try {
        return await attempt()
      } catch (error) {
        const waitMs = error instanceof MysqlFault ? this.#waitBeforeNext(error, tries) : null
        if (waitMs === null) throw error
        if (waitMs > 0) await sleep(waitMs)
      }
    }
  }

  /** Null where it is not worth another try. */
  #waitBeforeNext({ kind }: MysqlFault, tries: Tries): number | null {
    if (kind === 'gone' && performance.now() < tries.untilMs)
      return this.#limits.patienceMs[tries.gone++] ?? null
    if (kind === 'moved') return ++tries.moved <= MAX_REPEATS ? 0 : null
    if (kind === 'late') return ++tries.late <= MAX_LATE_REPEATS ? 0 : null
    return null
  }

  async #look<Result>(work: (session: Session) => Promise<Result>): Promise<Result> {
    const { connection } = await this.#checkOut()
    let isSound = false
    try {
      const result = await work(new Session(connection, this.#limits))
      isSound = true
      return result
    } finally {
      giveBack(connection, isSound)
    }
  }

  async #transact<Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result> {
    const { connection, outcomes } = await this.#checkOut()
    const mark = outcomes.next(connection.threadId)
    const end = await new Transaction(connection, this.#limits, mark).play(work)
    giveBack(connection, end.isSound)
    if (end.kind === 'done') return end.value
    if (end.kind === 'unknown' && (await this.#wasCommitted(mark))) return end.value
    throw end.error
  }

  async #wasCommitted(mark: OutcomeMark): Promise<boolean> {
    try {
      return await this.#patiently(() => this.#look((session) => wasCommitted(session, mark)))
    } catch (error) {
      // Then it must not be tried again: it may be there.
      throw new MysqlFault(error instanceof MysqlFault ? error.cause : error, 'other')
    }
  }

  async #checkOut(): Promise<{ readonly connection: MysqlConnection; readonly outcomes: Outcomes }> {
    const connection = await this.#connect()
    const known = this.#known.get(connection)
    if (known !== undefined) return { connection, outcomes: known }
    // Of one that breaks between two statements the next statement tells; unheard, it would end the process.
    connection.on('error', ignore)
    try {
      await setUp(new Session(connection, this.#limits), this.#limits)
    } catch (error) {
      connection.destroy()
      throw error
    }
    const outcomes = new Outcomes()
    this.#known.set(connection, outcomes)
    return { connection, outcomes }
  }

  /** A connection that comes too late goes back to the pool. */
  async #connect(): Promise<MysqlConnection> {
    const coming = new Promise<MysqlConnection>((resolve, reject) => {
      this.#pool.getConnection((error, connection) => {
        if (error === null || error === undefined) resolve(connection)
        else reject(error)
      })
    })
    try {
      return await withinMs(this.#limits.connectMs, coming)
    } catch (error) {
      coming.then((connection) => connection.release(), ignore)
      throw new MysqlFault(error)
    }
  }
}

/** Of one call, as often as each of these was tried again. */
interface Tries {
  gone: number
  moved: number
  late: number
  readonly untilMs: number
}

/** The rules of a connection, whatever the server's defaults are. */
async function setUp(session: Session, { lockSeconds, idleSeconds }: Limits): Promise<void> {
  await session.ask([
    sql`SET NAMES utf8mb4`,
    sql`SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED`,
    sql`SET SESSION autocommit = 1, time_zone = '+00:00', sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION',
      innodb_lock_wait_timeout = ${lockSeconds}, lock_wait_timeout = ${lockSeconds}, wait_timeout = ${idleSeconds}`,
  ])
}

function giveBack(connection: MysqlConnection, isSound: boolean): void {
  if (isSound) connection.release()
  else connection.destroy()
}

function ignore(): void {}
