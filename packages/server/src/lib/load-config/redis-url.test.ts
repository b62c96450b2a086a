import assert from 'node:assert/strict'
import { test } from 'node:test'
import { loadConfig } from './load-config.ts'
import { describeRedis, parseRedisUrl } from './redis-url.ts'

const env = {
  WECHAT_APPID: 'wx0123456789abcdef',
  WECHAT_SECRET: 'a'.repeat(32),
  YAOPAI_MASTER_KEY: `k1:${Buffer.from(Array.from({ length: 32 }, (_, n) => n * 7)).toString('base64')}`,
}
const noFile = () => ({ ok: false, reason: 'missing' }) as const

test('[F80] REDIS_URL is one node, or the nodes of a cluster with what the first of them says', () => {
  const cases: [string, string, object][] = [
    ['redis://h', 'redis://h:6379', { kind: 'node', db: 0, username: null, isTls: false }],
    ['rediss://u:p%40ss@h:7/3', 'rediss://h:7/3', { kind: 'node', db: 3, username: 'u', isTls: true }],
    ['redis://:s@[::1]:7', 'redis://[::1]:7', { kind: 'node', nodes: [{ host: '::1', port: 7 }] }],
    [
      'redis://:s@a:1, b:2,redis://c',
      'redis://a:1,b:2,c:6379',
      {
        kind: 'cluster',
        nodes: [
          { host: 'a', port: 1 },
          { host: 'b', port: 2 },
          { host: 'c', port: 6379 },
        ],
      },
    ],
  ]
  for (const [text, described, expected] of cases) {
    const target = parseRedisUrl(text)
    assert.ok(typeof target !== 'string', text)
    assert.equal(describeRedis(target), described)
    assert.deepEqual({ ...target, ...expected }, target)
  }
  const withPassword = parseRedisUrl('rediss://u:p%40ss@h:7/3')
  assert.ok(typeof withPassword !== 'string')
  assert.equal(withPassword.password?.reveal(), 'p@ss')
  assert.doesNotMatch(JSON.stringify(withPassword), /p@ss|p%40ss/)
})

test('[F80] a REDIS_URL that cannot be one is told with the cure, and nothing of its value', () => {
  const wrong = [
    'localhost:6379',
    'http://:secretword@h',
    'redis://',
    'redis://:secretword@h/x',
    'redis://:secretword@h:99999',
    'redis://:secretword@a,rediss://b',
    'redis://:secretword@a/1,b',
    'redis://:secretword@a,b/1',
    'redis://:secretword#@h',
    'redis://:secretword@a,,b',
    'redis://:%E0%A4%A@a',
    'redis://:secretword@a?family=6',
  ]
  for (const text of wrong) {
    const loaded = loadConfig({ env: { ...env, REDIS_URL: text }, cwd: '/nowhere', readFile: noFile })
    assert.ok(!loaded.ok, text)
    assert.deepEqual(
      loaded.problems.map(({ setting }) => setting),
      ['REDIS_URL'],
    )
    assert.match(loaded.problems[0]?.cure ?? '', /redis:\/\/:password@.*# .*%23/)
    assert.doesNotMatch(JSON.stringify(loaded), /secretword/)
  }
})

test('[F80] REDIS_URL comes from variable, file or reference, or not at all', () => {
  const file = JSON.stringify({ redisUrl: { env: 'SHARED' } })
  const load = (more: Record<string, string>, config = '{}') =>
    loadConfig({
      env: { ...env, ...more },
      cwd: '/nowhere',
      readFile: (path) => {
        if (path.endsWith('yaopai.config.json')) return { ok: true, text: config, mode: null }
        return path.endsWith('redis.url') ? { ok: true, text: 'redis://f\n', mode: null } : noFile()
      },
    })
  const hostOf = (loaded: ReturnType<typeof load>) => loaded.ok && loaded.config.redis?.nodes[0]?.host
  assert.equal(hostOf(load({ REDIS_URL: 'redis://v' })), 'v')
  assert.equal(hostOf(load({ REDIS_URL_FILE: 'redis.url' })), 'f')
  assert.equal(hostOf(load({ SHARED: 'redis://r' }, file)), 'r')
  const none = load({})
  assert.ok(none.ok)
  assert.equal(none.config.redis, null)
  assert.ok(!load({ REDIS_URL: 'redis://v', REDIS_URL_FILE: 'redis.url' }).ok)
})
