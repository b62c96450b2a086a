import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { needs } from '../../../../../tools/needs.ts'
import { openTestTier, PATIENT, until, untilShared } from './testing/open-test-tier.ts'
import { startCluster, type TestRedis } from './testing/redis-server.ts'

describe('limits and leases through a cluster of six', needs('redis'), () => {
  let nodes: readonly TestRedis[]
  before(async () => {
    nodes = await startCluster()
  })
  after(async () => {
    for (const node of nodes) await node.remove()
  })

  test('[R17] primaries are killed one after the other: limits go on, and are shared again without a restart', async (t) => {
    const url = `redis://${nodes.map(({ port }) => `127.0.0.1:${port}`).join(',')}`
    const [one, other] = [await openTestTier(t, url, PATIENT), await openTestTier(t, url, PATIENT)]
    const pair = (name: string) => [one.makeLimit(name, 4, 60), other.makeLimit(name, 4, 60)] as const
    const [here, there] = pair('whole')
    for (let key = 0; key < 30; key += 1) {
      const waits = [await here(`${key}`), await there(`${key}`), await here(`${key}`), await there(`${key}`)]
      assert.deepEqual(waits, [null, null, null, null])
      assert.ok(Number(await here(`${key}`)) > 0, 'counted together on every shard')
    }
    assert.equal((await one.takeLease('work', 60_000)) === null, false)
    assert.equal(await other.takeLease('work', 60_000), null)
    await nodes[0]?.stop('SIGKILL')
    const [left, right] = pair('torn')
    for (let key = 0; key < 200; key += 1) {
      assert.deepEqual([await left(`${key}`), await right(`${key}`)], [null, null])
    }
    // The circuits' clocks stand still: of each node one request at most has waited for a shard that is gone.
    assert.ok(one.events.length <= 1 && other.events.length <= 1)
    await until('the replica takes over', async () =>
      /cluster_state:ok/.test(String(await nodes[1]?.ask('CLUSTER', 'INFO'))),
    )
    await untilShared(one)
    await untilShared(other)
    const [mine, yours] = pair('mended')
    await until('every shard counts', async () => {
      const name = `${Math.random()}`
      for (let n = 0; n < 20; n += 1) {
        const waits = [mine, yours, mine, yours].map((limit) => limit(`${name} ${n}`))
        await Promise.all(waits)
        if ((await mine(`${name} ${n}`)) === null) {
          one.advance(1_000)
          other.advance(1_000)
          return false
        }
      }
      return true
    })
  })

  test('[R18] all of it is gone: every node limits for itself', async (t) => {
    const living = nodes.slice(1).map(({ port }) => `127.0.0.1:${port}`)
    const tier = await openTestTier(t, `redis://${living.join(',')}`)
    for (const node of nodes) await node.stop('SIGKILL')
    const limit = tier.makeLimit('gone', 2, 60)
    assert.deepEqual([await limit('a'), await limit('a')], [null, null])
    assert.notEqual(await limit('a'), null)
    await assert.rejects(tier.takeLease('work', 1_000))
  })
})
