import type { Config } from '../lib/config.ts'
import { EXIT } from './exit.ts'
import { readConfig } from './read-config.ts'
import { type Terminal, table } from './terminal.ts'

const MASKED = '[set]'

interface Row {
  readonly setting: string
  readonly value: unknown
  readonly source: string
}

/** `yaopai config print`: what the server would run with, secrets masked, and where each value comes from. */
export async function printConfig(terminal: Terminal): Promise<number> {
  const { config, sources } = readConfig(terminal)
  const rows = rowsOf(config, sources)
  const lines = rows.map(({ setting, value, source }) => [setting, shown(value), source])
  terminal.data({ settings: rows }, table([['setting', 'value', 'from'], ...lines]))
  return EXIT.done
}

function rowsOf(config: Config, sources: Readonly<Record<string, string>>): Row[] {
  const { apps, backends, masterKeys, ...plain } = config
  const from = (key: string) => sources[key] ?? 'default'
  const scalars = Object.entries(plain).map(([setting, value]) => ({ setting, value, source: from(setting) }))
  return [
    ...scalars,
    {
      setting: 'masterKey',
      value: masterKeys.map(({ kid }) => `${kid}:${MASKED}`),
      source: from('masterKey'),
    },
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

function shown(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
