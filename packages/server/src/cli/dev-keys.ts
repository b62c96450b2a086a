import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DEV_BACKEND, DEV_KID } from '../lib/load-config/unsafe.ts'
import { newApiKey, newMasterKey } from '../main/keys.ts'

const ALL_SCOPES = 'introspect+access-token+admin+identity:read'

export interface DevKeys {
  /** Files for `YAOPAI_MASTER_KEY_FILE` and `YAOPAI_API_KEYS_FILE`. */
  readonly masterKeyFile: string
  readonly apiKeysFile: string
  /** `kid:base64`. */
  readonly masterKey: string
  /** Of all scopes, for the back end {@link DEV_BACKEND}. */
  readonly apiKey: string
}

/**
 * Keys for work on one's own machine, made once and kept in `folder` for its owner alone, out of git. `serve`
 * refuses them without an emulator.
 */
export function openDevKeys(folder: string): DevKeys {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  chmodSync(folder, 0o700)
  keep(join(folder, '.gitignore'), () => '*\n')
  const masterKeyFile = join(folder, 'master.key')
  const apiKeysFile = join(folder, 'api.keys')
  const masterKey = keep(masterKeyFile, () => newMasterKey(DEV_KID))
  const entry = keep(apiKeysFile, () => `${DEV_BACKEND}:${ALL_SCOPES}:${newApiKey()}`)
  return { masterKeyFile, apiKeysFile, masterKey, apiKey: entry.slice(entry.lastIndexOf(':') + 1) }
}

function keep(file: string, make: () => string): string {
  if (existsSync(file)) return readFileSync(file, 'utf8').trim()
  const text = make()
  writeFileSync(file, text, { mode: 0o600, flag: 'wx' })
  return text
}
