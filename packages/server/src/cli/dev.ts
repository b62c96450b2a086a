import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import process from 'node:process'
import type { Emulator } from '@yaopai/wechat-emulator'
import type { Config } from '../lib/config.ts'
import { peekSettings } from '../lib/load-config/load-config.ts'
import { readTextFile } from '../lib/load-config/read-text-file.ts'
import type { YaopaiServer } from '../main.ts'
import { openDevKeys } from './dev-keys.ts'
import { CommandError, EXIT } from './exit.ts'
import { configProblem, readConfig } from './read-config.ts'
import { serveWith } from './serve.ts'
import { styled, type Terminal } from './terminal.ts'

const DEMO = { appid: 'wxa1b2c3d4e5f60718', secret: '0123456789abcdef0123456789abcdef' }

interface DevOptions {
  readonly emulatorPort: number
}

/** `yaopai dev`: server and emulator for a team's own app, with keys that are made once. */
export async function dev({ emulatorPort }: DevOptions, terminal: Terminal): Promise<number> {
  const { startEmulator } = await importEmulator()
  const keys = openDevKeys(join(process.cwd(), '.yaopai'))
  const emulator = await startEmulator({ port: emulatorPort }).catch((error: unknown) => {
    throw configProblem('--emulator-port', messageOf(error), 'Give another one; 0 takes a free one')
  })
  try {
    const { config } = readConfig(terminal, devEnv(process.env, emulator.url, keys))
    for (const { appid, secret, openPlatform } of config.apps)
      emulator.putApp(appid, { secret: secret.reveal(), openPlatform })
    const announce = (server: YaopaiServer) =>
      sayWhere({ server, emulator, config, apiKey: keys.apiKey, terminal })
    return await serveWith(config, terminal, announce, () => emulator.close())
  } catch (error) {
    await emulator.close()
    throw error
  }
}

/** What `dev` sets for itself. Everything else is the team's own; who has no app yet gets the demo's. */
function devEnv(
  env: Readonly<Record<string, string | undefined>>,
  emulatorUrl: string,
  keys: { readonly masterKeyFile: string; readonly apiKeysFile: string },
): Record<string, string | undefined> {
  const { hasApps, hasVariable } = peekSettings({ env, cwd: process.cwd(), readFile: readTextFile })
  const isUnset = (name: string) => !hasVariable(name) && !hasVariable(`${name}_FILE`)
  const isSecretMissing = hasVariable('WECHAT_APPID') && isUnset('WECHAT_SECRET')
  return {
    ...env,
    WECHAT_API_BASE: emulatorUrl,
    YAOPAI_INSECURE_EMULATOR: '1',
    ...(isUnset('YAOPAI_MASTER_KEY') ? { YAOPAI_MASTER_KEY_FILE: keys.masterKeyFile } : {}),
    ...(isUnset('YAOPAI_API_KEYS') ? { YAOPAI_API_KEYS_FILE: keys.apiKeysFile } : {}),
    ...(isSecretMissing ? { WECHAT_SECRET: randomBytes(16).toString('hex') } : {}),
    ...(hasApps ? {} : { WECHAT_APPID: DEMO.appid, WECHAT_SECRET: DEMO.secret }),
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
  readonly apiKey: string
  readonly terminal: Terminal
}

function sayWhere({ server, emulator, config, apiKey, terminal }: Running): void {
  const appid = config.apps[0]?.appid ?? DEMO.appid
  terminal.say(`Yaopai for development. Ctrl-C stops it.
  for mini programs  ${styled('cyan', server.publicUrl + config.basePath)}
  for back ends      ${styled('cyan', server.internalUrl)}  with Authorization: Bearer ${apiKey}
  WeChat's emulator  ${styled('cyan', emulator.url)}

  A code, as wx.login gives it:
  curl -d '{"appid":"${appid}","user":"alice"}' -H 'Content-Type: application/json' ${emulator.url}/_emulator/wx/login`)
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
