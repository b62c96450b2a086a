import type { AppConfig } from '../config.ts'
import { findApp } from '../services.ts'
import { type Refusal, refuse } from './answer.ts'
import type { HttpDeps } from './deps.ts'

/** `https://servicewechat.com/{appid}/{version}/page-frame.html`: WeChat sets it, the mini program cannot. */
const REFERER = /^https:\/\/servicewechat\.com\/(wx[0-9a-f]{16})\//

type LoginApp =
  | { readonly ok: true; readonly app: AppConfig }
  | { readonly ok: false; readonly refusal: Refusal }

/**
 * Into which app the login goes. The Referer is a weak sign, since others than WeChat can forge it; but an honest
 * one that names another app shows a mistake in the configuration before a code is lost to it.
 */
export function loginApp(deps: HttpDeps, appid: string | undefined, referer: string | null): LoginApp {
  const { apps } = deps.services
  const app = appid === undefined ? (apps.length === 1 ? apps[0] : undefined) : findApp(deps.services, appid)
  if (app === undefined) {
    const detail = 'Several apps are configured: name yours in appid'
    return { ok: false, refusal: refuse('invalid_request', { field: 'appid', detail }) }
  }
  if (app === null) {
    const detail = 'The server has no such app: set WECHAT_APPID, or "apps" in its configuration file'
    return { ok: false, refusal: refuse('unknown_app', { field: 'appid', detail }) }
  }
  const sender = REFERER.exec(referer ?? '')?.[1] ?? app.appid
  if (sender === app.appid) return { ok: true, app }
  const detail = `The mini program is ${sender}, the login is for ${app.appid}: use one appid in both`
  return { ok: false, refusal: refuse('app_mismatch', { field: 'referer', detail }) }
}

/** The app of the classic wire, which cannot name one: the only one that has it on. */
export function classicApp(deps: HttpDeps): AppConfig | null {
  const [app, ...others] = deps.services.apps.filter(({ classicLogin }) => classicLogin)
  return app !== undefined && others.length === 0 ? app : null
}
