import type { Machine } from '../machine.ts'
import type { App } from '../state/world.ts'
import { isListedIp } from './code-to-session.ts'
import { type Refusal, refuse } from './refusal.ts'

/** What a server says of itself when it asks for an access_token; not yet checked. */
export interface TokenParameters {
  appid: unknown
  secret: unknown
  grantType: unknown
}

type Caller = { ok: true; appid: string } | Refusal

/** These paths have no 50002 in their tables. */
function frozenErrcode(machine: Machine): number {
  return machine.world.settings.frozenAppErrcode === 40243 ? 40243 : 50007
}

function judgeApp(machine: Machine, app: App, ip: string): Refusal | undefined {
  if (!isListedIp(app, ip)) return refuse(40164)
  return app.frozen ? refuse(frozenErrcode(machine)) : undefined
}

/** Is it an app of ours, and may it ask? In this order; that the appid comes before the grant_type was seen at WeChat. */
export function judgeTokenCaller(
  machine: Machine,
  { appid, secret, grantType }: TokenParameters,
  ip: string,
): Caller {
  if (typeof appid !== 'string' || appid === '') return refuse(41002)
  if (typeof secret !== 'string' || secret === '') return refuse(41004)
  const app = machine.world.apps.get(appid)
  if (!app) return refuse(40013)
  if (secret !== app.secret) return refuse(40125)
  if (grantType !== 'client_credential') return refuse(40002)
  return judgeApp(machine, app, ip) ?? { ok: true, appid }
}
