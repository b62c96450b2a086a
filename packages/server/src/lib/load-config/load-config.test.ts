import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { inspect } from 'node:util'
import fc from 'fast-check'
import { formatToken } from '../session/token.ts'
import { describeDatabase } from './database-url.ts'
import { loadConfigOptions } from './from-options.ts'
import { loadConfig, loadDatabaseUrl } from './load-config.ts'
import type { ReadFile } from './read-text-file.ts'

const cwd = '/srv/shop'
const secret = 'f00dfeedf00dfeedf00dfeedf00dfeed'
const masterKey = `k1:${randomBytes(32).toString('base64')}`
const apiKey = formatToken('yk1_', 4711, randomBytes(32))
const good = { WECHAT_APPID: 'wx0123456789abcdef', WECHAT_SECRET: secret, YAOPAI_MASTER_KEY: masterKey }

interface Files {
  readonly [path: string]:
    | string
    | { readonly text: string; readonly mode: number; readonly isAnothers?: boolean }
}

function filesOf(files: Files): ReadFile {
  return (path) => {
    const file = Object.entries(files).find(([name]) => join(cwd, name) === path)?.[1]
    if (file === undefined) return { ok: false, reason: 'missing' }
    return typeof file === 'string' ? { ok: true, text: file, mode: 0o600 } : { ok: true, ...file }
  }
}

function load(env: Record<string, string | undefined>, files: Files = {}, execArgv: string[] = []) {
  return loadConfig({ env: { ...good, ...env }, cwd, readFile: filesOf(files), execArgv })
}

function problemsOf(...args: Parameters<typeof load>) {
  const loaded = load(...args)
  return loaded.ok ? [] : loaded.problems
}

function configOf(...args: Parameters<typeof load>) {
  const loaded = load(...args)
  assert.ok(loaded.ok, inspect(loaded))
  return loaded
}

describe('layers', () => {
  test('three variables are enough, and the defaults are the documented ones', () => {
    const { config, sources, warnings } = configOf({})
    assert.deepEqual(warnings, [])
    assert.equal(config.host, '127.0.0.1')
    assert.equal(config.port, 8787)
    assert.equal(config.internalPort, 8789)
    assert.equal(config.basePath, '')
    assert.equal(describeDatabase(config.database), `file:${join(cwd, '.yaopai', 'yaopai.db')}`)
    assert.equal(config.wechatApiBase, 'https://api.weixin.qq.com')
    assert.equal(config.loginLimitPerIp, 600)
    assert.equal(config.eventRetentionDays, 180)
    assert.equal(config.apps[0]?.secret.reveal(), secret)
    assert.equal(sources['port'], 'default')
  })

  test('the environment counts before .env.local, that before .env, that before the file', () => {
    const file = JSON.stringify({ port: 1, internalPort: 2, loginLimitPerIp: 3, logLevel: 'warn' })
    const files = {
      'yaopai.config.json': file,
      '.env': 'PORT=11\nINTERNAL_PORT=12\nLOGIN_LIMIT_PER_IP=13\n',
      '.env.local': 'PORT=21\r\nINTERNAL_PORT=22\r\n',
    }
    const { config, sources } = configOf({ PORT: '31' }, files)
    assert.deepEqual(
      [config.port, config.internalPort, config.loginLimitPerIp, config.logLevel],
      [31, 22, 13, 'warn'],
    )
    assert.deepEqual(
      [sources['port'], sources['internalPort'], sources['loginLimitPerIp'], sources['logLevel']],
      ['environment', '.env.local', '.env', 'yaopai.config.json'],
    )
  })

  test('a variable that is set to nothing counts as not set', () => {
    assert.equal(configOf({ PORT: '', HOST: '  ' }).config.port, 8787)
  })

  test('several apps, policies and back ends come from the file, their secrets from where it points', () => {
    const file = JSON.stringify({
      apps: [
        {
          appid: 'wx00000000000000aa',
          secret: { env: 'SHOP_SECRET' },
          classicLogin: true,
          policy: { idleSeconds: 600 },
        },
        { appid: 'wx00000000000000bb', secret: { file: 'b.secret' }, openPlatform: 'group' },
      ],
      backends: [{ name: 'orders', key: { file: 'orders.key' }, scopes: ['introspect'] }],
    })
    const files = { 'yaopai.config.json': `\uFEFF${file}`, 'b.secret': `${secret}\r\n`, 'orders.key': apiKey }
    const env = { WECHAT_APPID: undefined, WECHAT_SECRET: undefined, SHOP_SECRET: secret }
    const { config } = configOf(env, files)
    assert.deepEqual(
      config.apps.map((app) => [
        app.appid,
        app.openPlatform,
        app.classicLogin,
        app.policy.idleSeconds,
        app.policy.maxSessions,
      ]),
      [
        ['wx00000000000000aa', 'default', true, 600, 10],
        ['wx00000000000000bb', 'group', false, 259_200, 10],
      ],
    )
    assert.equal(config.backends[0]?.keySelector, 4711)
    assert.ok(Object.isFrozen(config) && Object.isFrozen(config.apps[0]?.policy))
  })

  test('API keys of the environment carry scopes, also the one with a colon in it', () => {
    const { config } = configOf({ YAOPAI_API_KEYS: `ops:admin+identity:read:${apiKey}` })
    assert.deepEqual(config.backends[0]?.scopes, ['admin', 'identity:read'])
  })

  test('a file: URL with slashes and a relative one name the same file', () => {
    const relative = configOf({ DATABASE_URL: 'file:data/y.db' }).config.database
    assert.deepEqual(relative, configOf({ DATABASE_URL: `file://${cwd}/data/y.db` }).config.database)
  })

  test('commands on the database need no app and no key', () => {
    const loaded = loadDatabaseUrl({ env: { DATABASE_URL: 'file:x.db' }, cwd, readFile: filesOf({}) })
    assert.deepEqual(loaded, {
      ok: true,
      database: { kind: 'sqlite', file: join(cwd, 'x.db') },
      source: 'environment',
    })
  })
})

