import type { DatabaseTarget } from '../lib/config.ts'
import { ConfigError } from '../lib/load-config/config-error.ts'
import { describeDatabase } from '../lib/load-config/database-url.ts'
import { loadConfig } from '../lib/load-config/load-config.ts'
import { describeRedis } from '../lib/load-config/redis-url.ts'
import { EXIT, reportWarnings } from './exit.ts'
import { type KnownConfig, readKnownConfig } from './known-config.ts'
import { configInput } from './read-config.ts'
import { type Terminal, table } from './terminal.ts'

const MASKED = '[set]'

interface Row {
  readonly setting: string
  readonly value: unknown
  readonly source: string
}

/**
 * `yaopai config print`: what the server would run with, secrets masked, and where each value comes from.
 * @throws ConfigError after what is known, with everything that is wrong
 */
export async function printConfig(terminal: Terminal): Promise<number> {
  const input = configInput()
  const loaded = loadConfig(input)
  const known = loaded.ok ? loaded : readKnownConfig(input, loaded.problems)
  if (known !== null) print(known, terminal)
  reportWarnings(loaded.warnings, terminal)
  if (!loaded.ok) throw new ConfigError(loaded.problems)
  return EXIT.done
}

function print({ config, sources }: KnownConfig, terminal: Terminal): void {
  const rows = rowsOf(config, sources)
  const lines = rows.flatMap(({ setting, value, source }) =>
    flat(setting, value).map(([name, text]) => [name, text, source]),
  )
  terminal.data({ settings: rows }, table([['setting', 'value', 'from'], ...lines]))
}

function rowsOf(config: KnownConfig['config'], sources: KnownConfig['sources']): Row[] {
  const { apps, backends, masterKeys, database, redis, ...plain } = config
  const from = (key: string) => sources[key] ?? 'default'
  const scalars = Object.entries(plain).map(([setting, value]) => ({ setting, value, source: from(setting) }))
  return [
    ...(database === undefined ? [] : [databaseRow(database, from('databaseUrl'))]),
    ...(redis ? [{ setting: 'redisUrl', value: describeRedis(redis), source: from('redisUrl') }] : []),
    ...scalars,
    ...(masterKeys.length === 0 ? [] : [keysRow(masterKeys, from('masterKey'))]),
    ...apps.map(({ secret: _secret, ...app }) => ({
      setting: `app ${app.appid}`,
      value: { ...app, secret: MASKED },
      source: from('apps'),
    })),
    ...backends.map(({ name, scopes, audience }) => ({
      setting: `backend ${name}`,
      value: { scopes, audience, key: MASKED },
      source: from('apiKeys'),
    })),
  ]
}

function databaseRow(database: DatabaseTarget, source: string): Row {
  return { setting: 'databaseUrl', value: describeDatabase(database), source }
}

function keysRow(keys: KnownConfig['config']['masterKeys'], source: string): Row {
  return { setting: 'masterKey', value: keys.map(({ kid }) => `${kid}:${MASKED}`), source }
}

/** One line for each value: an app's or a back end's are many. */
function flat(name: string, value: unknown): [name: string, text: string][] {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return Object.entries(value).flatMap(([key, part]) => flat(`${name} ${key}`, part))
  return [[name, shown(value)]]
}

function shown(value: unknown): string {
  const text = Array.isArray(value) ? value.join(', ') : String(value ?? '')
  return text === '' ? '-' : text
}
