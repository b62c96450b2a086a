import type { AppConfig } from '../config.ts'
import { DEFAULT_POLICY } from '../session/lifetime.ts'
import { complain, type Findings } from './findings.ts'
import type { Layers } from './layers.ts'
import type { Sources } from './scalars.ts'
import { appidSchema } from './schema.ts'
import { type FoundSecret, secretFromRef, secretFromVariable } from './secrets.ts'

const APP_SECRET = /^[0-9a-f]{32}$/i
const WHERE = 'the admin platform shows it under 开发管理 → 开发设置'

/** Apps of the file, and the one of `WECHAT_APPID`, whose secret counts before the file's. */
export function readApps(layers: Layers, findings: Findings, sources: Sources): AppConfig[] {
  const fromFile = (layers.file.apps ?? []).map((app, index) => ({ ...app, setting: `apps[${index}]` }))
  const single = readSingle(layers, findings)
  const apps: AppConfig[] = []
  for (const { setting, secret: ref, ...app } of fromFile) {
    const isSingle = single !== null && single.appid === app.appid && single.secret !== null
    const found = isSingle ? single.secret : secretFromRef(ref, `${setting}.secret`, layers, findings)
    if (apps.some((other) => other.appid === app.appid))
      complain(findings, `${setting}.appid`, 'stands in the list twice', 'Remove one of the two')
    if (app.policy.idleSeconds > app.policy.absoluteSeconds)
      complain(findings, `${setting}.policy.idleSeconds`, 'is longer than absoluteSeconds', 'Make it shorter')
    const secret = checkedSecret(found, findings)
    if (secret !== null) apps.push({ ...app, secret })
  }
  judgeClassicLogin(fromFile, findings)
  addSingle(single, apps, fromFile, findings)
  sources['apps'] = single === null ? layers.fileName : single.source
  const hasSome = fromFile.length > 0 || layers.variables.has('WECHAT_APPID')
  if (!hasSome && !layers.isFileBroken) {
    complain(
      findings,
      'WECHAT_APPID',
      'is not set',
      `Set it and WECHAT_SECRET (${WHERE}), or list apps in ${layers.fileName}`,
    )
  }
  return apps
}

/** The classic wire names no app, so only one can be meant. */
function judgeClassicLogin(
  fromFile: readonly { readonly classicLogin: boolean; readonly setting: string }[],
  findings: Findings,
): void {
  const [, ...surplus] = fromFile.filter(({ classicLogin }) => classicLogin)
  for (const { setting } of surplus) {
    const cure = 'Leave it on for one app; the others log in by POST /login'
    complain(
      findings,
      `${setting}.classicLogin`,
      'is on for another app too, and GET /login names none',
      cure,
    )
  }
}

interface SingleApp {
  readonly appid: string
  readonly source: string
  readonly secret: FoundSecret | null
}

function readSingle(layers: Layers, findings: Findings): SingleApp | null {
  const secret = secretFromVariable('WECHAT_SECRET', layers, findings)
  const variable = layers.variables.get('WECHAT_APPID')
  if (variable === undefined) {
    if (secret !== null)
      complain(
        findings,
        'WECHAT_APPID',
        `is not set, but ${secret.setting} is`,
        `Set WECHAT_APPID too; ${WHERE}`,
      )
    return null
  }
  const parsed = appidSchema.safeParse(variable.text)
  if (parsed.success) return { appid: parsed.data, source: variable.source, secret }
  complain(
    findings,
    'WECHAT_APPID',
    parsed.error.issues[0]?.message ?? 'does not fit',
    `Set the AppID; ${WHERE}`,
  )
  return null
}

function addSingle(
  single: SingleApp | null,
  apps: AppConfig[],
  fromFile: readonly { readonly appid: string }[],
  findings: Findings,
): void {
  if (single === null || fromFile.some(({ appid }) => appid === single.appid)) return
  if (single.secret === null) {
    const isTold = findings.problems.some(({ setting }) => setting.startsWith('WECHAT_SECRET'))
    if (!isTold) complain(findings, 'WECHAT_SECRET', 'is not set', `Set the AppSecret; ${WHERE}`)
    return
  }
  const secret = checkedSecret(single.secret, findings)
  if (secret === null) return
  apps.push({
    appid: single.appid,
    secret,
    openPlatform: 'default',
    classicLogin: false,
    frozen: false,
    policy: DEFAULT_POLICY,
  })
}

function checkedSecret(found: FoundSecret | null, findings: Findings): AppConfig['secret'] | null {
  if (found === null) return null
  if (APP_SECRET.test(found.secret.reveal())) return found.secret
  complain(
    findings,
    found.setting,
    'must be an AppSecret, 32 hexadecimal digits',
    `Set the AppSecret; ${WHERE}`,
  )
  return null
}