/** Setting that must be named, environment, files, Node's switches. */
const unsafe: [
  setting: string,
  env: Record<string, string | undefined>,
  files?: Files,
  execArgv?: string[],
][] = [
  ['WECHAT_API_BASE', { WECHAT_API_BASE: 'http://127.0.0.1:8788' }],
  ['WECHAT_API_BASE', { WECHAT_API_BASE: 'https://api.weixin.qq.com.evil.example' }],
  ['WECHAT_API_BASE', { WECHAT_API_BASE: 'https://127.0.0.1:8788' }],
  ['WECHAT_API_BASE', { WECHAT_API_BASE: 'https://user:pw@api.weixin.qq.com' }],
  [
    'YAOPAI_INSECURE_EMULATOR',
    { WECHAT_API_BASE: 'http://127.0.0.1:8788', YAOPAI_INSECURE_EMULATOR: '1', HOST: '0.0.0.0' },
  ],
  [
    'YAOPAI_INSECURE_EMULATOR',
    { WECHAT_API_BASE: 'http://127.0.0.1:8788', YAOPAI_INSECURE_EMULATOR: '1', HOST: '::' },
  ],
  ['YAOPAI_INSECURE_EMULATOR', { YAOPAI_INSECURE_EMULATOR: '1' }],
  ['YAOPAI_INSECURE_EMULATOR', { YAOPAI_INSECURE_EMULATOR: 'yes' }],
  ['NODE_TLS_REJECT_UNAUTHORIZED', { NODE_TLS_REJECT_UNAUTHORIZED: '0' }],
  ['WECHAT_APPID', { WECHAT_APPID: 'wxa1b2c3d4e5f60718' }],
  ['YAOPAI_MASTER_KEY', { YAOPAI_MASTER_KEY: `dev:${randomBytes(32).toString('base64')}` }],
  ['YAOPAI_MASTER_KEY', { YAOPAI_MASTER_KEY: `k1:${Buffer.alloc(32).toString('base64')}` }],
  ['YAOPAI_API_KEYS', { YAOPAI_API_KEYS: `dev:admin:${apiKey}` }],
  ['NODE_OPTIONS', { NODE_OPTIONS: '--max-old-space-size=64 --inspect=0.0.0.0:9229' }],
  ['NODE_OPTIONS', { NODE_OPTIONS: '--inspect-brk' }],
  ['NODE_OPTIONS', { NODE_OPTIONS: '--inspect_brk=0' }],
  ['NODE_OPTIONS', { NODE_OPTIONS: '"--inspect=0"' }],
  ['--inspect', {}, {}, ['--inspect-port=0']],
  ['--inspect', {}, {}, ['--inspect_wait=0']],
  ['TRUST_PROXY', { TRUST_PROXY: '0.0.0.0/0' }],
  ['TRUST_PROXY', { TRUST_PROXY: '10.0.0.0/8,::/0' }],
  ['TRUST_PROXY', { TRUST_PROXY: '0.0.0.0/00' }],
  ['TRUST_PROXY', { TRUST_PROXY: '10.0.0.0/08' }],
  ['TRUST_PROXY', { TRUST_PROXY: '0.0.0.0/1,128.0.0.0/1' }],
  ['TRUST_PROXY', { TRUST_PROXY: '8000::/1' }],
  ['TRUST_PROXY', { TRUST_PROXY: '::ffff:0:0/96' }],
  ['TRUST_PROXY', { TRUST_PROXY: '::/64' }],
  ['INTERNAL_PORT', { PORT: '9000', INTERNAL_PORT: '9000' }],
  [
    'WECHAT_SECRET_FILE',
    { WECHAT_SECRET: undefined, WECHAT_SECRET_FILE: 's' },
    { s: { text: secret, mode: 0o666 } },
  ],
  [
    'apps[0].secret',
    {},
    { 'yaopai.config.json': `{"apps":[{"appid":"wx00000000000000aa","secret":"${secret}"}]}` },
  ],
]

