import type { SessionPolicy } from '../session/lifetime.ts'
import { inOptionWords } from './in-option-words.ts'
import { DEFAULT_CONFIG_FILE } from './layers.ts'
import { type Finding, type LoadedConfig, loadConfig } from './load-config.ts'
import { listOf, missingOptions } from './missing-options.ts'
import type { ReadFile } from './read-text-file.ts'

/** One mini program. */
export interface AppOptions {
  /** The AppID: 开发管理 → 开发设置. */
  readonly appid: string
  /** The AppSecret beside it. */
  readonly secret: string
  /** Apps with the same name here share unionids (微信开放平台). Default `default`. */
  readonly openPlatform?: string
  /** Serves `GET /login`, the classic tutorial's wire. Default false. */
  readonly classicLogin?: boolean
  /** Logs nobody in; tokens of this app open nothing. Default false. */
  readonly frozen?: boolean
  /** How long sessions live; durations in seconds. */
  readonly policy?: Partial<SessionPolicy>
}

/** A back end that may ask who calls, over the internal handler. */
export interface BackendOptions {
  readonly name: string
  /** `yk1_…`: `yaopai keys new` makes one. */
  readonly key: string
  readonly scopes: readonly ('introspect' | 'access-token' | 'admin' | 'identity:read')[]
  readonly audience?: string
}

/** The settings of the library: those of `yaopai.config.json` that make sense without listeners. */
export interface ConfigOptions {
  readonly apps: readonly AppOptions[]
  /** `kid:base64[,kid:base64…]`, 32 bytes each: the first seals, all open. */
  readonly masterKey: string
  readonly backends?: readonly BackendOptions[]
  /** `file:…`, `postgres://…` or `mysql://…`. Default `file:.yaopai/yaopai.db`, from the working directory. */
  readonly databaseUrl?: string
  /** Prefix of the public routes, such as `/yaopai`. Default none. */
  readonly basePath?: string
  /** Addresses and networks whose `X-Forwarded-For` counts. Default none. */
  readonly trustProxy?: readonly string[]
  /** Default `https://api.weixin.qq.com`. */
  readonly wechatApiBase?: string
  /** Set when `wechatApiBase` is an emulator. Default false. */
  readonly insecureEmulator?: boolean
  /** Logins a minute from one address. Default 600. */
  readonly loginLimitPerIp?: number
  /** Default 180. */
  readonly eventRetentionDays?: number
  /**
   * How many sessions are remembered between requests. Default 100 000; 0 for none, as for a test that changes a store
   * behind the server's back: otherwise that counts within a second.
   */
  readonly sessionCacheEntries?: number
}

/** Where `startYaopai` listens. */
export interface ListenOptions {
  /** Default `127.0.0.1`. */
  readonly host?: string
  /** Default 8787; 0 takes a free one. */
  readonly port?: number
  /** Default `127.0.0.1`. */
  readonly internalHost?: string
  /** Default 8789; 0 takes a free one. */
  readonly internalPort?: number
}

/**
 * Options in code are judged by the very rules of the configuration file; secrets go beside it, as variables. What
 * is found speaks of options.
 */
export function loadConfigOptions(options: ConfigOptions & ListenOptions, cwd: string): LoadedConfig {
  const { apps, backends, masterKey, insecureEmulator, databaseUrl, ...settings } = options
  const missing = missingOptions({ apps, backends, masterKey })
  const env: Record<string, string> = {}
  const aside = (name: string, value: unknown) => {
    env[name] = typeof value === 'string' ? value : ''
    return { env: name }
  }
  aside('YAOPAI_MASTER_KEY', masterKey)
  if (insecureEmulator) env['YAOPAI_INSECURE_EMULATOR'] = '1'
  // It may hold a password, which is nobody's business where options are told of.
  const isUrl = typeof databaseUrl === 'string' && databaseUrl.trim() !== ''
  if (isUrl) env['DATABASE_URL'] = databaseUrl
  const file = {
    ...settings,
    ...(isUrl ? {} : { databaseUrl }),
    apps: listOf<unknown>(apps).map((app, index) => {
      return { ...Object(app), secret: aside(`apps_${index}_secret`, Object(app).secret) }
    }),
    backends: listOf<unknown>(backends).map((backend, index) => {
      return { ...Object(backend), key: aside(`backends_${index}_key`, Object(backend).key) }
    }),
  }
  const text = JSON.stringify(file)
  const readFile: ReadFile = (path) =>
    path.endsWith(DEFAULT_CONFIG_FILE) ? { ok: true, text, mode: null } : { ok: false, reason: 'missing' }
  return inOptions(loadConfig({ env, cwd, readFile }), missing)
}

function inOptions(loaded: LoadedConfig, missing: readonly Finding[]): LoadedConfig {
  const warnings = loaded.warnings.map(inOptionWords)
  if (loaded.ok && missing.length === 0) return { ...loaded, warnings }
  const told = loaded.ok ? [] : loaded.problems.map(inOptionWords)
  const others = told.filter(({ setting }) => !missing.some((finding) => finding.setting === setting))
  return { ok: false, problems: [...missing, ...others], warnings }
}
