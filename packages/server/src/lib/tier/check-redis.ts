import { Redis } from 'ioredis'
import type { RedisTarget } from '../config.ts'
import { withinMs } from '../within.ts'
import { RedisError, redisErrorOf } from './redis-error.ts'

const ANSWER_MS = 3_000

type Place = RedisTarget['nodes'][number]

/**
 * Whether limits can be shared through it, asked on a connection of its own that gives up at once.
 * @throws RedisError with what is wrong and the cure
 */
export async function checkRedis(target: RedisTarget): Promise<void> {
  let failure: unknown = null
  for (const place of target.nodes) {
    try {
      await checkPlace(target, place)
      return
    } catch (error) {
      failure = failure ?? redisErrorOf(error, `${place.host}:${place.port}`)
      // Of a cluster some nodes may be away; what one that answers says holds for all.
      if (!isAway(error)) break
    }
  }
  throw failure
}

function isAway(error: unknown): boolean {
  return error instanceof Error && /ECONNREFUSED|ETIMEDOUT|UNREACH|No answer|closed/.test(String(error))
}

async function checkPlace(target: RedisTarget, { host, port }: Place): Promise<void> {
  const client = new Redis({
    host,
    port,
    ...(target.isTls ? { tls: {} } : {}),
    protocol: 2,
    lazyConnect: true,
    enableReadyCheck: false,
    disableClientInfo: true,
    maxRetriesPerRequest: 0,
    connectTimeout: ANSWER_MS,
    retryStrategy: () => null,
  })
  let heard: unknown = null
  client.on('error', (error: unknown) => {
    heard = heard ?? error
  })
  try {
    await withinMs(ANSWER_MS, client.connect())
    await withinMs(ANSWER_MS, converse(client, target))
  } catch (error) {
    // What befell the connection says more than what then became of a command.
    throw heard ?? error
  } finally {
    client.disconnect()
  }
}

async function converse(client: Redis, target: RedisTarget): Promise<void> {
  const { kind, username, password, db } = target
  if (password !== null) {
    const secret = password.reveal()
    await (username === null ? client.auth(secret) : client.auth(username, secret))
  }
  await client.ping()
  if (db !== 0) await client.select(db)
  if (kind === 'cluster') return judgeCluster(String(await client.call('CLUSTER', 'INFO')))
  judgeNode(await client.info())
  await client.eval(
    "redis.call('set', KEYS[1], '1', 'PX', 1000) return redis.call('pttl', KEYS[1])",
    1,
    'yp:check',
  )
}

function judgeNode(info: string): void {
  if (/^cluster_enabled:1/m.test(info)) throw new Error('MOVED')
  if (/^role:slave/m.test(info)) throw new Error('READONLY')
  if (/^loading:1/m.test(info)) throw new Error('LOADING')
}

function judgeCluster(info: string): void {
  if (/^cluster_state:ok/m.test(info)) return
  throw /cluster_state/.test(info)
    ? new Error('CLUSTERDOWN')
    : new RedisError('REDIS_URL: no cluster answers')
}
