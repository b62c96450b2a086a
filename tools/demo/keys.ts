import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { newApiKey, newMasterKey } from 'yaopai'

/** The name under which a server accepts them only beside an emulator. */
const DEV = 'dev'
export const demoScopes = ['introspect', 'access-token', 'admin', 'identity:read'] as const

export type DemoKeys = { masterKey: string; apiKey: string; backend: string }

/** Made at the first start and kept in `folder`, the same files as those of `yaopai dev`. */
export function openDemoKeys(folder: string): DemoKeys {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  keep(join(folder, '.gitignore'), () => '*\n')
  const masterKey = keep(join(folder, 'master.key'), () => newMasterKey(DEV))
  const entry = keep(join(folder, 'api.keys'), () => `${DEV}:${demoScopes.join('+')}:${newApiKey()}`)
  return { masterKey, apiKey: entry.slice(entry.lastIndexOf(':') + 1), backend: DEV }
}

function keep(file: string, make: () => string): string {
  if (existsSync(file)) return readFileSync(file, 'utf8').trim()
  const text = make()
  writeFileSync(file, text, { mode: 0o600, flag: 'wx' })
  return text
}
