export type KeyedQueue = <T>(key: string, work: () => Promise<T>) => Promise<T>

/**
 * Runs work of one key one after the other, work of different keys side by side: a hundred first logins of one
 * user decide in turn instead of colliding in the store.
 */
export function createKeyedQueue(): KeyedQueue {
  const tails = new Map<string, Promise<unknown>>()
  return async (key, work) => {
    const before = tails.get(key)
    const mine = before === undefined ? work() : before.then(work, work)
    tails.set(key, mine)
    try {
      return await mine
    } finally {
      if (tails.get(key) === mine) tails.delete(key)
    }
  }
}
