import type * as z from 'zod'
import { complain, type Findings } from './findings.ts'
import type { Layers } from './layers.ts'
import { scalarSchemas } from './schema.ts'

export type ScalarKey = keyof typeof scalarSchemas
export type Scalars = { readonly [Key in ScalarKey]: z.output<(typeof scalarSchemas)[Key]> }

/** The variable of each setting, and what holds where nobody sets it. */
export const SCALARS: {
  readonly [Key in ScalarKey]: { readonly variable: string; readonly fallback: Scalars[Key] }
} = {
  host: { variable: 'HOST', fallback: '127.0.0.1' },
  port: { variable: 'PORT', fallback: 8787 },
  internalHost: { variable: 'INTERNAL_HOST', fallback: '127.0.0.1' },
  internalPort: { variable: 'INTERNAL_PORT', fallback: 8789 },
  basePath: { variable: 'BASE_PATH', fallback: '/' },
  trustProxy: { variable: 'TRUST_PROXY', fallback: [] },
  databaseUrl: { variable: 'DATABASE_URL', fallback: 'file:.yaopai/yaopai.db' },
  wechatApiBase: { variable: 'WECHAT_API_BASE', fallback: 'https://api.weixin.qq.com' },
  loginLimitPerIp: { variable: 'LOGIN_LIMIT_PER_IP', fallback: 600 },
  exchangeLimitPerApp: { variable: 'EXCHANGE_LIMIT_PER_APP', fallback: 60_000 },
  eventRetentionDays: { variable: 'EVENT_RETENTION_DAYS', fallback: 180 },
  sessionCacheEntries: { variable: 'SESSION_CACHE', fallback: 100_000 },
  logLevel: { variable: 'LOG_LEVEL', fallback: 'info' },
}

const NUMBERS: readonly ScalarKey[] = [
  'port',
  'internalPort',
  'loginLimitPerIp',
  'exchangeLimitPerApp',
  'eventRetentionDays',
  'sessionCacheEntries',
]

/** Where a value came from: `environment`, `.env.local`, `.env`, the file's name, or `default`. */
export type Sources = Record<string, string>

export function readScalars(layers: Layers, findings: Findings, sources: Sources): Scalars {
  const read = <Key extends ScalarKey>(key: Key) => readScalar(key, layers, findings, sources)
  return {
    host: read('host'),
    port: read('port'),
    internalHost: read('internalHost'),
    internalPort: read('internalPort'),
    basePath: read('basePath'),
    trustProxy: read('trustProxy'),
    databaseUrl: read('databaseUrl'),
    wechatApiBase: read('wechatApiBase'),
    loginLimitPerIp: read('loginLimitPerIp'),
    exchangeLimitPerApp: read('exchangeLimitPerApp'),
    eventRetentionDays: read('eventRetentionDays'),
    sessionCacheEntries: read('sessionCacheEntries'),
    logLevel: read('logLevel'),
  }
}

export function readScalar<Key extends ScalarKey>(
  key: Key,
  layers: Layers,
  findings: Findings,
  sources: Sources,
): Scalars[Key] {
  const { variable, fallback } = SCALARS[key]
  const set = layers.variables.get(variable)
  if (set === undefined) {
    const inFile = layers.file[key]
    sources[key] = inFile === undefined ? 'default' : layers.fileName
    // The file's schema is made of the same schemas, so a value that came through it has this key's type.
    return inFile === undefined ? fallback : (inFile as Scalars[Key])
  }
  sources[key] = set.source
  const parsed = scalarSchemas[key].safeParse(fromText(key, set.text))
  // `safeParse` of the schema under `key` gives that key's type; the compiler cannot tie the two together.
  if (parsed.success) return parsed.data as Scalars[Key]
  complain(findings, variable, parsed.error.issues[0]?.message ?? 'does not fit', cureOf(key, set.source))
  return fallback
}

function fromText(key: ScalarKey, text: string): unknown {
  if (NUMBERS.includes(key)) return /^\d{1,9}$/.test(text) ? Number(text) : text
  if (key === 'trustProxy') return text.split(',').map((part) => part.trim())
  return text
}

function cureOf(key: ScalarKey, source: string): string {
  const { variable } = SCALARS[key]
  const example = scalarSchemas[key].meta()?.['examples']
  const first: unknown = Array.isArray(example) ? example[0] : undefined
  const shown = Array.isArray(first) ? first.join(',') : String(first)
  const where = source === 'environment' ? '' : ` in ${source}`
  return `Set for example ${variable}=${shown}${where}`
}
