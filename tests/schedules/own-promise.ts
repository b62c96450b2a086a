/**
 * Promises whose reactions the scheduler runs: either at once after each event, as the language has it, or each as
 * an event of its own, as on iOS up to 15, where WeChat's Promise was made of timers.
 */
type Job = () => void
type Handler = ((value: unknown) => unknown) | null | undefined
type Executor = (resolve: (value?: unknown) => void, reject: (reason?: unknown) => void) => void

export interface PromiseHost {
  /** Takes a reaction to run; in the order in which they come. */
  enqueue(job: Job): void
  /** Hears of a rejection that nobody listens to yet, and when somebody does after all. */
  onLonely(promise: object, reason: unknown): void
  onHeard(promise: object): void
}

export interface OwnPromiseConstructor {
  new (executor: Executor): Thenable
  resolve(value?: unknown): Thenable
  reject(reason?: unknown): Thenable
  all(values: Iterable<unknown>): Thenable
  race(values: Iterable<unknown>): Thenable
}

export interface Thenable {
  then(onOk?: Handler, onFail?: Handler): Thenable
  catch(onFail?: Handler): Thenable
  finally(onEnd?: (() => unknown) | null): Thenable
}

interface Reaction {
  readonly onOk: Handler
  readonly onFail: Handler
  readonly next: Settler
}

/** What is inside a promise. */
class Cell {
  readonly #host: PromiseHost
  readonly #owner: object
  #state: 'pending' | 'ok' | 'failed' = 'pending'
  #value: unknown = undefined
  #reactions: Reaction[] = []
  #isHeard = false

  constructor(host: PromiseHost, owner: object) {
    this.#host = host
    this.#owner = owner
  }

  resolve(value: unknown): void {
    try {
      const then = value === this.#owner ? circular() : thenOf(value)
      if (isCallable(then)) this.#host.enqueue(() => this.#follow(value, then))
      else this.settle('ok', value)
    } catch (error) {
      this.settle('failed', error)
    }
  }

  #follow(value: unknown, then: (...handlers: never[]) => unknown): void {
    const settler = new Settler(this)
    settler.run((resolve, reject) => Reflect.apply(then, value, [resolve, reject]))
  }

  settle(state: 'ok' | 'failed', value: unknown): void {
    this.#state = state
    this.#value = value
    const waiting = this.#reactions
    this.#reactions = []
    if (state === 'failed' && !this.#isHeard) this.#host.onLonely(this.#owner, value)
    for (const reaction of waiting) this.#host.enqueue(() => this.#react(reaction))
  }

  listen(reaction: Reaction): void {
    if (!this.#isHeard) this.#host.onHeard(this.#owner)
    this.#isHeard = true
    if (this.#state === 'pending') this.#reactions.push(reaction)
    else this.#host.enqueue(() => this.#react(reaction))
  }

  #react({ onOk, onFail, next }: Reaction): void {
    const handler = this.#state === 'ok' ? onOk : onFail
    if (typeof handler !== 'function') {
      if (this.#state === 'ok') next.resolve(this.#value)
      else next.reject(this.#value)
      return
    }
    try {
      next.resolve(handler(this.#value))
    } catch (error) {
      next.reject(error)
    }
  }
}

/** Settles a promise; only the first call counts. */
class Settler {
  readonly #cell: Cell
  #isUsed = false

  constructor(cell: Cell) {
    this.#cell = cell
  }

  run(executor: Executor): void {
    try {
      executor(
        (value) => this.resolve(value),
        (reason) => this.reject(reason),
      )
    } catch (error) {
      this.reject(error)
    }
  }

  resolve(value: unknown): void {
    if (this.#isUsed) return
    this.#isUsed = true
    this.#cell.resolve(value)
  }

  reject(reason: unknown): void {
    if (this.#isUsed) return
    this.#isUsed = true
    this.#cell.settle('failed', reason)
  }
}

function nothing(): void {}

function circular(): never {
  throw new TypeError('A promise cannot wait for itself')
}

function thenOf(value: unknown): unknown {
  const isObject = (typeof value === 'object' && value !== null) || typeof value === 'function'
  return isObject ? (value as { then?: unknown }).then : undefined
}

function isCallable(value: unknown): value is (...given: never[]) => unknown {
  return typeof value === 'function'
}

/** A Promise of ES2018 and no more: what a base library of 2.10 has. Each app gets its own. */
export function createPromise(host: PromiseHost): OwnPromiseConstructor {
  return class OwnPromise implements Thenable {
    readonly #cell = new Cell(host, this)

    constructor(executor: Executor) {
      if (executor !== nothing) new Settler(this.#cell).run(executor)
    }

    // biome-ignore lint/suspicious/noThenProperty: it is a promise
    then(onOk?: Handler, onFail?: Handler): Thenable {
      const promise = new OwnPromise(nothing)
      this.#cell.listen({ onOk, onFail, next: new Settler(promise.#cell) })
      return promise
    }

    catch(onFail?: Handler): Thenable {
      return this.then(undefined, onFail)
    }

    finally(onEnd?: (() => unknown) | null): Thenable {
      if (typeof onEnd !== 'function') return this.then(undefined, undefined)
      return this.then(
        (value) => OwnPromise.resolve(onEnd()).then(() => value),
        (reason) =>
          OwnPromise.resolve(onEnd()).then(() => {
            throw reason
          }),
      )
    }

    static resolve(value?: unknown): Thenable {
      return value instanceof OwnPromise ? value : new OwnPromise((resolve) => resolve(value))
    }

    static reject(reason?: unknown): Thenable {
      return new OwnPromise((_, reject) => reject(reason))
    }

    static race(values: Iterable<unknown>): Thenable {
      return new OwnPromise((resolve, reject) => {
        for (const value of values) OwnPromise.resolve(value).then(resolve, reject)
      })
    }

    static all(values: Iterable<unknown>): Thenable {
      return new OwnPromise((resolve, reject) => {
        const list = [...values]
        const found: unknown[] = new Array(list.length)
        let missing = list.length
        if (missing === 0) resolve(found)
        list.forEach((value, index) => {
          OwnPromise.resolve(value).then((result) => {
            found[index] = result
            missing -= 1
            if (missing === 0) resolve(found)
          }, reject)
        })
      })
    }
  }
}
