import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { newApiKey, newMasterKey } from 'yaopai'
import { createAssertionVerifier } from 'yaopai/client'
import { call, tokenOf } from './support/client.ts'
import type { ServeProcess } from './support/processes.ts'
import { APPID, createRig, type Rig } from './support/rig.ts'

const AUDIENCE = 'https://orders.example.com'
const ROUNDS = 2

/** What changes while the server runs stands in files. */
async function startRotating(t: TestContext) {
  const rig = await createRig(t)
  const put = (name: string, text: string) => writeFile(join(rig.folder, name), text, { mode: 0o600 })
  await put('master.key', newMasterKey('k0'))
  const writeConfig = async (keys: readonly string[]) => {
    for (const [n, key] of keys.entries()) await put(`orders${n}.key`, key)
    const backends = keys.map((_, n) => ({
      name: 'orders',
      key: { file: `orders${n}.key` },
      scopes: ['introspect'],
      audience: AUDIENCE,
    }))
    await put('yaopai.config.json', JSON.stringify({ masterKey: { file: 'master.key' }, backends }))
  }
  const firstKey = newApiKey()
  await writeConfig([firstKey])
  const server = await rig.serve({ YAOPAI_MASTER_KEY: '', YAOPAI_API_KEYS: '' })
  return { rig, server, put, writeConfig, firstKey }
}

async function reload(server: ServeProcess): Promise<void> {
  const count = () => server.output.stdout.split('"config.reloaded"').length
  const before = count()
  server.signal('SIGHUP')
  while (count() === before) {
    assert.doesNotMatch(server.output.stdout, /config\.reload_failed/)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

/** Asks all the while, with whatever API key is the present one; what went wrong comes back at the end. */
function load(server: ServeProcess, rig: Rig, apiKey: () => string) {
  const wrong: string[] = []
  let isOver = false
  let asked = 0
  const newVerifier = () =>
    createAssertionVerifier({ jwksUrl: `${server.internalUrl}/.well-known/jwks.json`, audience: AUDIENCE })
  let verify = newVerifier()
  const expect = (what: string, isSo: boolean, more: string) => {
    asked += 1
    if (!isSo) wrong.push(`${what}: ${more}`)
  }
  const user = async (name: string) => {
    const token = await tokenOf(server.publicUrl, rig.code(name))
    while (!isOver) {
      const session = await call('GET', `${server.publicUrl}/session`, { token })
      expect('session', session.status === 200, session.text)
      const gate = await call('GET', `${server.internalUrl}/forward-auth`, { token })
      const verdict = await verify(gate.headers.get('x-yaopai-assertion'))
      expect('assertion', gate.status === 200 && verdict.ok, JSON.stringify(verdict))
      const backEnd = await call('POST', `${server.internalUrl}/verify`, { token: apiKey(), json: { token } })
      expect('back end', backEnd.body['ok'] === true, backEnd.text)
      const { encryptedData, iv } = rig.emulator.openData({ appid: APPID, user: name })
      const data = await call('POST', `${server.publicUrl}/me/open-data`, {
        token,
        json: { encryptedData, iv },
      })
      expect('open data', data.status === 200 || data.status === 429, data.text)
    }
  }
  const running = Promise.all(['alice', 'bob', 'carol'].map(user))
  const stop = async () => {
    isOver = true
    await running
    return { wrong, asked }
  }
  /** Five minutes later every back end has fetched the keys again. */
  const letKeysSpread = () => {
    verify = newVerifier()
  }
  return { stop, letKeysSpread }
}

test('[R26][T33] master, signing and API keys are changed under load: no request is refused, and what the old ones sealed opens', async (t) => {
  const { rig, server, put, writeConfig, firstKey } = await startRotating(t)
  let apiKey = firstKey
  const { stop, letKeysSpread } = load(server, rig, () => apiKey)
  let present = await readFile(join(rig.folder, 'master.key'), 'utf8')
  for (let round = 1; round <= ROUNDS; round += 1) {
    const [next, nextApiKey] = [newMasterKey(`k${round}`), newApiKey()]
    await put('master.key', `${present},${next}`)
    await writeConfig([apiKey, nextApiKey])
    await reload(server)
    letKeysSpread()
    apiKey = nextApiKey
    await put('master.key', `${next},${present}`)
    await reload(server)
    const resealed = await rig.run(['keys', 'reseal', '--json'], {
      YAOPAI_MASTER_KEY: '',
      YAOPAI_API_KEYS: '',
    })
    assert.equal(resealed.exitCode, 0, resealed.stderr)
    assert.deepEqual(Object(JSON.parse(resealed.stdout)).unreadable, {})
    await put('master.key', next)
    await writeConfig([apiKey])
    await reload(server)
    present = next
  }
  const { wrong, asked } = await stop()
  assert.deepEqual(wrong, [])
  assert.ok(asked > 10 * ROUNDS, `${asked} requests`)
  const old = await call('POST', `${server.internalUrl}/verify`, { token: firstKey, json: { token: 'x' } })
  assert.equal(old.status, 401, 'the retired API key')
})

test('[R26] a configuration that does not fit changes nothing, and the log says what is wrong', async (t) => {
  const { rig, server, put, firstKey } = await startRotating(t)
  const token = await tokenOf(server.publicUrl, rig.code('alice'))
  const secret = randomBytes(32).toString('base64')
  await put('master.key', `k1:${secret},k1:${secret}`)
  server.signal('SIGHUP')
  while (!server.output.stdout.includes('config.reload_failed')) await new Promise((go) => setTimeout(go, 5))
  assert.match(server.output.stdout, /has the kid k1 twice/)
  assert.ok(!server.output.stdout.includes(secret))
  const answer = await call('POST', `${server.internalUrl}/verify`, { token: firstKey, json: { token } })
  assert.equal(answer.body['ok'], true)
})
