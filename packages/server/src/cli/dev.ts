import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import type { Emulator } from '@yaopai/wechat-emulator'
import { createOffsetClock } from '../lib/clock.ts'
import type { AppConfig, Config } from '../lib/config.ts'
import { peekSettings } from '../lib/load-config/load-config.ts'
import { readTextFile } from '../lib/load-config/read-text-file.ts'
import { isLoopback } from '../lib/network.ts'
import { codeOf, reasonOf } from '../lib/store/sqlite/unreachable.ts'
import type { YaopaiServer } from '../main.ts'
import { type DevKeys, openDevKeys } from './dev-keys.ts'
import { CommandError, EXIT } from './exit.ts'
import { readConfig } from './read-config.ts'
import { serveWith } from './serve.ts'
import { plain, styled, type Terminal } from './terminal.ts'

/** Stands where the emulator's address will be: it starts with the apps, which the configuration has. */
const NOT_YET = 'http://127.0.0.1'
/** What WeChat DevTools puts into the folder of every project. */
const PROJECT_FILE = 'project.config.json'

export interface DevOptions {
  readonly emulatorPort: number
  /** Folder of a mini program or its project. Default: this folder, where it is a project's. */
  readonly miniprogram?: string
  /** Where the mini program's requests go; see `backends` of the emulator. */
  readonly backend?: readonly string[]
}

/** `yaopai dev`: server and emulator for a team's own app, with keys that are made once. */
export async function dev(options: DevOptions, terminal: Terminal): Promise<number> {
  const { startEmulator, DEMO_APP } = await importEmulator()
  const keys = ownKeys(join(process.cwd(), '.yaopai'))
  const read = readConfig(terminal, devEnv(process.env, keys, DEMO_APP)).config
  const state = { apps: Object.fromEntries(read.apps.map(emulated)) }
  const miniprogram = miniprogramOf(options)
  const log = (line: string) => terminal.say(line)
  const { emulatorPort: port, backend: backends } = options
  const emulator = await startEmulator({ port, state, miniprogram, backends, log }).catch(
    (error: unknown) => {
      throw startError(error, port)
    },
  )
  try {
    const config = { ...read, wechatApiBase: emulator.url }
    const announce = (server: YaopaiServer) => {
      // What other machines reach has no knobs to hand on to.
      if (isLoopback(config.internalHost)) connect(emulator, server)
      sayWhere({ server, emulator, config, miniprogram, apiKey: keys.apiKey, terminal })
    }
    const devClock = createOffsetClock()
    return await serveWith(config, terminal, { announce, devClock, stopBeside: () => emulator.close() })
  } catch (error) {
    await emulator.close()
    throw error
  }
}

function ownKeys(folder: string): DevKeys {
  try {
    return openDevKeys(folder)
  } catch (error) {
    if (codeOf(error) === null) throw error
    const problem = `The keys cannot be kept in ${folder}, ${reasonOf(error)}`
    throw new CommandError(EXIT.config, `${problem}: start in a folder that is your own`)
  }
}

function connect(emulator: Emulator, { internalUrl }: YaopaiServer): void {
  emulator.connect({ devUrl: internalUrl, taps: { server: internalUrl } })
}

function miniprogramOf({ miniprogram }: DevOptions): string | undefined {
  if (miniprogram !== undefined) return miniprogram
  return existsSync(join(process.cwd(), PROJECT_FILE)) ? process.cwd() : undefined
}

function emulated({ appid, secret, openPlatform }: AppConfig) {
  return [appid, { secret: secret.reveal(), openPlatform }] as const
}

/** What `dev` sets for itself. Everything else is the team's own; who has no app yet gets the demo's. */
function devEnv(
  env: Readonly<Record<string, string | undefined>>,
  keys: { readonly masterKeyFile: string; readonly apiKeysFile: string },
  demo: { readonly appid: string; readonly secret: string },
): Record<string, string | undefined> {
  const { hasApps, hasVariable } = peekSettings({ env, cwd: process.cwd(), readFile: readTextFile })
  const isUnset = (name: string) => !hasVariable(name) && !hasVariable(`${name}_FILE`)
  const isSecretMissing = hasVariable('WECHAT_APPID') && isUnset('WECHAT_SECRET')
  return {
    ...env,
    WECHAT_API_BASE: NOT_YET,
    YAOPAI_INSECURE_EMULATOR: '1',
    ...(isUnset('YAOPAI_MASTER_KEY') ? { YAOPAI_MASTER_KEY_FILE: keys.masterKeyFile } : {}),
    ...(isUnset('YAOPAI_API_KEYS') ? { YAOPAI_API_KEYS_FILE: keys.apiKeysFile } : {}),
    ...(isSecretMissing ? { WECHAT_SECRET: randomBytes(16).toString('hex') } : {}),
    ...(hasApps ? {} : { WECHAT_APPID: demo.appid, WECHAT_SECRET: demo.secret }),
  }
}

async function importEmulator(): Promise<typeof import('@yaopai/wechat-emulator')> {
  try {
    return await import('@yaopai/wechat-emulator')
  } catch (error) {
    const isAbsent = error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND'
    if (!isAbsent) throw error
    const cure = 'npm install --save-dev @yaopai/wechat-emulator'
    throw new CommandError(EXIT.config, `The emulator is not installed: ${cure}`)
  }
}

interface Running {
  readonly server: YaopaiServer
  readonly emulator: Emulator
  readonly config: Config
  readonly miniprogram: string | undefined
  readonly apiKey: string
  readonly terminal: Terminal
}

function sayWhere({ server, emulator, config, miniprogram, apiKey, terminal }: Running): void {
  const appid = config.apps[0]?.appid ?? ''
  terminal.say(`Yaopai for development. Ctrl-C stops it.
  for mini programs  ${styled('cyan', server.publicUrl + config.basePath)}
  for back ends      ${styled('cyan', server.internalUrl)}  with Authorization: Bearer ${apiKey}
  WeChat's emulator  ${styled('cyan', emulator.url)}

  ${phoneLine(emulator, miniprogram)}

  A code, as wx.login gives it:
  curl -d '{"appid":"${appid}","user":"alice"}' -H 'Content-Type: application/json' ${emulator.url}/_emulator/wx/login`)
}

function phoneLine({ url }: Emulator, miniprogram: string | undefined): string {
  if (miniprogram === undefined)
    return 'A phone in the browser: yaopai dev --miniprogram <folder> runs yours there'
  return `A phone with ${plain(miniprogram)}, and what it says to whom: open ${styled('cyan', `${url}/`)}`
}

/** The emulator's own words name its own options, which `dev` has not. */
function startError(error: unknown, port: number): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : null
  if (error instanceof Error && code === 'bad_backend')
    return new CommandError(EXIT.usage, `--backend: ${error.message}`)
  const problem =
    code === 'port_taken'
      ? 'is taken: stop what listens there'
      : 'is not allowed to this user: use 1024 or above'
  if (code !== 'port_taken' && code !== 'port_forbidden') return error
  const cure = 'or choose another with EMULATOR_PORT or --emulator-port (0 takes a free one)'
  return new CommandError(EXIT.config, `The emulator's port ${port} ${problem}, ${cure}`)
}
