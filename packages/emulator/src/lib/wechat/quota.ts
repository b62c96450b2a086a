import { type Machine, nowMs } from '../machine.ts'
import type { Quota } from '../state/world.ts'

interface Count {
  quotas: Map<string, Quota>
  key: string
  /** 0: no limit. */
  limit: number
  windowMs: number
}

/** Counts one more use in the window of now; true while within the limit. */
function withinQuota(machine: Machine, { quotas, key, limit, windowMs }: Count): boolean {
  if (limit === 0) return true
  const window = Math.floor(nowMs(machine) / windowMs)
  const known = quotas.get(key)
  const count = known?.window === window ? known.count + 1 : 1
  quotas.set(key, { window, count })
  return count <= limit
}

/** One more use of `key` in this minute of the virtual clock: still within the limit? */
export function withinMinuteQuota(machine: Machine, key: string, limit: number): boolean {
  return withinQuota(machine, { quotas: machine.world.minuteQuotas, key, limit, windowMs: 60_000 })
}

/** One more use of `key` in this UTC day of the virtual clock: still within the limit? */
export function withinDailyQuota(machine: Machine, key: string, limit: number): boolean {
  return withinQuota(machine, { quotas: machine.world.dailyQuotas, key, limit, windowMs: 86_400_000 })
}
