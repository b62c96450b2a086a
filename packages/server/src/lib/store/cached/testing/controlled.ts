import type { MonotonicClock } from '../../../clock.ts'
import { NOW_MS } from '../../contract/samples.ts'
import type { Store } from '../../store.ts'

/** Both clocks, put by hand: the wall clock goes with the monotonic one, and can be put elsewhere. */
export interface TestClocks {
  readonly clock: { nowMs(): number }
  readonly monotonic: MonotonicClock
  pass(ms: number): void
  putWall(byMs: number): void
}

export function createTestClocks(): TestClocks {
  let passedMs = 0
  let wallMs = NOW_MS
  return {
    clock: { nowMs: () => wallMs },
    monotonic: { nowMs: () => passedMs },
    pass(ms) {
      passedMs += ms
      wallMs += ms
    },
    putWall(byMs) {
      wallMs += byMs
    },
  }
}

/** A store some of whose calls wait, or fail, as the test says. */
export interface ControlledStore {
  readonly store: Store
  /** From now on calls of that verb do their work and hold the answer back until `release`. */
  holdAnswers(verb: keyof Store): { release(): void }
  /** From now on calls of that verb reject without doing anything; undefined: no more. */
  fail(verb: keyof Store, error: Error | undefined): void
  calls(verb: keyof Store): number
}

export function controlled(inner: Store): ControlledStore {
  const holds = new Map<PropertyKey, Promise<void>>()
  const failures = new Map<PropertyKey, Error>()
  const counts = new Map<PropertyKey, number>()
  const call = async (verb: keyof Store, args: readonly unknown[]): Promise<unknown> => {
    counts.set(verb, (counts.get(verb) ?? 0) + 1)
    const failure = failures.get(verb)
    if (failure !== undefined) throw failure
    const hold = holds.get(verb)
    const answer = await (inner[verb] as (...given: readonly unknown[]) => Promise<unknown>)(...args)
    await hold
    return answer
  }
  return {
    store: new Proxy(inner, {
      // It has to be waited for, as a store on another machine.
      get: (_, verb: keyof Store) =>
        verb === 'recallSession' || verb === 'isRecalledStill'
          ? undefined
          : (...args: readonly unknown[]) => call(verb, args),
    }),
    holdAnswers(verb) {
      const { promise, resolve } = withResolvers()
      holds.set(verb, promise)
      return {
        release() {
          holds.delete(verb)
          resolve()
        },
      }
    },
    fail(verb, error) {
      if (error === undefined) failures.delete(verb)
      else failures.set(verb, error)
    },
    calls: (verb) => counts.get(verb) ?? 0,
  }
}

function withResolvers(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = (): void => undefined
  const promise = new Promise<void>((done) => {
    resolve = done
  })
  return { promise, resolve }
}
