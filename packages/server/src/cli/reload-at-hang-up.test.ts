import assert from 'node:assert/strict'
import process from 'node:process'
import { type TestContext, test } from 'node:test'
import { type ConfigOptions, loadConfigOptions } from '../lib/load-config/from-options.ts'
import type { LoadedConfig } from '../lib/load-config/load-config.ts'
import { newMasterKey } from '../main/keys.ts'
import type { Reloadable } from '../main/live-config.ts'
import { reloadAtHangUp } from './reload-at-hang-up.ts'

function loaded(kid: string, hasFile = true, more: Partial<ConfigOptions> = {}) {
  const apps = [{ appid: 'wx0123456789abcdef', secret: 'a'.repeat(32) }]
  const fits = loadConfigOptions({ apps, masterKey: newMasterKey(kid), ...more }, '/nowhere')
  assert.ok(fits.ok)
  return { ...fits, hasFile }
}

/** Waits for signals; `next` is what the next one finds. */
function listening(t: TestContext) {
  const others = process.listeners('SIGHUP')
  t.after(() => {
    for (const listener of process.listeners('SIGHUP'))
      if (!others.includes(listener)) process.removeListener('SIGHUP', listener)
  })
  const told: string[] = []
  const taken: string[] = []
  const next: { load: () => LoadedConfig } = { load: () => loaded('k1') }
  const reloads = reloadAtHangUp({
    log: (level, event, fields = {}) =>
      void told.push(`${level} ${event} ${Object.values(fields).join(' ')}`),
    config: loaded('k0').config,
    load: () => next.load(),
    hasFile: true,
  })
  const server = {
    reload: (config: Reloadable) => void taken.push(config.masterKeys.map(({ kid }) => kid).join(' ')),
  }
  const hangUp = () => process.emit('SIGHUP', 'SIGHUP')
  return { told, taken, next, reloads, server, hangUp }
}

test('a signal that comes while the server starts is heeded when it has started', (t) => {
  const { taken, told, reloads, server, hangUp } = listening(t)
  hangUp()
  assert.deepEqual([taken, told], [[], []])
  reloads.begin(server)
  assert.deepEqual(taken, ['k1'])
  reloads.begin(server)
  hangUp()
  assert.deepEqual(taken, ['k1', 'k1'])
})

test('a configuration file that is gone takes no app and no key along: what held before holds on', (t) => {
  const { taken, told, next, reloads, server, hangUp } = listening(t)
  reloads.begin(server)
  next.load = () => loaded('k2', false)
  hangUp()
  assert.deepEqual(taken, [])
  assert.match(told[0] ?? '', /^error config\.reload_failed YAOPAI_CONFIG .*not there any more Put it back/)
  next.load = () => loaded('k2')
  hangUp()
  assert.deepEqual(taken, ['k2'])
})

test('whatever goes wrong on the way ends no server', (t) => {
  const { taken, told, next, reloads, server, hangUp } = listening(t)
  reloads.begin(server)
  next.load = () => {
    throw new Error('ENOENT: no such file or directory, uv_cwd')
  }
  hangUp()
  assert.deepEqual(taken, [])
  assert.match(told[0] ?? '', /^error config\.reload_failed .*uv_cwd What held before holds on/)
})

test('settings that wait for the next start are named, and nothing of what they are', (t) => {
  const { taken, told, next, reloads, server, hangUp } = listening(t)
  reloads.begin(server)
  next.load = () => loaded('k2', true, { loginLimitPerIp: 7, redisUrl: 'rediss://:hunter2@redis.example' })
  hangUp()
  assert.deepEqual(taken, ['k2'])
  assert.equal(told.at(-1), 'warn config.needs_restart loginLimitPerIp redis')
  next.load = () => loaded('k3')
  hangUp()
  assert.match(told.at(-1) ?? '', /^info config\.reloaded/)
})
