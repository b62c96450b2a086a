import { setTimeout as sleep } from 'node:timers/promises'
import { faultOf } from './errors.ts'

/** How long to wait between tries for a lock that another process holds: two seconds in all, off the event loop. */
export const PATIENCE_MS: readonly number[] = [1, 2, 5, 10, 20, ...Array<number>(39).fill(50)]

/**
 * Does the work now, or as soon as no other process is in the way.
 * @throws what the work throws; SQLite's own error when the lock lasts longer than the patience
 */
export async function whileBusy<Result>(
  work: () => Result,
  patienceMs: readonly number[] = PATIENCE_MS,
): Promise<Result> {
  for (const waitMs of patienceMs) {
    try {
      return work()
    } catch (error) {
      if (faultOf(error) !== 'busy') throw error
    }
    await sleep(waitMs)
  }
  return work()
}