/** The same, for what is missing or malformed. */
const malformed: typeof unsafe = [
  ['YAOPAI_MASTER_KEY', { YAOPAI_MASTER_KEY: undefined }],
  ['YAOPAI_MASTER_KEY', { YAOPAI_MASTER_KEY: `k1:${randomBytes(31).toString('base64')}` }],
  ['YAOPAI_MASTER_KEY', { YAOPAI_MASTER_KEY: randomBytes(32).toString('base64') }],
  ['YAOPAI_MASTER_KEY', { YAOPAI_MASTER_KEY: `${masterKey},${masterKey}` }],
  ['YAOPAI_MASTER_KEY', { YAOPAI_MASTER_KEY_FILE: 'k' }, { k: masterKey }],
  ['YAOPAI_MASTER_KEY_FILE', { YAOPAI_MASTER_KEY: undefined, YAOPAI_MASTER_KEY_FILE: 'nowhere' }],
  ['YAOPAI_MASTER_KEY_FILE', { YAOPAI_MASTER_KEY: undefined, YAOPAI_MASTER_KEY_FILE: 'k' }, { k: ' \n' }],
  ['YAOPAI_MASTER_KEY_FILE', { YAOPAI_MASTER_KEY: undefined, YAOPAI_MASTER_KEY_FILE: masterKey }],
  ['WECHAT_SECRET_FILE', { WECHAT_SECRET: undefined, WECHAT_SECRET_FILE: secret }],
  ['YAOPAI_API_KEYS_FILE', { YAOPAI_API_KEYS_FILE: `shop:introspect:${apiKey}` }],
  ['DATABASE_URL_FILE', { DATABASE_URL_FILE: `postgres://yaopai:${secret}@db.example/yaopai` }],
  ['REDIS_URL_FILE', { REDIS_URL_FILE: `redis://:${secret}@redis.example` }],
  [
    'apps[0].secret',
    {},
    { 'yaopai.config.json': `{"apps":[{"appid":"wx00000000000000aa","secret":{"env":"${secret}"}}]}` },
  ],
  ['YAOPAI_API_KEYS', { YAOPAI_API_KEYS: `shop:introspect:${apiKey.slice(0, -1)}` }],
  ['YAOPAI_API_KEYS', { YAOPAI_API_KEYS: `shop:introspection:${apiKey}` }],
  ['YAOPAI_API_KEYS', { YAOPAI_API_KEYS: apiKey }],
  ['YAOPAI_API_KEYS', { YAOPAI_API_KEYS: `a:admin:${apiKey},b:admin:${apiKey}` }],
  ['WECHAT_APPID', { WECHAT_APPID: undefined, WECHAT_SECRET: undefined }],
  ['WECHAT_APPID', { WECHAT_APPID: undefined }],
  ['WECHAT_APPID', { WECHAT_APPID: 'wx123' }],
  ['WECHAT_SECRET', { WECHAT_SECRET: undefined }],
  ['WECHAT_SECRET', { WECHAT_SECRET: secret.slice(1) }],
  ['DATABASE_URL', { DATABASE_URL: 'file:' }],
  ['DATABASE_URL', { DATABASE_URL: './yaopai.db' }],
  ['REDIS_URL', { REDIS_URL: 'http://127.0.0.1' }],
  ['PORT', { PORT: '80 80' }],
  ['PORT', { PORT: '65536' }],
  ['HOST', { HOST: 'http://127.0.0.1' }],
  ['BASE_PATH', { BASE_PATH: 'yaopai' }],
  ['BASE_PATH', { BASE_PATH: '/yaopai/' }],
  ['LOG_LEVEL', { LOG_LEVEL: 'loud' }],
  ['EVENT_RETENTION_DAYS', { EVENT_RETENTION_DAYS: '0' }],
  ['LOGIN_LIMIT_PER_IP', { LOGIN_LIMIT_PER_IP: '-1' }],
  ['TRUST_PROXY', { TRUST_PROXY: 'nginx' }],
  ['YAOPAI_CONFIG', { YAOPAI_CONFIG: 'nowhere.json' }],
  ['yaopai.config.json', {}, { 'yaopai.config.json': '{"port": 1,}' }],
  ['yaopai.config.json', {}, { 'yaopai.config.json': '[]' }],
  ['port', {}, { 'yaopai.config.json': '{"port": 1, "port": 2}' }],
  [
    'apps[1].classicLogin',
    {},
    {
      'yaopai.config.json':
        '{"apps":[{"appid":"wx00000000000000aa","secret":{"env":"WECHAT_SECRET"},"classicLogin":true},{"appid":"wx00000000000000bb","secret":{"env":"WECHAT_SECRET"},"classicLogin":true}]}',
    },
  ],
  ['prot', {}, { 'yaopai.config.json': '{"prot": 1}' }],
  [
    'apps[0].appId',
    {},
    { 'yaopai.config.json': `{"apps":[{"appId":"wx00000000000000aa","secret":{"env":"A"}}]}` },
  ],
  [
    'apps[0].secret',
    {},
    { 'yaopai.config.json': '{"apps":[{"appid":"wx00000000000000aa","secret":{"env":"NOT_SET"}}]}' },
  ],
  [
    'apps[0].policy.maxSessions',
    {},
    {
      'yaopai.config.json':
        '{"apps":[{"appid":"wx00000000000000aa","secret":{"env":"WECHAT_SECRET"},"policy":{"maxSessions":0}}]}',
    },
  ],
]

