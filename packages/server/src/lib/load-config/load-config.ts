import type { Config, DatabaseTarget } from '../config.ts'
import { readApps } from './apps.ts'
import { readBackends } from './backends.ts'
import { readDatabase } from './database-url.ts'
import { didYouMean } from './did-you-mean.ts'
import { complain, type Finding, type Findings, noFindings, warn } from './findings.ts'
import { type Layers, type LayersInput, readLayers } from './layers.ts'
import { readMasterKeys } from './master-keys.ts'
import { readRedisUrl } from './redis-url.ts'
import { readScalars, SCALARS, type Sources } from './scalars.ts'
import { judgeInspector, judgeSafety } from './unsafe.ts'
import { readWechatBase } from './wechat-base.ts'

export type { Finding } from './findings.ts'

export interface LoadConfigInput extends LayersInput {
  /** Node's own switches, which may open a debugger. Default: none. */
  readonly execArgv?: readonly string[]
  /** Whether the debugger of this very process listens. Default: no. */
  readonly isDebuggerOpen?: boolean
}

export type LoadedConfig =
  | {
      readonly ok: true
      readonly config: Config
      readonly warnings: readonly Finding[]
      /** Where each setting's value came from. */
      readonly sources: Readonly<Sources>
      /** Whether there is a configuration file. */
      readonly hasFile: boolean
    }
  | { readonly ok: false; readonly problems: readonly Finding[]; readonly warnings: readonly Finding[] }

/**
 * The environment over `.env.local` and `.env` over `yaopai.config.json` (or the file that `YAOPAI_CONFIG` names)
 * over the defaults. Everything that is wrong is told at once; no secret's value is ever told.
 */
export function loadConfig(input: LoadConfigInput): LoadedConfig {
  const findings = noFindings()
  const sources: Sources = {}
  const layers = readLayers(input, findings)
  judgeNames(layers, findings)
  const config = readConfig(layers, findings, sources)
  if (!layers.isFileBroken) judgeSafety(config, layers, findings)
  judgeInspector(
    {
      nodeOptions: input.env['NODE_OPTIONS'] ?? '',
      execArgv: input.execArgv ?? [],
      isDebuggerOpen: input.isDebuggerOpen ?? false,
      insecureEmulator: config.insecureEmulator,
    },
    findings,
  )
  const { problems, warnings } = findings
  if (problems.length > 0) return { ok: false, problems, warnings }
  return { ok: true, config: deepFreeze(config), warnings, sources, hasFile: layers.hasFile }
}

function readConfig(layers: Layers, findings: Findings, sources: Sources): Config {
  const { basePath, databaseUrl: _, ...scalars } = readScalars(layers, findings, sources)
  const insecureEmulator = readInsecureEmulator(layers, findings, sources)
  return {
    ...scalars,
    basePath: basePath === '/' ? '' : basePath,
    database: readDatabase(layers, findings, sources),
    redis: readRedisUrl(layers, findings, sources),
    wechatApiBase: readWechatBase(scalars.wechatApiBase, insecureEmulator, layers, findings),
    insecureEmulator,
    masterKeys: readMasterKeys(layers, findings, sources),
    apps: readApps(layers, findings, sources),
    backends: readBackends(layers, findings, sources),
  }
}

/** What the commands need that work on the database alone. */
export type LoadedDatabase =
  | { readonly ok: true; readonly database: DatabaseTarget; readonly source: string }
  | { readonly ok: false; readonly problems: readonly Finding[] }

export function loadDatabaseUrl(input: LayersInput): LoadedDatabase {
  const findings = noFindings()
  const sources: Sources = {}
  const layers = readLayers(input, findings)
  const database = readDatabase(layers, findings, sources)
  if (findings.problems.length > 0) return { ok: false, problems: findings.problems }
  return { ok: true, database, source: sources['databaseUrl'] ?? 'default' }
}

/** Only in the environment: a switch that makes a server unsafe must not travel with a committed file. */
function readInsecureEmulator(layers: Layers, findings: Findings, sources: Sources): boolean {
  const variable = layers.variables.get('YAOPAI_INSECURE_EMULATOR')
  sources['insecureEmulator'] = variable?.source ?? 'default'
  if (variable === undefined || variable.text === '0') return false
  if (variable.text !== '1')
    complain(findings, 'YAOPAI_INSECURE_EMULATOR', 'must be 1 or 0', 'Set it to 1, or remove it')
  return variable.text === '1'
}

const SECRETS = ['DATABASE_URL', 'REDIS_URL', 'WECHAT_SECRET', 'YAOPAI_MASTER_KEY', 'YAOPAI_API_KEYS']

/** Every environment variable that the server reads. */
export const SETTING_NAMES: readonly string[] = [
  ...Object.values(SCALARS).map(({ variable }) => variable),
  'YAOPAI_CONFIG',
  'YAOPAI_INSECURE_EMULATOR',
  'WECHAT_APPID',
  'WECHAT_API_TRUSTED_HOST',
  ...SECRETS.flatMap((name) => [name, `${name}_FILE`]),
]
const OURS = /^(YAOPAI|WECHAT)_/

/** A misspelt variable would otherwise do nothing, silently. Others' variables are none of our business. */
function judgeNames(layers: Layers, findings: Findings): void {
  for (const [name, { source }] of layers.variables) {
    if (SETTING_NAMES.includes(name) || !OURS.test(name)) continue
    const near = didYouMean(name, SETTING_NAMES)
    if (near !== null) warn(findings, name, `is not a setting (${source})`, `Did you mean ${near}?`)
  }
}

/** Secrets keep their value in a private field, which freezing leaves alone. Bytes cannot be frozen. */
function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value
  for (const part of Object.values(value)) deepFreeze(part)
  return Object.freeze(value)
}

/** What is set at all, before it is judged: for commands that fill gaps. */
export function peekSettings(input: LayersInput): {
  readonly hasVariable: (name: string) => boolean
  readonly hasApps: boolean
} {
  const { variables, file } = readLayers(input, noFindings())
  const hasVariable = (name: string) => variables.has(name)
  return { hasVariable, hasApps: hasVariable('WECHAT_APPID') || (file.apps ?? []).length > 0 }
}
