import { ask } from './ask.ts'
import type { Core } from './core.ts'
import type { RequestResult } from './types.ts'

/** The server gives up on WeChat before that. */
const TIMEOUT_MS = 10_000
/** For phones that never call back. */
const GIVE_UP_MS = 12_000

/** One request to Yaopai itself, followed nowhere else. @throws YaopaiError when no answer came */
export function authCall(
  { wx, settings }: Core,
  method: string,
  path: string,
  { data, token }: { readonly data?: unknown; readonly token?: string },
): Promise<RequestResult> {
  const header = token ? { Authorization: `Bearer ${token}` } : {}
  const options = {
    url: settings.authUrl + path,
    method,
    data,
    header,
    timeout: TIMEOUT_MS,
    redirect: 'manual',
  }
  return ask((callbacks) => wx.request(Object.assign(options, callbacks)), GIVE_UP_MS)
}
