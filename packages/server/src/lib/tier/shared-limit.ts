import { createHmac } from 'node:crypto'
import type { Cluster, Redis } from 'ioredis'
import { RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible'
import { withinMs } from '../within.ts'
import type { Circuit } from './circuit.ts'
import { createLocalLimit, type Limit, waitSeconds } from './limit.ts'

/** A request waits no longer than this for the count of others; then its own node's has to do. */
export const WAIT_MS = 150
const KEY_BYTES = 12

export interface SharedLimitOptions {
  readonly client: Redis | Cluster
  readonly circuit: Circuit
  /** Under this keys are hashed: whoever reads Redis learns of no address, not by trying all of them either. */
  readonly hashKey: Uint8Array
  readonly count: (outcome: 'shared' | 'alone') => void
  readonly waitMs: number
}

/**
 * Counts in this process and, where that lets pass, with the other nodes in Redis. So a flood costs Redis no more than
 * what a node lets pass, and whatever Redis says or fails to say, no node lets pass more than it would by itself.
 */
export function createSharedLimit(
  { client, circuit, hashKey, count, waitMs }: SharedLimitOptions,
  name: string,
  { points, durationSeconds }: { readonly points: number; readonly durationSeconds: number },
): Limit {
  const local = createLocalLimit(points, durationSeconds)
  const keyPrefix = `yp:l:${name}`
  const limiter = new RateLimiterRedis({ storeClient: client, keyPrefix, points, duration: durationSeconds })

  const ask = async (key: string): Promise<number | null> => {
    try {
      const verdict = await withinMs(waitMs, consume(limiter, hashed(hashKey, key)))
      const seconds = judge(verdict, durationSeconds)
      circuit.succeeded()
      count('shared')
      return seconds
    } catch (error) {
      circuit.failed(error instanceof Error ? error.message : '')
      count('alone')
      return null
    }
  }

  return async (key) => {
    const seconds = await local(key)
    if (seconds !== null) return seconds
    if (!circuit.isOpen) return ask(key)
    if (circuit.claimProbe()) void ask(key)
    else count('alone')
    return null
  }
}

interface Verdict {
  readonly isOver: boolean
  readonly res: RateLimiterRes
}

async function consume(limiter: RateLimiterRedis, key: string): Promise<Verdict> {
  try {
    return { isOver: false, res: await limiter.consume(key) }
  } catch (rejection) {
    if (rejection instanceof RateLimiterRes) return { isOver: true, res: rejection }
    throw rejection
  }
}

/** @throws Error when what Redis said is no count */
function judge({ isOver, res }: Verdict, durationSeconds: number): number | null {
  const { consumedPoints, msBeforeNext } = res
  const isCount = Number.isSafeInteger(consumedPoints) && consumedPoints >= 1
  const isTime = Number.isFinite(msBeforeNext) && msBeforeNext >= 0 && msBeforeNext <= durationSeconds * 1000
  if (!isCount || !isTime) throw new Error('Redis answered with what is no count')
  return isOver ? waitSeconds(res) : null
}

function hashed(hashKey: Uint8Array, key: string): string {
  return createHmac('sha256', hashKey)
    .update(key, 'utf8')
    .digest()
    .subarray(0, KEY_BYTES)
    .toString('base64url')
}
