import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { DEMO_APP, type Emulator, startEmulator } from '@yaopai/wechat-emulator'
import { newApiKey, newMasterKey } from 'yaopai'
import { type Ended, runYaopai, type ServeProcess, type Spawning, startServe } from './processes.ts'

export const APPID = DEMO_APP.appid

/** A folder of its own, an emulator in this process, and the settings of a server between them. */
export interface Rig {
  readonly folder: string
  readonly emulator: Emulator
  readonly apiKey: string
  /** AppSecret, master key, API key: what must be seen nowhere. */
  readonly secrets: readonly string[]
  readonly env: Readonly<Record<string, string>>
  serve(
    env?: Record<string, string>,
    args?: readonly string[],
    command?: 'serve' | 'dev',
    spawning?: Spawning,
  ): Promise<ServeProcess>
  /** Runs a command in the folder with the server's settings. */
  run(
    args: readonly string[],
    env?: Record<string, string>,
    options?: { readonly isReaderGone?: boolean },
  ): Promise<Ended>
  code(user?: string): string
}

/** Everything it starts is gone after the test. */
export async function createRig(t: Pick<TestContext, 'after'>): Promise<Rig> {
  const folder = await mkdtemp(join(tmpdir(), 'yaopai-serve-'))
  const emulator = await startEmulator()
  const secret = randomBytes(16).toString('hex')
  emulator.putApp(APPID, { secret })
  const [masterKey, apiKey] = [newMasterKey('k1'), newApiKey()]
  const env = {
    PORT: '0',
    INTERNAL_PORT: '0',
    WECHAT_APPID: APPID,
    WECHAT_SECRET: secret,
    WECHAT_API_BASE: emulator.url,
    YAOPAI_INSECURE_EMULATOR: '1',
    YAOPAI_MASTER_KEY: masterKey,
    YAOPAI_API_KEYS: `shop:introspect+admin:${apiKey}`,
  }
  const started: ServeProcess[] = []
  t.after(async () => {
    for (const server of started) await server.kill()
    await emulator.close()
    await rm(folder, { recursive: true, force: true })
  })
  return {
    folder,
    emulator,
    apiKey,
    secrets: [secret, masterKey.slice(3), apiKey],
    env,
    serve: async (more = {}, args = [], command = 'serve', spawning = {}) => {
      const server = await startServe(folder, { ...env, ...more }, [command, ...args], spawning)
      started.push(server)
      return server
    },
    run: (args, more = {}, options = {}) => runYaopai(folder, { ...env, ...more }, args, options),
    code: (user = 'alice') => emulator.login({ appid: APPID, user }).code,
  }
}
