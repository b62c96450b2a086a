import type { Finding } from './findings.ts'
import { DEFAULT_CONFIG_FILE } from './layers.ts'
import { SCALARS } from './scalars.ts'

const OPTION_OF: ReadonlyMap<string, string> = new Map([
  ...Object.entries(SCALARS).map(([option, { variable }]): [string, string] => [variable, option]),
  ['YAOPAI_INSECURE_EMULATOR', 'insecureEmulator'],
  ['REDIS_URL', 'redisUrl'],
  ['YAOPAI_MASTER_KEY', 'masterKey'],
  ['YAOPAI_API_KEYS', 'backends'],
  ['WECHAT_APPID', 'apps'],
])
const VARIABLE = new RegExp(`\\b(${[...OPTION_OF.keys()].join('|')})\\b(?:=([^\\s;,]+))?`, 'g')
const ASIDE = /\b(apps|backends)_(\d+)_(secret|key)\b/g
/** A forwarder of one's own can be named to a server alone. */
const SERVER_ONLY = /, or, if the forwarder is yours, WECHAT_API_TRUSTED_HOST=\S+/g

/** A finding about variables and the configuration file, for someone who has set options in code. */
export function inOptionWords({ setting, problem, cure }: Finding): Finding {
  return {
    setting: setting === DEFAULT_CONFIG_FILE ? 'options' : translate(setting),
    problem: translate(problem),
    cure: translate(cure),
  }
}

function translate(text: string): string {
  return text
    .replaceAll(SERVER_ONLY, '')
    .replaceAll(ASIDE, '$1[$2].$3')
    .replaceAll(DEFAULT_CONFIG_FILE, 'the options')
    .replaceAll(VARIABLE, (_all, variable: string, value?: string) => {
      const option = OPTION_OF.get(variable) ?? variable
      return value === undefined ? option : `${option}: ${literalOf(option, value)}`
    })
}

function literalOf(option: string, value: string): string {
  if (option === 'insecureEmulator') return String(value === '1')
  return /^\d+$/.test(value) ? value : `'${value}'`
}
