import { setTimeout as sleep } from 'node:timers/promises'
import { until } from '../../../packages/server/src/lib/tier/testing/open-test-tier.ts'
import {
  startCluster,
  startRedis,
  type TestRedis,
} from '../../../packages/server/src/lib/tier/testing/redis-server.ts'
import { startPostgresEngine } from '../engines.ts'
import { judge, slowestMs, unansweredReasons } from '../judge.ts'
import { type Fault, inflict, networkFaults, type Pace } from '../nemesis.ts'
import { startFaultProxy } from '../proxy.ts'
import type { Outcome, Round, Scenario } from '../scenario.ts'
import { createWorld, type World, waitUntil } from '../world.ts'
import { failedAny } from './exhausted.ts'

/** Of a cluster's six nodes, the first ones. */
const PRIMARIES = 3

const PROMISE =
  'every request is answered, no login is lost, what was ended is refused everywhere within 1 s; nodes limit together again by themselves'

export const clusterTorn: Scenario = {
  name: 'cluster-torn',
  row: 'R17',
  fault: 'primaries of a Redis Cluster are killed',
  promise: PROMISE,
  how: 'SIGKILL for one of three primaries, or one after the other, under load of two servers on one PostgreSQL that share the cluster',
  needs: ['postgresql', 'redis'],
  async run(round) {
    const redis = await startCluster()
    round.after(() => Promise.all(redis.map((node) => node.remove())))
    const places = redis.map(({ port }) => `127.0.0.1:${port}`).join(',')
    return playTorn(round, { url: `redis://${places}`, faults: killsOf(redis, round.isLong ? 2 : 1) })
  },
}

/** The primary that counts the logins goes first: only who asks one that is gone notices anything. */
function killsOf(redis: readonly TestRedis[], count: number): Fault[] {
  const alive = [...redis]
  return Array.from({ length: count }, (_, at): Fault => {
    const what = `primary ${at + 1} is killed`
    return {
      what,
      async begin() {
        const victim = at === 0 ? await untilCounting(redis) : alive[0]
        if (victim === undefined) throw new Error('No primary is left')
        alive.splice(alive.indexOf(victim), 1)
        await victim.stop('SIGKILL')
      },
      end: () => untilWhole(alive, at + 1),
    }
  })
}

async function untilCounting(redis: readonly TestRedis[]): Promise<TestRedis> {
  let counting: TestRedis | undefined
  await until('a primary counts logins', async () => {
    for (const node of redis.slice(0, PRIMARIES))
      if (String(await node.ask('KEYS', 'yp:l:login:*')) !== '') counting = node
    return counting !== undefined
  })
  if (counting === undefined) throw new Error('No primary counts logins')
  return counting
}

/** Until the others hold the dead for dead, and serve all keys without them. */
async function untilWhole([node]: readonly TestRedis[], dead: number): Promise<void> {
  await until('the cluster is whole again', async () => {
    const failed = String(await node?.ask('CLUSTER', 'NODES')).match(/master,fail /g)?.length ?? 0
    return failed >= dead && /cluster_state:ok/.test(String(await node?.ask('CLUSTER', 'INFO')))
  })
}

export const redisDown: Scenario = {
  name: 'redis-down',
  row: 'R18',
  fault: 'Redis is killed, stopped, full, a replica, cut off, or answers what is no Redis',
  promise: PROMISE,
  how:
    'SIGKILL, SIGSTOP, maxmemory 1, REPLICAOF, and a proxy that resets, refuses, swallows and lies, under load of two ' +
    'servers on one PostgreSQL that share it',
  needs: ['postgresql', 'redis'],
  async run(round) {
    const redis = await startRedis(['--maxmemory-policy', 'noeviction'])
    round.after(() => redis.remove())
    const proxy = await startFaultProxy(redis.port)
    round.after(() => proxy.close())
    const liar: Fault = {
      what: 'Redis answers garbage',
      begin: () => proxy.become({ kind: 'garbage' }),
      end: () => proxy.become({ kind: 'pass' }),
    }
    const faults = [...ownFaults(redis), ...networkFaults(proxy, 'Redis'), liar]
    return playTorn(round, { url: `redis://127.0.0.1:${proxy.port}`, faults })
  },
}

function ownFaults(redis: TestRedis): Fault[] {
  return [
    { what: 'Redis is killed', begin: () => redis.stop('SIGKILL'), end: () => redis.start() },
    {
      what: 'Redis is stopped',
      begin: () => redis.freeze(),
      end: () => redis.thaw(),
    },
    {
      what: 'Redis is full',
      begin: () => redis.ask('CONFIG', 'SET', 'maxmemory', '1'),
      end: () => redis.ask('CONFIG', 'SET', 'maxmemory', '0'),
    },
    {
      what: 'Redis is a replica',
      begin: () => redis.ask('REPLICAOF', '127.0.0.1', '1'),
      end: () => redis.ask('REPLICAOF', 'NO', 'ONE'),
    },
  ]
}

async function playTorn(
  round: Round,
  { url, faults }: { readonly url: string; readonly faults: readonly Fault[] },
): Promise<Outcome> {
  const { book } = await startPostgresEngine(round)
  const world = await createWorld(round, { book, nodes: ['a', 'b'], env: { REDIS_URL: url } })
  await world.startAll()
  const load = world.load({ logins: 40, logouts: 15, pauseMs: 5 })
  await sleep(300)
  const pace: Pace = round.isLong
    ? { lastsMs: [500, 6_000], restMs: 4_000 }
    : { lastsMs: [100, 300], restMs: 200 }
  const sinceMs = performance.now()
  await inflict(world, round, { faults, pace })
  const tornMs = performance.now() - sinceMs
  await waitUntil(() => isShared(world))
  await load.stop()
  const lost = world.nodes.map(({ server }) => timesSaid(server().output.stdout, 'redis.lost'))
  const outcome = await judge(world, {
    broken: [
      ...(lost.every((times) => times > 0) ? [] : ['a node did not notice that Redis was gone']),
      ...unansweredReasons(world),
    ],
    figures: {
      faults: faults.length,
      'all of them (ms)': Math.round(tornMs),
      'times a node was without Redis': lost.reduce((sum, times) => sum + times, 0),
      'slowest login (ms)': slowestMs(world, 'login'),
    },
  })
  return failedAny(outcome)
}

/** Every node has said as often that Redis is back as that it is lost. */
function isShared({ nodes }: World): boolean {
  return nodes.every(({ server }) => {
    const { stdout } = server().output
    return timesSaid(stdout, 'redis.lost') <= timesSaid(stdout, 'redis.back')
  })
}

function timesSaid(text: string, event: string): number {
  return text.split(`"${event}"`).length - 1
}