describe('what does not fit is named with its cure', () => {
  for (const [setting, env, files, execArgv] of [...unsafe, ...malformed]) {
    // Keys are made anew in each run; a title stays the same.
    const shown = JSON.stringify({ ...env, ...files })
      .replaceAll(/[A-Za-z0-9+/_-]{40,}=?/g, '…')
      .slice(0, 100)
    test(`[T39] ${setting} ← ${shown}`, () => {
      const problems = problemsOf(env, files, execArgv)
      assert.ok(
        problems.some(
          (problem) => problem.setting === setting && problem.problem !== '' && problem.cure !== '',
        ),
        inspect(problems),
      )
      const told = inspect(problems, { depth: null })
      for (const value of [secret, apiKey, masterKey.slice(3)]) assert.ok(!told.includes(value), told)
    })
  }

  test('all of it at once', () => {
    const settings = problemsOf({ PORT: 'x', WECHAT_SECRET: 'y', YAOPAI_MASTER_KEY: 'z' }).map(
      ({ setting }) => setting,
    )
    assert.deepEqual(settings.sort(), ['PORT', 'WECHAT_SECRET', 'YAOPAI_MASTER_KEY'])
  })

  test('a misspelt setting is met with the right one', () => {
    const [problem] = problemsOf({}, { 'yaopai.config.json': '{"loginLimitPerIP": 1}' })
    assert.match(problem?.problem ?? '', /did you mean loginLimitPerIp/)
    const { warnings } = configOf({ YAOPAI_API_KEY: apiKey })
    assert.match(warnings[0]?.cure ?? '', /YAOPAI_API_KEYS/)
  })

  test('[T02] not one property of a malformed secret is told, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 12, maxLength: 60 }), (value) => {
        fc.pre(value.trim().length >= 12)
        const env = { WECHAT_SECRET: value, YAOPAI_MASTER_KEY: value, YAOPAI_API_KEYS: value }
        assert.ok(!JSON.stringify(problemsOf(env)).includes(JSON.stringify(value.trim()).slice(1, -1)))
      }),
      { numRuns: 1_000 },
    )
  })
})

