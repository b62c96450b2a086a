import type { Clock } from './clock.ts'
import type { Random } from './random.ts'
import type { Store } from './store/store.ts'
import type { TakeLease } from './tier/lease.ts'

const OWNER_BYTES = 12
const HELD = /^([A-Za-z0-9_-]{16}) (\d{1,16})$/

interface Parts {
  readonly store: Pick<Store, 'findNote' | 'swapNote'>
  readonly clock: Clock
  readonly random: Random
}

/**
 * Leases by the store alone, for nodes that share no Redis. Their clocks may differ by less than a lease lasts; one that
 * seems to last longer than was asked for now was written by a clock that is wrong, and counts for nothing.
 */
export function createStoreLeases({ store, clock, random }: Parts): TakeLease {
  return async (name, lifeMs) => {
    const nowMs = clock.nowMs()
    const note = `lease ${name}`
    const expected = await store.findNote(note)
    if (isHeld(expected, nowMs, lifeMs)) return null
    const value = `${random.bytes(OWNER_BYTES).toString('base64url')} ${nowMs + lifeMs}`
    if (!(await store.swapNote({ name: note, expected, value }))) return null
    const release = async () => {
      await store.swapNote({ name: note, expected: value, value: null }).catch(() => false)
    }
    return { release }
  }
}

function isHeld(note: string | null, nowMs: number, lifeMs: number): boolean {
  const untilMs = Number(HELD.exec(note ?? '')?.[2] ?? 0)
  return untilMs > nowMs && untilMs <= nowMs + 2 * lifeMs
}

/** Redis first, for it costs the store nothing; the store where Redis is not there. */
export function preferLeases(first: TakeLease, second: TakeLease): TakeLease {
  return async (name, lifeMs) => {
    try {
      return await first(name, lifeMs)
    } catch {
      return second(name, lifeMs)
    }
  }
}
