import assert from 'node:assert/strict'
import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import process from 'node:process'
import { describe, test } from 'node:test'
import { newApiKey, newMasterKey } from 'yaopai'
import { createRig } from './support/rig.ts'

const good = {
  WECHAT_APPID: 'wx0123456789abcdef',
  WECHAT_SECRET: 'f00dfeedf00dfeedf00dfeedf00dfeed',
  WECHAT_API_BASE: '',
  YAOPAI_INSECURE_EMULATOR: '',
  YAOPAI_MASTER_KEY: newMasterKey('k1'),
  YAOPAI_API_KEYS: '',
}
const emulator = { WECHAT_API_BASE: 'http://127.0.0.1:8788', YAOPAI_INSECURE_EMULATOR: '1' }
const zeros = Buffer.alloc(32).toString('base64')

/** Twenty servers that must not start. The setting that must be named, and what is set beside a good configuration. */
const unsafe: [setting: string, env: Record<string, string>][] = [
  ['WECHAT_API_BASE', { WECHAT_API_BASE: 'http://api.weixin.qq.com' }],
  ['WECHAT_API_BASE', { WECHAT_API_BASE: 'http://127.0.0.1:8788' }],
  ['WECHAT_API_BASE', { WECHAT_API_BASE: 'https://127.0.0.1:8788' }],
  ['WECHAT_API_BASE', { WECHAT_API_BASE: 'https://api.weixin.qq.com.evil.example' }],
  ['YAOPAI_INSECURE_EMULATOR', { ...emulator, HOST: '0.0.0.0' }],
  ['YAOPAI_INSECURE_EMULATOR', { ...emulator, HOST: '::' }],
  ['YAOPAI_INSECURE_EMULATOR', { YAOPAI_INSECURE_EMULATOR: '1' }],
  ['NODE_TLS_REJECT_UNAUTHORIZED', { NODE_TLS_REJECT_UNAUTHORIZED: '0' }],
  ['WECHAT_APPID', { WECHAT_APPID: 'wxa1b2c3d4e5f60718' }],
  ['WECHAT_SECRET', { WECHAT_SECRET: 'secret' }],
  ['YAOPAI_MASTER_KEY', { YAOPAI_MASTER_KEY: '' }],
  ['YAOPAI_MASTER_KEY', { YAOPAI_MASTER_KEY: `k1:${zeros}` }],
  ['YAOPAI_MASTER_KEY', { YAOPAI_MASTER_KEY: `k1:${zeros.slice(4)}` }],
  ['YAOPAI_MASTER_KEY', { YAOPAI_MASTER_KEY: newMasterKey('dev') }],
  ['YAOPAI_API_KEYS', { YAOPAI_API_KEYS: `dev:admin:${newApiKey()}` }],
  ['YAOPAI_API_KEYS', { YAOPAI_API_KEYS: 'shop:introspect:yk1_test' }],
  ['TRUST_PROXY', { TRUST_PROXY: '0.0.0.0/0' }],
  ['INTERNAL_PORT', { PORT: '8787', INTERNAL_PORT: '8787' }],
  ['DATABASE_URL', { DATABASE_URL: 'postgres://127.0.0.1/yaopai?options=-cfsync%3Doff' }],
  ['WECHAT_SECRET_FILE', { WECHAT_SECRET: '', WECHAT_SECRET_FILE: 'open.secret' }],
]

describe('a server with unsafe settings does not start', { concurrency: 2 }, () => {
  for (const [number, [setting, env]] of unsafe.entries()) {
    test(`[T39] ${number + 1}: exit 78 names ${setting}`, async (t) => {
      if (setting === 'WECHAT_SECRET_FILE' && process.platform === 'win32')
        return t.skip('no permission bits')
      const rig = await createRig(t)
      const file = join(rig.folder, 'open.secret')
      await writeFile(file, good.WECHAT_SECRET)
      await chmod(file, 0o666)
      const { exitCode, stdout, stderr } = await rig.run(['serve'], { ...good, ...env })
      assert.equal(exitCode, 78, stderr)
      assert.match(stderr, new RegExp(`^error: ${setting} `, 'm'))
      assert.equal(stdout, '')
      assert.ok(!/^ +at /m.test(stderr), stderr)
      for (const value of Object.values({ ...good, ...env })) {
        if (value.length >= 32 && !value.startsWith('http')) assert.ok(!stderr.includes(value), stderr)
      }
    })
  }
})

test('with --json the problems are one line for programs', async (t) => {
  const rig = await createRig(t)
  const { exitCode, stderr } = await rig.run(['serve', '--json'], { PORT: 'high' })
  assert.equal(exitCode, 78)
  const { problems } = JSON.parse(stderr)
  assert.equal(problems[0].setting, 'PORT')
  assert.ok(problems[0].cure.includes('PORT=8787'))
})

test('config print shows every value with its source, and no secret', async (t) => {
  const rig = await createRig(t)
  await writeFile(join(rig.folder, '.env'), 'LOG_LEVEL=warn\n')
  await writeFile(join(rig.folder, 'yaopai.config.json'), '{"eventRetentionDays": 30}')
  const { exitCode, stdout, stderr } = await rig.run(['config', 'print', '--json'])
  assert.equal(exitCode, 0, stderr)
  const { settings } = JSON.parse(stdout)
  const row = (name: string) => settings.find(({ setting }: { setting: string }) => setting === name)
  assert.deepEqual(row('logLevel'), { setting: 'logLevel', value: 'warn', source: '.env' })
  assert.deepEqual(row('eventRetentionDays'), {
    setting: 'eventRetentionDays',
    value: 30,
    source: 'yaopai.config.json',
  })
  assert.deepEqual(row('masterKey'), { setting: 'masterKey', value: ['k1:[set]'], source: 'environment' })
  const text = await rig.run(['config', 'print'])
  assert.match(text.stdout, /^logLevel +warn +\.env$/m)
  assert.match(text.stdout, /^app wx\w+ secret +\[set\] +environment$/m)
  assert.match(text.stdout, /^app wx\w+ policy maxSessions +10 +environment$/m)
  assert.match(text.stdout, /^backend shop scopes +introspect, admin +environment$/m)
  for (const secret of rig.secrets) assert.ok(!stdout.includes(secret) && !text.stdout.includes(secret))
})

test('config print says what is known of a configuration that does not fit, and then what is wrong', async (t) => {
  const rig = await createRig(t)
  const broken = {
    YAOPAI_MASTER_KEY: '',
    DATABASE_URL: 'postgres://u:hidden-word@db/x?sslmode=no',
    LOG_LEVEL: 'warn',
  }
  const { exitCode, stdout, stderr } = await rig.run(['config', 'print'], broken)
  assert.equal(exitCode, 78)
  assert.match(stdout, /^logLevel +warn +environment$/m)
  assert.match(stdout, /^app wx\w+ secret +\[set\] +environment$/m)
  assert.match(stderr, /^error: YAOPAI_MASTER_KEY /m)
  assert.match(stderr, /^error: DATABASE_URL /m)
  for (const secret of [...rig.secrets, 'hidden-word']) assert.ok(!(stdout + stderr).includes(secret))
  await writeFile(join(rig.folder, 'yaopai.config.json'), '{')
  const unread = await rig.run(['config', 'print'])
  assert.deepEqual([unread.exitCode, unread.stdout], [78, ''])
})
