import type { Cluster, Redis } from 'ioredis'
import type { Random } from '../random.ts'
import { withinMs } from '../within.ts'
import type { Circuit } from './circuit.ts'

const WAIT_MS = 500
const OWNER_BYTES = 12

/** The right to do a thing that one node at a time does. It ends by itself, for who holds it may die. */
export interface Lease {
  /** Never rejects; what is not let go of ends by itself. */
  release(): Promise<void>
}

/**
 * The lease, or null: another node has it. A lease saves work, it guards nothing: who was stopped for longer than it
 * lasted still believes to have it, so what is written under it is written by comparing.
 */
export type TakeLease = (name: string, lifeMs: number) => Promise<Lease | null>

/** Removes it from who still has it, and from nobody else. */
const RELEASE = "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end return 0"

/** Rejects where Redis does not answer. */
export function createRedisLeases(client: Redis | Cluster, circuit: Circuit, random: Random): TakeLease {
  return async (name, lifeMs) => {
    if (circuit.isOpen) throw new Error('Redis is not there')
    const key = `yp:lease:${name}`
    const owner = random.bytes(OWNER_BYTES).toString('base64url')
    const answer = await withinMs(WAIT_MS, client.set(key, owner, 'PX', lifeMs, 'NX'))
    if (answer === null) return null
    if (answer !== 'OK') throw new Error('Redis answered with what is no lease')
    const release = async () => {
      await withinMs(WAIT_MS, client.eval(RELEASE, 1, key, owner)).catch(() => undefined)
    }
    return { release }
  }
}
