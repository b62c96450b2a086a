import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { DEMO_APP, startEmulator } from '@yaopai/wechat-emulator'
import {
  ConfigError,
  createMemoryStore,
  createYaopai,
  newApiKey,
  newMasterKey,
  startYaopai,
  type YaopaiOptions,
} from '../index.ts'
import { loadConfigOptions } from '../lib/load-config/from-options.ts'
import { compose } from '../main.ts'

const { appid, secret } = DEMO_APP

async function bodyOf(answer: Response) {
  return Object(await answer.json())
}

async function setUp(t: TestContext, more: Partial<YaopaiOptions> = {}) {
  const emulator = await startEmulator({ demo: true })
  t.after(() => emulator.close())
  const options: YaopaiOptions = {
    apps: [{ appid, secret }],
    masterKey: newMasterKey('test'),
    store: createMemoryStore(),
    wechatApiBase: emulator.url,
    insecureEmulator: true,
    ...more,
  }
  return { emulator, options }
}

function post(url: string, body: object): Request {
  const headers = { 'Content-Type': 'application/json', Host: new URL(url).host }
  return new Request(url, { method: 'POST', headers, body: JSON.stringify(body) })
}

test('[F69][F84] in a process of your own: log in, know who calls, with no appid and no port', async (t) => {
  const apiKey = newApiKey()
  const backends = [{ name: 'orders', key: apiKey, scopes: ['introspect'] as const }]
  const { emulator, options } = await setUp(t, { backends, basePath: '/yaopai' })
  const yaopai = await createYaopai(options)
  t.after(() => yaopai.close())
  const { code } = emulator.login({ appid, user: 'alice' })
  const answer = await yaopai.handler(post('http://shop.example/yaopai/login', { code }), {
    ip: '203.0.113.7',
  })
  assert.equal(answer.status, 200)
  const { token, user, session } = await bodyOf(answer)
  const openid = emulator.openidOf(appid, 'alice')
  assert.deepEqual(await yaopai.authenticate(token), { ok: true, user, session, appid, openid })
  assert.deepEqual(await yaopai.verify(token), { ok: true, user, session })
  assert.deepEqual(await yaopai.authenticate(null), { ok: false, reason: 'missing_token' })
  const refused = await yaopai.verify('yp1_nonsense')
  assert.ok(!refused.ok)
  assert.equal(refused.problem.code, 'invalid_token')
  const form = new Request('http://internal/introspect', {
    method: 'POST',
    headers: { Authorization: `Bearer ${apiKey}`, 'Content-Type': 'application/x-www-form-urlencoded' },
    body: `token=${token}`,
  })
  assert.equal((await bodyOf(await yaopai.internalHandler(form))).sub, user.id)
})

test('with listeners: two ports of this process', async (t) => {
  const { emulator, options } = await setUp(t)
  await using yaopai = await startYaopai({ ...options, port: 0, internalPort: 0 })
  assert.notEqual(yaopai.publicUrl, yaopai.internalUrl)
  const { code } = emulator.login({ appid, user: 'bob' })
  const answer = await fetch(post(`${yaopai.publicUrl}/login`, { code }))
  assert.equal(answer.status, 200)
  assert.equal((await fetch(`${yaopai.publicUrl}/introspect`, { method: 'POST' })).status, 404)
})

test('a port that is taken names the setting, and leaves nothing open', async (t) => {
  const { options } = await setUp(t)
  await using first = await startYaopai({ ...options, port: 0, internalPort: 0 })
  const internalPort = Number(new URL(first.publicUrl).port)
  const taken = startYaopai({ ...options, store: createMemoryStore(), port: 0, internalPort })
  await assert.rejects(taken, { name: 'ListenError', setting: 'INTERNAL_PORT' })
})

test('options that do not fit are named, all at once, without their values', async (t) => {
  const { options } = await setUp(t)
  const wrong = { ...options, apps: [{ appid: 'wx1', secret: 'my-own-secret' }], basePath: 'x/' }
  await assert.rejects(createYaopai(wrong), (error) => {
    assert.ok(error instanceof ConfigError)
    assert.deepEqual(error.problems.map(({ setting }) => setting).sort(), ['apps[0].appid', 'basePath'])
    assert.ok(!error.message.includes('my-own-secret'))
    return true
  })
})

