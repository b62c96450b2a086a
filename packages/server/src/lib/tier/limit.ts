import { LRUCache } from 'lru-cache'
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'

/** Keys counted at one time: the memory that limits may take is bounded too. */
const MAX_KEYS = 50_000

/** Counts one more; the seconds to wait when that was too many, else null. */
export type Limit = (key: string) => Promise<number | null>

/** @param name short, of a fixed list: limits of one name and all nodes count together where they share */
export type MakeLimit = (name: string, points: number, durationSeconds: number) => Limit

/** Counts in this process alone. @param maxKeys beyond these the ones longest unseen start anew */
export function createLocalLimit(points: number, durationSeconds: number, maxKeys = MAX_KEYS): Limit {
  const limiter = new RateLimiterMemory({ points, duration: durationSeconds })
  const known = new LRUCache<string, true>({
    // Unlike `max` this takes no memory beforehand.
    maxSize: maxKeys,
    sizeCalculation: () => 1,
    dispose: (_value, key, reason) => {
      if (reason === 'evict') void limiter.delete(key)
    },
  })
  return async (key) => {
    known.set(key, true)
    try {
      await limiter.consume(key)
      return null
    } catch (rejection) {
      if (!(rejection instanceof RateLimiterRes)) throw rejection
      return waitSeconds(rejection)
    }
  }
}

export const makeLocalLimit: MakeLimit = (_name, points, durationSeconds) =>
  createLocalLimit(points, durationSeconds)

export function waitSeconds({ msBeforeNext }: { readonly msBeforeNext: number }): number {
  return Math.max(1, Math.ceil(msBeforeNext / 1000))
}
