import { hkdfSync } from 'node:crypto'
import type { Config } from '../lib/config.ts'
import { type Random, systemRandom } from '../lib/random.ts'
import { preferLeases } from '../lib/store-lease.ts'
import type { Telemetry } from '../lib/telemetry.ts'
import type { TakeLease } from '../lib/tier/lease.ts'
import { type MakeLimit, makeLocalLimit } from '../lib/tier/limit.ts'

const LABEL = 'yaopai names of limits v1'
const KEY_BYTES = 32

/** What this node shares with others, or counts for itself. */
export interface OwnTier {
  readonly makeLimit: MakeLimit
  /** Null where there is no Redis. */
  readonly takeLease: TakeLease | null
  /** Leases through Redis where it answers, else by these. */
  readonly leasesOr: (others: TakeLease) => TakeLease
  readonly close: () => void
  /** For who cannot go on after all. */
  readonly givingUp: (error: unknown) => never
}

/**
 * The Redis of the configuration; its driver is loaded only then.
 * @throws RedisError with the cure, when it cannot be shared through
 */
export async function openOwnTier(
  { redis, masterKeys }: Pick<Config, 'redis' | 'masterKeys'>,
  telemetry: Telemetry,
  { random = systemRandom }: { readonly random?: Random },
): Promise<OwnTier> {
  if (redis === null) {
    const leasesOr = (others: TakeLease) => others
    return { makeLimit: makeLocalLimit, takeLease: null, leasesOr, ...ending(() => undefined) }
  }
  const { openTier } = await import('../lib/tier/open-tier.ts')
  const tier = await openTier(redis, { telemetry, random, hashKey: hashKeyOf(masterKeys) })
  const { makeLimit, takeLease } = tier
  const leasesOr = (others: TakeLease) => preferLeases(takeLease, others)
  return { makeLimit, takeLease, leasesOr, ...ending(() => tier.close()) }
}

function ending(close: () => void): Pick<OwnTier, 'close' | 'givingUp'> {
  return {
    close,
    givingUp: (error) => {
      close()
      throw error
    },
  }
}

/** The last key is the one that stays the longest while keys are rotated. It never leaves this process. */
function hashKeyOf(masterKeys: Config['masterKeys']): Uint8Array {
  const key = Buffer.from(masterKeys.at(-1)?.key.reveal() ?? '', 'base64')
  return new Uint8Array(hkdfSync('sha256', key, '', LABEL, KEY_BYTES))
}

const SWEEP_LEASE_MS = 55_000
/** Should something that is no Redis hold the lease for ever, the book is swept all the same. */
const MOST_PASSED_OVER = 10

/** Whether this node is the one that sweeps this time. Where no lease is to be had all may: sweeping twice harms nothing. */
export function oneNodeAtATime(takeLease: TakeLease | null): () => Promise<boolean> {
  let passedOver = 0
  return async () => {
    if (takeLease === null) return true
    try {
      const isOurs = (await takeLease('sweep', SWEEP_LEASE_MS)) !== null || passedOver >= MOST_PASSED_OVER
      passedOver = isOurs ? 0 : passedOver + 1
      return isOurs
    } catch {
      return true
    }
  }
}