describe('what is odd but may be meant is warned of', () => {
  test('a secret file that others can read', () => {
    const env = { WECHAT_SECRET: undefined, WECHAT_SECRET_FILE: 's' }
    const { warnings } = configOf(env, { s: { text: secret, mode: 0o644 } })
    assert.deepEqual(
      warnings.map(({ setting }) => setting),
      ['WECHAT_SECRET_FILE'],
    )
  })

  test('not one of root that the group of the server can read, as Kubernetes mounts them', () => {
    const env = { WECHAT_SECRET: undefined, WECHAT_SECRET_FILE: 's' }
    const told = (mode: number, isAnothers: boolean) =>
      configOf(env, { s: { text: secret, mode, isAnothers } }).warnings.length
    assert.deepEqual([told(0o440, true), told(0o440, false), told(0o444, true)], [0, 1, 1])
  })

  test('an internal listener that others can reach', () => {
    assert.deepEqual(
      configOf({ INTERNAL_HOST: '0.0.0.0' }).warnings.map(({ setting }) => setting),
      ['INTERNAL_HOST'],
    )
  })
})

test('[T36] a debugger that listens is refused, whatever opened it', () => {
  const open = { cwd, readFile: filesOf({}), isDebuggerOpen: true }
  const loaded = loadConfig({ ...open, env: good })
  assert.ok(!loaded.ok)
  assert.deepEqual(
    loaded.problems.map(({ setting }) => setting),
    ['--inspect'],
  )
  const emulator = { WECHAT_API_BASE: 'http://127.0.0.1:8788', YAOPAI_INSECURE_EMULATOR: '1' }
  assert.ok(loadConfig({ ...open, env: { ...good, ...emulator } }).ok)
})

describe('what is unsafe alone may be meant', () => {
  test('networks of proxies', () => {
    const TRUST_PROXY = '10.0.0.0/8, 192.0.2.7,fd00::/16,::1,::ffff:10.0.0.0/104'
    assert.equal(configOf({ TRUST_PROXY }).config.trustProxy.length, 5)
  })

  test('an emulator on this machine', () => {
    const env = {
      WECHAT_API_BASE: 'http://127.0.0.1:8788/',
      YAOPAI_INSECURE_EMULATOR: '1',
      WECHAT_APPID: 'wxa1b2c3d4e5f60718',
    }
    const { config } = configOf(env)
    assert.equal(config.wechatApiBase, 'http://127.0.0.1:8788')
    assert.ok(config.insecureEmulator)
  })

  test("a forwarder of one's own, once its host is named a second time", () => {
    const base = { WECHAT_API_BASE: 'https://wx.example.com:8443' }
    assert.equal(problemsOf(base).length, 1)
    assert.equal(problemsOf({ ...base, WECHAT_API_TRUSTED_HOST: 'other.example.com' }).length, 1)
    configOf({ ...base, WECHAT_API_TRUSTED_HOST: 'wx.example.com:8443' })
  })
})

test('options in code are judged like the file', () => {
  const app = { appid: 'wx0123456789abcdef', secret }
  const loaded = loadConfigOptions(
    { apps: [app], masterKey, backends: [{ name: 'a', key: apiKey, scopes: ['admin'] }] },
    cwd,
  )
  assert.ok(loaded.ok)
  assert.equal(loaded.config.apps[0]?.secret.reveal(), secret)
  const problemsOfOptions = (options: object) => {
    const refused = loadConfigOptions({ apps: [app], masterKey, ...options }, cwd)
    return refused.ok ? [] : refused.problems.map(({ setting }) => setting)
  }
  assert.deepEqual(problemsOfOptions({ apps: [{ ...app, secret: 'short' }] }), ['apps[0].secret'])
  assert.deepEqual(problemsOfOptions({ basePath: 'x' }), ['basePath'])
})
