import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { startRedis, type TestRedis } from '../../packages/server/src/lib/tier/testing/redis-server.ts'
import { needs } from '../../tools/needs.ts'
import { login, statusOf, tokenOf } from './support/client.ts'
import { createRig } from './support/rig.ts'

describe('servers that share a Redis', needs('redis'), () => {
  let redis: TestRedis
  before(async () => {
    redis = await startRedis(['--requirepass', 'secretword'])
  })
  after(() => redis.remove())
  const url = () => `redis://:secretword@127.0.0.1:${redis.port}`

  test('[F80] a Redis that does not fit ends the start with 78, the cure, and nothing of the password', async (t) => {
    const rig = await createRig(t)
    const cases: [string, RegExp][] = [
      [`redis://:wrongword@127.0.0.1:${redis.port}`, /does not take the password/],
      ['redis://127.0.0.1:1', /nothing listens there/],
    ]
    for (const [REDIS_URL, told] of cases) {
      const { exitCode, stdout, stderr } = await rig.run(['serve'], { REDIS_URL })
      assert.equal(exitCode, 78, stderr)
      assert.match(stderr, told)
      assert.match(stderr, /REDIS_URL/)
      assert.doesNotMatch(stdout + stderr, /wrongword/)
    }
  })

  test('[F80] config print shows where Redis is, and no password', async (t) => {
    const rig = await createRig(t)
    const { exitCode, stdout } = await rig.run(['config', 'print'], { REDIS_URL: url() })
    assert.equal(exitCode, 0)
    assert.match(stdout, new RegExp(`redisUrl +redis://127.0.0.1:${redis.port} +environment`))
    assert.doesNotMatch(stdout, /secretword/)
  })

  test('[R18] two servers limit together, each by itself once Redis is gone, and no login is lost', async (t) => {
    const [one, other] = [await createRig(t), await createRig(t)]
    const env = { REDIS_URL: url(), LOGIN_LIMIT_PER_IP: '4' }
    // They share nothing but Redis: each has a database and a WeChat of its own, and keys must be the same.
    const masterKey = { YAOPAI_MASTER_KEY: one.env['YAOPAI_MASTER_KEY'] ?? '' }
    const servers = [
      await one.serve({ ...env, ...masterKey }),
      await other.serve({ ...env, ...masterKey }),
    ] as const
    const [here, there] = servers
    const token = await tokenOf(here.publicUrl, one.code('alice'))
    await tokenOf(there.publicUrl, other.code('alice'))
    await tokenOf(here.publicUrl, one.code('bob'))
    await tokenOf(there.publicUrl, other.code('bob'))
    assert.equal((await login(here.publicUrl, one.code('carol'))).status, 429)
    await redis.stop('SIGKILL')
    assert.equal((await login(there.publicUrl, other.code('carol'))).status, 200, 'its third of four')
    assert.equal(await statusOf(here.publicUrl, token), 200)
    assert.match(there.output.stdout, /"redis\.lost"/)
    assert.doesNotMatch(here.output.stdout + there.output.stdout, /secretword/)
    const ends = await Promise.all(servers.map((server) => server.stop()))
    assert.deepEqual(
      ends.map(({ exitCode }) => exitCode),
      [0, 0],
    )
  })
})
