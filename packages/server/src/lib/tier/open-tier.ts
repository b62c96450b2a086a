import { Cluster, Redis } from 'ioredis'
import type { RedisTarget } from '../config.ts'
import type { Random } from '../random.ts'
import type { Telemetry } from '../telemetry.ts'
import { withinMs } from '../within.ts'
import { checkRedis } from './check-redis.ts'
import { createCircuit } from './circuit.ts'
import { createRedisLeases, type TakeLease } from './lease.ts'
import type { MakeLimit } from './limit.ts'
import { redisErrorOf } from './redis-error.ts'
import { createSharedLimit, WAIT_MS } from './shared-limit.ts'

const READY_MS = 5_000
const COMMAND_MS = 1_000
/** A peer that went away without a word is given up after so long, and connected to anew. */
const SILENCE_MS = 3_000
const LONGEST_PAUSE_MS = 1_000

/** What nodes share in passing. Losing it loses nothing that was promised. */
export interface Tier {
  readonly makeLimit: MakeLimit
  /** Rejects where Redis does not answer. */
  readonly takeLease: TakeLease
  close(): void
}

export interface TierOptions {
  readonly telemetry: Telemetry
  readonly random: Random
  /** Secret: under it keys are hashed. The same on all nodes, or they count apart. */
  readonly hashKey: Uint8Array
  /** Monotonic. Default: the process's. */
  readonly nowMs?: () => number
  /** How long a request waits for the count of others; for tests, whose machine may be busy. */
  readonly waitMs?: number
}

/**
 * Connects to the Redis that the configuration names; it comes back by itself when it was away.
 * @throws RedisError with the cure, when it is not fit for this at the start
 */
export async function openTier(target: RedisTarget, options: TierOptions): Promise<Tier> {
  await checkRedis(target)
  const client = createClient(target)
  // Each failure is seen where a command fails; a listener must be there, or the process would end.
  client.on('error', () => undefined)
  try {
    await withinMs(READY_MS, untilReady(client))
  } catch (error) {
    client.disconnect()
    const [{ host, port } = { host: '', port: 0 }] = target.nodes
    throw redisErrorOf(error, `${host}:${port}`)
  }
  return tierOf(client, options)
}

function tierOf(client: Redis | Cluster, options: TierOptions): Tier {
  const { telemetry, random, hashKey, nowMs = () => performance.now(), waitMs = WAIT_MS } = options
  const circuit = createCircuit({
    nowMs,
    onOpen: (cause) =>
      telemetry.log('warn', 'redis.lost', { cause, advice: 'Every node limits for itself until it is back' }),
    onClose: () => telemetry.log('info', 'redis.back'),
  })
  const count = (outcome: string) => telemetry.count('redis_limits', { outcome })
  return {
    makeLimit: (name, points, durationSeconds) =>
      createSharedLimit({ client, circuit, hashKey, count, waitMs }, name, { points, durationSeconds }),
    takeLease: createRedisLeases(client, circuit, random),
    close: () => client.disconnect(),
  }
}

function createClient(target: RedisTarget): Redis | Cluster {
  const { kind, nodes, db, username, password, isTls } = target
  const [node] = nodes
  const shared = {
    ...(username === null ? {} : { username }),
    ...(password === null ? {} : { password: password.reveal() }),
    ...(isTls ? { tls: {} } : {}),
    protocol: 2,
    connectTimeout: COMMAND_MS,
    commandTimeout: COMMAND_MS,
    socketTimeout: SILENCE_MS,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    // Another one has become the primary behind the same address.
    reconnectOnError: (error: Error) => (error.message.startsWith('READONLY') ? 1 : false),
  } as const
  if (kind === 'cluster') return new Cluster([...nodes], { ...CLUSTER_OPTIONS, redisOptions: shared })
  return new Redis({ ...shared, ...node, db, enableOfflineQueue: false, retryStrategy: pauseMs })
}

const CLUSTER_OPTIONS = {
  enableOfflineQueue: false,
  clusterRetryStrategy: pauseMs,
  slotsRefreshTimeout: COMMAND_MS,
  slotsRefreshInterval: 5_000,
  retryDelayOnFailover: 100,
  retryDelayOnClusterDown: 100,
  maxRedirections: 4,
}

function pauseMs(times: number): number {
  return Math.min(LONGEST_PAUSE_MS, 50 * 2 ** Math.min(times, 10))
}

function untilReady(client: Redis | Cluster): Promise<void> {
  return new Promise((resolve) => {
    if (client.status === 'ready') resolve()
    else client.once('ready', () => resolve())
  })
}
