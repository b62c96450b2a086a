import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { newApiKey, newMasterKey } from 'yaopai'
import { createAssertionVerifier } from 'yaopai/client'
import { call, tokenOf } from './client.ts'
import type { ServeProcess } from './processes.ts'
import { APPID, type Rig } from './rig.ts'

const AUDIENCE = 'https://orders.example.com'

/** What changes while the server runs stands in files, so none of it is in the environment. */
export const ROTATING_ENV = { YAOPAI_MASTER_KEY: '', YAOPAI_API_KEYS: '' }

/** The keys of a server in files, and what changes them as docs/guide says. */
export interface Rotation {
  readonly firstApiKey: string
  /** The one that back ends have now. */
  apiKey(): string
  put(name: string, text: string): Promise<void>
  /** New master, signing and API keys in the place of all old ones, which are retired. */
  rotate(server: ServeProcess, onNewKeys: () => void): Promise<void>
}

/**
 * Writes the first keys and the configuration.
 * @param config what it says beside them
 * @param env of commands beside the server: which database
 */
export async function createRotation(
  rig: Rig,
  { config = {}, env = {} }: { config?: Record<string, unknown>; env?: Record<string, string> } = {},
): Promise<Rotation> {
  const put = (name: string, text: string) => writeFile(join(rig.folder, name), text, { mode: 0o600 })
  const writeConfig = async (keys: readonly string[]) => {
    for (const [n, key] of keys.entries()) await put(`orders${n}.key`, key)
    const backends = keys.map((_, n) => ({
      name: 'orders',
      key: { file: `orders${n}.key` },
      scopes: ['introspect'],
      audience: AUDIENCE,
    }))
    const all = { ...config, masterKey: { file: 'master.key' }, backends }
    await put('yaopai.config.json', JSON.stringify(all))
  }
  const firstApiKey = newApiKey()
  let apiKey = firstApiKey
  let round = 0
  await put('master.key', newMasterKey('k0'))
  await writeConfig([firstApiKey])
  return {
    firstApiKey,
    apiKey: () => apiKey,
    put,
    async rotate(server, onNewKeys) {
      const present = await readFile(join(rig.folder, 'master.key'), 'utf8')
      round += 1
      const [next, nextApiKey] = [newMasterKey(`k${round}`), newApiKey()]
      await put('master.key', `${present},${next}`)
      await writeConfig([apiKey, nextApiKey])
      await reload(server)
      onNewKeys()
      apiKey = nextApiKey
      await put('master.key', `${next},${present}`)
      await reload(server)
      await reseal(rig, env)
      await put('master.key', next)
      await writeConfig([apiKey])
      await reload(server)
    },
  }
}

async function reseal(rig: Rig, env: Record<string, string>): Promise<void> {
  const { exitCode, stdout, stderr } = await rig.run(['keys', 'reseal', '--json'], {
    ...env,
    ...ROTATING_ENV,
  })
  assert.equal(exitCode, 0, stderr)
  assert.deepEqual(Object(JSON.parse(stdout)).unreadable, {})
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

/** People, a gateway and a back end who ask all the while; what went wrong comes back at the end. */
export interface Asking {
  stop(): Promise<{ readonly wrong: readonly string[]; readonly asked: number }>
  /** Five minutes later every back end has fetched the keys again. */
  letKeysSpread(): void
}

export function askAll(server: ServeProcess, rig: Rig, apiKey: () => string): Asking {
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
  // It is looked at when all is over.
  running.catch(() => undefined)
  return {
    async stop() {
      isOver = true
      await running
      return { wrong, asked }
    },
    letKeysSpread() {
      verify = newVerifier()
    },
  }
}
