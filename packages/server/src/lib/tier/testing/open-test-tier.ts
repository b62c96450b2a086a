import type { TestContext } from 'node:test'
import { parseRedisUrl } from '../../load-config/redis-url.ts'
import { systemRandom } from '../../random.ts'
import { openTier, type Tier, type TierOptions } from '../open-tier.ts'

export interface TestTier extends Tier {
  readonly events: string[]
  readonly counts: Record<string, number>
  /** The circuit's time. */
  advance(milliseconds: number): void
}

/**
 * A node's tier. Its circuit stands still but for `advance`.
 * @param more `waitMs`: where a Redis that is slow for once would be one that is lost for the rest of the test
 */
export async function openTestTier(
  t: TestContext,
  url: string,
  more: Pick<TierOptions, 'waitMs'> = {},
): Promise<TestTier> {
  const target = parseRedisUrl(url)
  if (typeof target === 'string') throw new Error(target)
  const events: string[] = []
  const counts: Record<string, number> = {}
  let nowMs = 0
  const tier = await openTier(target, {
    ...more,
    random: systemRandom,
    hashKey: Buffer.alloc(32, 7),
    nowMs: () => nowMs,
    telemetry: {
      log: (_level, event) => void events.push(event),
      count: (_name, { outcome = '' }) => {
        counts[outcome] = (counts[outcome] ?? 0) + 1
      },
    },
  })
  t.after(() => tier.close())
  return {
    ...tier,
    events,
    counts,
    advance: (milliseconds) => {
      nowMs += milliseconds
    },
  }
}

/** As long as the driver itself waits for an answer. */
export const PATIENT = { waitMs: 1_000 }

/** Asks until it is so: how long a server takes to come back is its own affair. */
export async function until(
  what: string,
  isSo: () => Promise<boolean> | boolean,
  withinMs = 15_000,
): Promise<void> {
  const deadline = performance.now() + withinMs
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error(`Waited in vain: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** Lets the circuit try until what is counted is counted together again. */
export async function untilShared(tier: TestTier): Promise<void> {
  const probe = tier.makeLimit('probe', 1_000_000, 60)
  await until('shared again', async () => {
    tier.advance(1_000)
    const before = tier.counts['shared'] ?? 0
    await probe(`${Math.random()}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
    return (tier.counts['shared'] ?? 0) > before && tier.events.at(-1) !== 'redis.lost'
  })
}
