import { ask } from './ask.ts'
import type { Core } from './core.ts'
import type { RequestResult } from './types.ts'

/** The server gives up on WeChat before that; and a bit more, for phones that never call back. */
const TIMEOUT_MS = 10_000
const GIVE_UP_MS = 12_000

/** One request to Yaopai itself, followed nowhere else. @throws YaopaiError when no answer came */
export function authCall(
  { wx, settings }: Core,
  method: string,
  path: string,
  token?: string,
  data?: object,
): Promise<RequestResult> {
  const url = settings.authUrl + path
  const options = { url, method, data, header: bearer(token), timeout: TIMEOUT_MS, redirect: 'manual' }
  return ask(wx, 'request', options, GIVE_UP_MS)
}

export function bearer(token: string | undefined, header?: object): Record<string, string> {
  return Object.assign({}, header, token && { Authorization: `Bearer ${token}` })
}
