import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { DEMO_APP, type EmulatorState, startEmulator } from '../../index.ts'
import { APPID, codeFor, control, exchange, SECRET, startForTest } from '../../test-support/kit.ts'
import { exportState, importState } from './saved-state.ts'
import { readStateFile, writeStateFile } from './state-file.ts'

const alice = { appid: APPID, user: 'alice' }

test('[F86] a state carries over to another emulator: codes, keys, devices, clock, settings, ids', async (t) => {
  const first = await startForTest(t, { seed: 'mine' })
  first.setSettings({ sessionKeyMinRefreshSeconds: 7 })
  first.putUser('alice', { nickname: 'Alice' })
  first.advanceClock(100)
  const used = codeFor(first)
  await exchange(first, { js_code: used })
  const fresh = codeFor(first)
  const second = await startForTest(t, { state: first.exportState() })
  assert.deepEqual(second.exportState(), first.exportState())
  assert.equal(second.sessionKeyOf(alice), first.sessionKeyOf(alice))
  assert.equal(second.checkSession(alice).errMsg, 'checkSession:ok')
  assert.equal(second.nowMs(), first.nowMs())
  assert.equal((await exchange(second, { js_code: used })).json['errcode'], 40163)
  assert.equal((await exchange(second, { js_code: fresh })).json['openid'], first.openidOf(APPID, 'alice'))
})

test('[F86] GET and PUT of the state over HTTP are each other’s inverse', async (t) => {
  const first = await startForTest(t)
  codeFor(first)
  const second = await startForTest(t)
  const { json } = await control(first, 'GET', '/state')
  assert.equal((await control(second, 'PUT', '/state', json)).status, 200)
  assert.deepEqual((await control(second, 'GET', '/state')).json, json)
})

test('[F86] reset goes back to the state it started with, not to an empty one', async (t) => {
  const state: EmulatorState = { apps: { [APPID]: { secret: SECRET } }, users: { alice: { nickname: 'A' } } }
  const emulator = await startForTest(t, { state })
  const start = emulator.exportState()
  emulator.putApp('wx2', { secret: 's' })
  emulator.putApp(APPID, { secret: 'changed' })
  emulator.advanceClock(9)
  emulator.setSettings({ mockCodeUser: 'alice' })
  emulator.addFault({ path: '*', errcode: -1 })
  codeFor(emulator)
  await exchange(emulator, {})
  emulator.reset()
  assert.deepEqual(emulator.exportState(), start)
  assert.deepEqual(emulator.calls(), [])
  assert.equal((await exchange(emulator, {})).json['errcode'], 41008)
  emulator.importState({})
  emulator.reset()
  assert.deepEqual(emulator.exportState(), start)
})

test('the state handed in and handed out is not the one in use', async (t) => {
  const state: EmulatorState = { apps: { [APPID]: { secret: SECRET } }, users: { alice: {} } }
  const emulator = await startForTest(t, { state })
  state.users = { mallory: {} }
  const out = emulator.exportState()
  if (out.users) out.users['alice'] = { risk: true }
  assert.deepEqual(emulator.exportState().users, { alice: {} })
})

test('[F86] the demo state has its app and users, under what a given state says', async (t) => {
  const emulator = await startEmulator({ demo: true, state: { users: { alice: { nickname: '爱' } } } })
  t.after(() => emulator.close())
  const { apps, users } = emulator.exportState()
  assert.equal(apps?.[DEMO_APP.appid]?.secret, DEMO_APP.secret)
  assert.deepEqual(Object.keys(users ?? {}).sort(), ['alice', 'bob'])
  assert.equal(users?.['alice']?.nickname, '爱')
})

/** Without the prototypes that fast-check likes to leave out. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

test('[F86] whatever is saved comes back the same', () => {
  const name = fc
    .string({ minLength: 1, maxLength: 20 })
    .filter((text) => /^\P{Cc}+$/u.test(text) && text !== '__proto__')
  const appid = fc.stringMatching(/^wx[A-Za-z0-9_-]{1,20}$/)
  const user = fc.record(
    { nickname: fc.string().filter((text) => /^\P{Cc}*$/u.test(text)) },
    { requiredKeys: [] },
  )
  const key = fc.record(
    { appid, user: name, sessionKey: name, createdAtMs: fc.nat(), renewedAtMs: fc.nat() },
    { noNullPrototype: true },
  )
  const unique = fc.uniqueArray(key, { selector: (one) => JSON.stringify([one.appid, one.user]) })
  const state = fc.record({
    seed: name,
    apps: fc.dictionary(appid, fc.record({ secret: name })),
    users: fc.dictionary(name, user),
    sessionKeys: unique,
  })
  fc.assert(
    fc.property(state, (given) => {
      const once = exportState(importState(given, 'seed'))
      assert.deepEqual(exportState(importState(JSON.parse(JSON.stringify(once)), 'seed')), once)
      assert.deepEqual(plain(once.users), plain(given.users))
      assert.deepEqual(once.sessionKeys, given.sessionKeys)
    }),
    { numRuns: 300 },
  )
})

test('[F86] a state file is replaced as a whole, readable by its owner alone, and leaves no draft', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'wechat-emulator-'))
  t.after(() => rm(folder, { recursive: true }))
  const file = join(folder, 'state.json')
  await writeFile(file, 'old')
  await writeStateFile(file, { users: { alice: {} } })
  assert.deepEqual(await readStateFile(file), { users: { alice: {} } })
  assert.deepEqual(await readdir(folder), ['state.json'])
  if (process.platform !== 'win32') assert.equal((await stat(file)).mode & 0o777, 0o600)
  await assert.rejects(writeStateFile(join(folder, 'no', 'where.json'), {}), { code: 'state_not_saved' })
  assert.equal((await readFile(file, 'utf8')).endsWith('\n'), true)
})

test('[F86] a state file that is missing or damaged is named with its cure', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'wechat-emulator-'))
  t.after(() => rm(folder, { recursive: true }))
  const file = join(folder, 'state.json')
  await assert.rejects(readStateFile(file), { code: 'no_state_file', message: /give --seed a file/ })
  await writeFile(file, '{"apps":')
  await assert.rejects(readStateFile(file), { code: 'bad_state_file', message: /state\.json/ })
  await writeFile(file, '{"apps":{"wx1":{"secret":""}}}')
  await assert.rejects(readStateFile(file), { code: 'bad_state_file', message: /apps\.wx1\.secret/ })
})