test('what is missing altogether is named by its option, with the cure', async () => {
  for (const nothing of [undefined, {}, { apps: [], masterKey: '' }]) {
    await assert.rejects(createYaopai(Object(nothing)), (error) => {
      assert.ok(error instanceof ConfigError)
      assert.deepEqual(
        error.problems.map(({ setting, problem }) => `${setting} ${problem}`),
        ['apps is missing', 'masterKey is missing'],
      )
      return true
    })
  }
  await assert.rejects(Reflect.apply(createYaopai, undefined, []), { name: 'ConfigError' })
  const half = { apps: [{ appid }], masterKey: newMasterKey('k1'), backends: [null] }
  await assert.rejects(
    createYaopai(Object(half)),
    /apps\[0\]\.secret is missing.*backends\[0\]\.key is missing/,
  )
})

test('options are called by their names, never by those of variables or of a file', async (t) => {
  const { options } = await setUp(t)
  const { insecureEmulator: _off, ...plain } = options
  const orders = { name: 'orders', scopes: ['introspect'] as const }
  const wrongs: [YaopaiOptions, RegExp][] = [
    [{ ...plain, wechatApiBase: 'http://127.0.0.1:1' }, /^wechatApiBase is plain.*insecureEmulator: true/],
    [
      { ...options, wechatApiBase: 'https://api.weixin.qq.com' },
      /^insecureEmulator is on, but wechatApiBase/,
    ],
    [
      { ...plain, wechatApiBase: 'https://forwarder.example' },
      /wechatApiBase: 'https:\/\/api\.weixin\.qq\.com'/,
    ],
    [{ ...options, basePath: 'x/' }, /Correct it in the options$/],
    [{ ...options, databaseUrl: 'shop.db' }, /^databaseUrl must begin with file:/],
    [{ ...options, masterKey: 'k1:short' }, /^masterKey key 1 must have 32 bytes/],
    [{ ...options, apps: [{ appid, secret: 'short' }] }, /^apps\[0\]\.secret must be an AppSecret/],
    [
      { ...options, backends: [orders, orders, orders].map((backend) => ({ ...backend, key: newApiKey() })) },
      /^backends has more than two keys for the name orders/,
    ],
    [Object({ ...options, datbaseUrl: 'file:x' }), /^datbaseUrl is not a setting; did you mean databaseUrl/],
  ]
  for (const [wrong, told] of wrongs)
    await assert.rejects(createYaopai(wrong), (error) => {
      assert.ok(error instanceof ConfigError)
      assert.match(error.message, told)
      assert.doesNotMatch(error.message, /[A-Z]{2,}_[A-Z]|yaopai\.config|apps_\d/)
      return true
    })
})

test('[F79] users outlive the process that logged them in', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'yaopai-library-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  const { emulator, options } = await setUp(t)
  const { store: _none, ...onDisk } = { ...options, databaseUrl: `file:${join(folder, 'book.db')}` }
  const first = await createYaopai(onDisk)
  const { code } = emulator.login({ appid, user: 'alice' })
  const { token } = await bodyOf(await first.handler(post('http://shop.example/login', { code })))
  await assert.rejects(createYaopai(onDisk), { exitCode: 78 })
  await first.close()
  const second = await createYaopai(onDisk)
  assert.ok((await second.authenticate(token)).ok)
  await second.close()
  await second.close()
})

test('closing twice waits for the requests under way twice', async (t) => {
  const { emulator, options } = await setUp(t)
  const yaopai = await startYaopai({ ...options, port: 0, internalPort: 0 })
  emulator.addFault({ path: '/sns/jscode2session', delayMs: 300 })
  const { code } = emulator.login({ appid, user: 'alice' })
  const answering = fetch(post(`${yaopai.publicUrl}/login`, { code }))
  while (emulator.calls().length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
  const [answer] = await Promise.all([answering, yaopai.close(), yaopai.close()])
  assert.equal(answer.status, 200)
})

test('what cannot be put together leaves neither lock nor timer behind', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'yaopai-library-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  const { options } = await setUp(t)
  const { store: _none, ...onDisk } = { ...options, databaseUrl: `file:${join(folder, 'book.db')}` }
  const loaded = loadConfigOptions(onDisk, folder)
  assert.ok(loaded.ok)
  await assert.rejects(compose({ ...loaded.config, masterKeys: [] }))
  await assert.rejects(compose({ ...loaded.config, trustProxy: ['nowhere'] }), RangeError)
  await (await createYaopai(onDisk)).close()
})

test('an emulator in the place of WeChat is told at every start, also in a process of your own', async (t) => {
  const heard: string[] = []
  const { options } = await setUp(t)
  await using _yaopai = await createYaopai({
    ...options,
    log: (level, event) => heard.push(`${level} ${event}`),
  })
  assert.deepEqual(heard, ['warn server.insecure_emulator'])
})
