import type { Finding } from './findings.ts'

const APPS_CURE = "List your mini programs: apps: [{ appid: 'wx…', secret: '…' }]"
const MASTER_KEY_CURE =
  "`yaopai keys new --master` makes one to keep; newMasterKey('test') of 'yaopai' makes one for a test"

/** What the compiler demands and a caller in plain JavaScript may still leave out. */
export function missingOptions(options: {
  readonly apps: unknown
  readonly masterKey: unknown
  readonly backends: unknown
}): Finding[] {
  const { apps, masterKey, backends } = options
  const findings: Finding[] = []
  if (!Array.isArray(apps) || apps.length === 0)
    findings.push({
      setting: 'apps',
      problem: isMissing(apps) ? 'is missing' : 'must be a list',
      cure: APPS_CURE,
    })
  if (!isText(masterKey)) {
    const problem = isMissing(masterKey) ? 'is missing' : 'must be a text kid:base64'
    findings.push({ setting: 'masterKey', problem, cure: MASTER_KEY_CURE })
  }
  for (const [index, app] of listOf(apps).entries())
    if (!isText(Object(app).secret))
      findings.push(absent(`apps[${index}].secret`, 'Set the AppSecret of the app'))
  for (const [index, backend] of listOf(backends).entries())
    if (!isText(Object(backend).key))
      findings.push(absent(`backends[${index}].key`, '`yaopai keys new` makes one, as does newApiKey()'))
  return findings
}

function absent(setting: string, cure: string): Finding {
  return { setting, problem: 'is missing', cure }
}

function isMissing(value: unknown): boolean {
  return value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== ''
}

/** The list, or an empty one where there is none. */
export function listOf<T>(value: readonly T[] | unknown): readonly T[] {
  return Array.isArray(value) ? value : []
}
