import { createHmac } from 'node:crypto'

/** 28 characters of [A-Za-z0-9_-], the first an o, as WeChat's look. */
function derive(seed: string, parts: string[]): string {
  const digest = createHmac('sha256', seed).update(JSON.stringify(parts)).digest('base64url')
  return `o${digest.slice(0, 27)}`
}

/** The user's id in one app: a pure function, so alice stays alice over restarts, resets and machines. */
export function openidOf(seed: string, appid: string, user: string): string {
  return derive(seed, ['openid', appid, user])
}

/** The user's id in all apps of one open platform account. */
export function unionidOf(seed: string, openPlatform: string, user: string): string {
  return derive(seed, ['unionid', openPlatform, user])
}
