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
const GIVEN_UP_AFTER_MS = 20_000

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

  /** Limits are asked for at a login, and find Redis then: until every node has counted so more often than that. */
  async function untilMore(load: Load, line: string, before: readonly number[]): Promise<void> {
    const untilGivenUpMs = monotonicMs() + GIVEN_UP_AFTER_MS
    const isMore = async () => (await countOnEach(line)).every((count, n) => count > (before[n] ?? 0))
    do {
      assert.ok(monotonicMs() < untilGivenUpMs, `not every node counts ${line}`)
      await load.act(NAMES.length)
    } while (!(await isMore()))
  }

  test('[F38] with Redis for the lease WeChat is asked for an access token once for all nodes', () =>
    proveOneToken(fleet, NAMES))

  test('[R18][T37] Redis is killed again and again: logins go on, sessions end everywhere within a second, no validation fails', async (t) => {
    const { history, recorder } = fleet.record()
    const load = startLoad(recorder, NAMES)
    try {
      await untilMore(load, SHARED, [0, 0, 0])
      for (const time of [1, 2]) {
        const alone = await countOnEach(ALONE)
        history.mark('fault.begun', `Redis is killed the ${time}. time`)
        await Promise.all([load.act(4), redis.stop('SIGKILL')])
        await untilMore(load, ALONE, alone)
        const shared = await countOnEach(SHARED)
        await Promise.all([load.act(2), redis.start()])
        history.mark('fault.ended', `Redis is killed the ${time}. time`)
        await untilMore(load, SHARED, shared)
      }
    } finally {
      await load.stop()
    }
    await load.askAll()
    const { acked } = await fleet.judge(history, t)
    const failures = fleet.unanswered(history)
    const logins = failures.filter((each) => each.startsWith('login'))
    const told = failures.join('\n')
    assert.ok(!failures.some((each) => /^(validate|revoke)/.test(each)), told)
    // A machine that is busy with other tests may keep WeChat's answer back for too long.
    assert.ok(logins.length < acked / 100, told)
    assert.ok(load.ended.length >= 20, `${load.ended.length} sessions ended`)
  })
})
