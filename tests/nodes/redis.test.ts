// Three servers that share a Redis beside their database: it is killed and comes back, and nobody notices.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { startRedis, type TestRedis } from '../../packages/server/src/lib/tier/testing/redis-server.ts'
import { needs } from '../../tools/needs.ts'
import { monotonicMs } from '../histories/history.ts'
import { POSTGRES } from './engines.ts'
import { type Fleet, startFleet } from './fleet.ts'
import { type Load, startLoad } from './load.ts'
import { HUB, proveOneToken } from './one-token.ts'

const NAMES = ['a', 'b', 'c']
const SHARED = 'redis_limits_total{outcome="shared"}'
const ALONE = 'redis_limits_total{outcome="alone"}'
const BACK_WITHIN_MS = 20_000

describe('three nodes that share a Redis', needs('postgresql', 'redis'), () => {
  let redis: TestRedis
  let fleet: Fleet
  before(async () => {
    redis = await startRedis()
    fleet = await startFleet(POSTGRES, NAMES, { ...HUB, REDIS_URL: `redis://127.0.0.1:${redis.port}` })
  })
  after(async () => {
    await fleet?.close()
    await redis?.remove()
  })

  const countOnEach = (line: string) => Promise.all(NAMES.map((name) => fleet.metric(name, line)))

  /** Limits are asked for at a login, and find Redis then. */
  async function untilFound(load: Load, times: number): Promise<void> {
    const untilGivenUpMs = monotonicMs() + BACK_WITHIN_MS
    const hasFound = (name: string) => fleet.node(name).output.stdout.split('"redis.back"').length > times
    while (!NAMES.every(hasFound)) {
      assert.ok(monotonicMs() < untilGivenUpMs, 'not every node finds Redis again')
      await load.act(NAMES.length)
    }
  }

  test('[F38] with Redis for the lease WeChat is asked for an access token once for all nodes', () =>
    proveOneToken(fleet, NAMES))

  test('[R18][T37] Redis is killed again and again: logins go on, sessions end everywhere within a second, no validation fails', async (t) => {
    const { history, recorder } = fleet.record()
    const load = startLoad(recorder, NAMES)
    try {
      await load.act(3)
      assert.ok((await countOnEach(SHARED)).every((count) => count > 0))
      assert.deepEqual(await countOnEach(ALONE), [0, 0, 0])
      for (const time of [1, 2]) {
        history.mark('fault.begun', 'Redis is killed')
        await Promise.all([load.act(4), redis.stop('SIGKILL')])
        await load.act(3)
        const alone = await countOnEach(ALONE)
        assert.ok(
          alone.every((count) => count >= time),
          `each limits for itself: ${alone}`,
        )
        await Promise.all([load.act(2), redis.start()])
        history.mark('fault.ended', 'Redis is killed')
        await untilFound(load, time)
        const shared = await countOnEach(SHARED)
        await load.act(3)
        const later = await countOnEach(SHARED)
        assert.ok(
          later.every((count, n) => count > (shared[n] ?? 0)),
          'they limit together again',
        )
      }
    } finally {
      await load.stop()
    }
    await load.askAll()
    const { lost, wronglyAccepted, unknown } = await fleet.judge(history, t)
    assert.deepEqual({ lost, wronglyAccepted, unknown }, { lost: 0, wronglyAccepted: 0, unknown: 0 })
    assert.ok(load.ended.length >= 20, `${load.ended.length} sessions ended`)
  })
})
