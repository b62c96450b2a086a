import inspector from 'node:inspector'
import process from 'node:process'
import type { Config, DatabaseTarget } from '../lib/config.ts'
import { ConfigError } from '../lib/load-config/config-error.ts'
import { type LoadConfigInput, loadConfig, loadDatabaseUrl } from '../lib/load-config/load-config.ts'
import { readTextFile } from '../lib/load-config/read-text-file.ts'
import type { Store } from '../lib/store/store.ts'
import { openStore } from '../main/open-store.ts'
import { reportFailure, reportWarnings } from './exit.ts'
import type { Terminal } from './terminal.ts'

type Env = Readonly<Record<string, string | undefined>>

export function configInput(env: Env = process.env): LoadConfigInput {
  return {
    env,
    cwd: process.cwd(),
    readFile: readTextFile,
    execArgv: process.execArgv,
    isDebuggerOpen: inspector.url() !== undefined,
  }
}

/** @throws ConfigError with everything that is wrong */
export function readConfig(
  terminal: Terminal,
  env: Env = process.env,
): {
  readonly config: Config
  readonly sources: Readonly<Record<string, string>>
  readonly hasFile: boolean
} {
  const loaded = loadConfig(configInput(env))
  reportWarnings(loaded.warnings, terminal)
  if (!loaded.ok) throw new ConfigError(loaded.problems)
  return loaded
}

/** @throws ConfigError */
export function readDatabase(): DatabaseTarget {
  const loaded = loadDatabaseUrl({ env: process.env, cwd: process.cwd(), readFile: readTextFile })
  if (!loaded.ok) throw new ConfigError(loaded.problems)
  return loaded.database
}

/** Works on the book beside a server that may be running; what it writes counts there within a second. */
export async function withStore<Result>(
  terminal: Terminal,
  work: (store: Store) => Promise<Result>,
): Promise<Result> {
  const store = await openStore(readDatabase(), {
    role: 'tool',
    onFatal: (error) => process.exit(reportFailure(error, terminal)),
  })
  try {
    return await work(store)
  } finally {
    await store.close()
  }
}
