import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { DEMO_APP, startEmulator } from '@yaopai/wechat-emulator'
import { loadConfigOptions } from '../lib/load-config/from-options.ts'
import { resealKeys } from '../lib/reseal-keys.ts'
import { createMemoryStore } from '../lib/store/memory/memory-store.ts'
import { compose } from '../main.ts'
import { newApiKey, newMasterKey } from './keys.ts'

const { appid } = DEMO_APP
const SECRET = 'a'.repeat(32)
const ROTATIONS = 100

async function openRotating(t: TestContext) {
  const emulator = await startEmulator()
  emulator.putApp(appid, { secret: SECRET })
  const configOf = (masterKey: string, apiKeys: readonly string[], app: { classicLogin?: boolean } = {}) => {
    const backends = apiKeys.map((key) => ({
      name: 'orders',
      key,
      scopes: ['introspect'] as const,
      audience: 'orders',
    }))
    const options = { apps: [{ appid, secret: SECRET, ...app }], masterKey, backends }
    const loaded = loadConfigOptions(
      { ...options, wechatApiBase: emulator.url, insecureEmulator: true },
      '/nowhere',
    )
    assert.ok(loaded.ok)
    return loaded.config
  }
  const first = { masterKey: newMasterKey('k0'), apiKey: newApiKey() }
  const composed = await compose(configOf(first.masterKey, [first.apiKey]), { store: createMemoryStore() })
  t.after(async () => {
    await composed.close()
    await emulator.close()
  })
  const ask = async (path: string, token: string, json?: object) => {
    const handler =
      path.startsWith('/me') || path === '/login' ? composed.publicHandler : composed.internalHandler
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    const body = json === undefined ? {} : { method: 'POST', body: JSON.stringify(json) }
    return handler(new Request(`http://yaopai.test${path}`, { headers, ...body }), { ip: '203.0.113.7' })
  }
  const { code } = emulator.login({ appid, user: 'alice' })
  const login = await ask('/login', '', { code })
  const { token } = Object(await login.json())
  assert.equal(login.status, 200)
  return { composed, emulator, configOf, first, ask, token: String(token) }
}

test('[R26][T33] a hundred rotations under load refuse no one, and leave nothing that no key opens', async (t) => {
  const { composed, emulator, configOf, first, ask, token } = await openRotating(t)
  let { masterKey: present, apiKey } = first
  let isOver = false
  const refused: string[] = []
  let asked = 0
  const visit = async () => {
    while (!isOver) {
      const answers = [await ask('/forward-auth', token), await ask('/verify', apiKey, { token })]
      if (!answers[0]?.headers.has('x-yaopai-assertion')) refused.push('no assertion')
      for (const answer of answers) if (answer.status !== 200) refused.push(await answer.text())
      asked += 2
      await nextTurn()
    }
  }
  const visitors = [visit(), visit(), visit()]
  for (let n = 1; n <= ROTATIONS; n += 1) {
    const [next, nextApiKey] = [newMasterKey(`k${n}`), newApiKey()]
    composed.reload(configOf(`${present},${next}`, [apiKey, nextApiKey]))
    await nextTurn()
    apiKey = nextApiKey
    composed.reload(configOf(`${next},${present}`, [apiKey]))
    const { unreadable } = await resealKeys(composed.deps.services, { isTrial: false })
    assert.equal(unreadable.size, 0)
    await nextTurn()
    composed.reload(configOf(next, [apiKey]))
    present = next
  }
  isOver = true
  await Promise.all(visitors)
  assert.deepEqual(refused, [])
  assert.ok(asked > ROTATIONS)
  const { encryptedData, iv } = emulator.openData({ appid, user: 'alice' })
  assert.equal((await ask('/me/open-data', token, { encryptedData, iv })).status, 200)
  assert.equal((await ask('/verify', first.apiKey, { token })).status, 401)
})

test('what does not fit changes nothing', async (t) => {
  const { composed, configOf, first, ask, token } = await openRotating(t)
  const config = configOf(first.masterKey, [first.apiKey])
  assert.throws(() => composed.reload({ ...config, backends: [], masterKeys: [] }), RangeError)
  assert.equal((await ask('/verify', first.apiKey, { token })).status, 200)
})

test('[T33] a key that comes under the name of another one is refused, and what held before holds on', async (t) => {
  const { composed, configOf, first, ask, token } = await openRotating(t)
  const impostor = newMasterKey('k0')
  assert.throws(
    () => composed.reload(configOf(`${impostor},${newMasterKey('k1')}`, [newApiKey()])),
    (error) => {
      const told = JSON.stringify(Object(error).problems)
      assert.match(told, /the key k0 is not the one of that name that is in use.*Give a new key another name/)
      return !told.includes(impostor.slice(3))
    },
  )
  assert.equal((await ask('/verify', first.apiKey, { token })).status, 200)
  composed.reload(configOf(`${newMasterKey('k1')},${first.masterKey}`, [first.apiKey]))
  const { unreadable } = await resealKeys(composed.deps.services, { isTrial: true })
  assert.equal(unreadable.size, 0)
})

test('the classic wire comes and goes with the setting of the app, at a reload as well', async (t) => {
  const { composed, emulator, configOf, first } = await openRotating(t)
  const ask = () => {
    const { code } = emulator.login({ appid, user: 'bob' })
    const request = new Request(`http://yaopai.test/login?code=${code}`)
    return composed.publicHandler(request, { ip: '203.0.113.7' })
  }
  const turn = (classicLogin: boolean) =>
    composed.reload(configOf(first.masterKey, [first.apiKey], { classicLogin }))
  assert.equal((await ask()).status, 405)
  turn(true)
  assert.match(await (await ask()).text(), /"user_uuid":"yp1_/)
  turn(false)
  const refused = await ask()
  assert.deepEqual([refused.status, refused.headers.get('allow')], [405, 'POST'])
  assert.match(await refused.text(), /classicLogin/)
})
