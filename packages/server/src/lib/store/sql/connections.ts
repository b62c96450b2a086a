import { setTimeout as sleep } from 'node:timers/promises'
import { StoreUnavailableError } from '../../errors.ts'
import { withinMs } from '../../within.ts'
import { Deadline } from './deadline.ts'
import { DatabaseFault } from './faults.ts'
import { type Limits, MAX_REPEATS, MAX_WAITING } from './limits.ts'
import { play, type SqlTransaction } from './transaction.ts'

/** A connection in use. `View`: where statements are asked that write nothing. */
export interface Link<View, Tx> {
  view(deadline: Deadline): View
  transaction(deadline: Deadline): Tx
  /** One that is not sound is closed, and the pool makes another when it needs one. */
  giveBack(isSound: boolean): void
}

/** A driver's pool, as one store sets up its connections and understands its errors. */
export interface LinkPool<View, Tx> {
  connect(): Promise<Link<View, Tx>>
  end(): Promise<void>
  faultOf(error: unknown): DatabaseFault
}

const NEVER = new Deadline(Number.POSITIVE_INFINITY)

/**
 * The pool, and what is done about its faults: a call that surely left nothing is tried again for a while, all others
 * end as `StoreUnavailableError`.
 */
export class Connections<View, Tx extends SqlTransaction<View>> {
  readonly #pool: LinkPool<View, Tx>
  readonly #limits: Limits
  /** Tries that take long use it up as waits do. */
  readonly #patienceMs: number
  #running = 0
  #lastFailed = false
  #closing: Promise<void> | null = null
  #whenIdle: (() => void) | null = null

  constructor(pool: LinkPool<View, Tx>, limits: Limits) {
    this.#pool = pool
    this.#limits = limits
    this.#patienceMs = limits.patienceMs.reduce((sum, waitMs) => sum + waitMs, 0)
  }

  /** Whether the last write failed: the next check must write to know better. */
  get lastFailed(): boolean {
    return this.#lastFailed
  }

  /** Of a look-up that is asked for now. */
  lookUpDeadline(): Deadline {
    return new Deadline(this.#limits.lookUpMs)
  }

  /** For what somebody at the door waits for. @throws StoreUnavailableError at the deadline, whatever happens */
  lookUp<Result>(
    work: (view: View) => Promise<Result>,
    deadline: Deadline = this.lookUpDeadline(),
  ): Promise<Result> {
    return this.#serve(() => this.#look(work, deadline), deadline)
  }

  /** For other statements that write nothing, which may take their time. @throws StoreUnavailableError */
  read<Result>(work: (view: View) => Promise<Result>): Promise<Result> {
    return this.lookUp(work, NEVER)
  }

  /**
   * One transaction. The work may run several times, and only what it did last is kept.
   * @throws StoreUnavailableError when nothing of it was written, or when that cannot be found out
   */
  async write<Result>(work: (tx: Tx) => Promise<Result>, deadline: Deadline = NEVER): Promise<Result> {
    try {
      const result = await this.#serve(() => this.#transact(work, deadline), deadline)
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
    await withinMs(this.#limits.connectMs, this.#pool.end()).catch(ignore)
  }

  async #serve<Result>(attempt: () => Promise<Result>, deadline: Deadline): Promise<Result> {
    if (this.#closing !== null) throw new StoreUnavailableError(new Error('The store was closed'))
    if (this.#running >= MAX_WAITING) throw new StoreUnavailableError(new Error('Too many calls are waiting'))
    this.#running += 1
    try {
      return await this.#patiently(attempt, deadline)
    } catch (error) {
      throw error instanceof DatabaseFault ? new StoreUnavailableError(error.cause) : error
    } finally {
      this.#running -= 1
      if (this.#running === 0) this.#whenIdle?.()
    }
  }

  async #patiently<Result>(attempt: () => Promise<Result>, deadline: Deadline): Promise<Result> {
    const tries: Tries = { gone: 0, moved: 0, late: 0, patience: new Deadline(this.#patienceMs) }
    for (;;) {
      try {
        return await attempt()
      } catch (error) {
        const waitMs = error instanceof DatabaseFault ? this.#waitBeforeNext(error, tries) : null
        if (waitMs === null || waitMs >= deadline.leftMs) throw error
        if (waitMs > 0) await sleep(waitMs)
      }
    }
  }

  /** Null where it is not worth another try. */
  #waitBeforeNext({ kind }: DatabaseFault, tries: Tries): number | null {
    const { patienceMs, lateRepeats } = this.#limits
    if (kind === 'gone' && tries.patience.leftMs > 0) return patienceMs[tries.gone++] ?? null
    if (kind === 'moved') return ++tries.moved <= MAX_REPEATS ? 0 : null
    if (kind === 'late') return ++tries.late <= lateRepeats ? 0 : null
    return null
  }

  async #look<Result>(work: (view: View) => Promise<Result>, deadline: Deadline): Promise<Result> {
    const link = await this.#checkOut(deadline)
    let isSound = false
    try {
      const result = await work(link.view(deadline))
      isSound = true
      return result
    } finally {
      link.giveBack(isSound)
    }
  }

  async #transact<Result>(work: (tx: Tx) => Promise<Result>, deadline: Deadline): Promise<Result> {
    const link = await this.#checkOut(deadline)
    const tx = link.transaction(deadline)
    const end = await play<View, Tx, Result>(tx, work)
    link.giveBack(end.isSound)
    if (end.kind === 'done') return end.value
    if (end.kind === 'unknown' && (await this.#wasCommitted(tx, deadline))) return end.value
    throw end.error
  }

  async #wasCommitted(tx: Tx, deadline: Deadline): Promise<boolean> {
    try {
      return await this.#patiently(() => this.#look((view) => tx.wasCommitted(view), deadline), deadline)
    } catch (error) {
      // Then it must not be tried again: it may be there.
      throw new DatabaseFault('other', error instanceof DatabaseFault ? error.cause : error)
    }
  }

  /** A connection that comes too late goes back to the pool. */
  async #checkOut(deadline: Deadline): Promise<Link<View, Tx>> {
    const coming = this.#pool.connect()
    try {
      return await withinMs(deadline.cap(this.#limits.connectMs), coming)
    } catch (error) {
      coming.then((link) => link.giveBack(true), ignore)
      throw error instanceof DatabaseFault ? error : this.#pool.faultOf(error)
    }
  }
}

/** Of one call, as often as each of these was tried again. */
interface Tries {
  gone: number
  moved: number
  late: number
  readonly patience: Deadline
}

function ignore(): void {}
