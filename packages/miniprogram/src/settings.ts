import { originOf } from './origin.ts'
import { tell } from './tell.ts'
import type { WxLike, YaopaiOptions } from './types.ts'
import { YaopaiError } from './yaopai-error.ts'

const EXAMPLE = '应如 / like https://example.com'

/** The options, looked at once and made plain. */
export interface Settings {
  readonly base: string
  readonly server: string
  /** Who gets the token. */
  readonly origins: readonly string[]
  readonly appid: string | undefined
}

/** @throws YaopaiError `invalid_option`, which names the option and the cure */
export function settingsOf(options: YaopaiOptions, platform: WxLike): Settings {
  const { miniProgram } = Object(tell(platform, 'getAccountInfoSync'))
  const { appId, envVersion = 'release' } = Object(miniProgram)
  for (const name of Object.keys(options)) {
    must(/^(baseUrl|authUrl|tokenOrigins|platform)$/.test(name), name, '无此项 / unknown')
  }
  const { baseUrl, authUrl = baseUrl, tokenOrigins = [] } = options
  const base = urlOf('baseUrl', baseUrl, envVersion)
  const server = urlOf('authUrl', authUrl, envVersion)
  for (const origin of tokenOrigins) must(origin && originOf(origin) === origin, 'tokenOrigins', EXAMPLE)
  const origins = tokenOrigins.concat(originOf(base), originOf(server))
  // DevTools says touristappid where the project has no appid.
  return { base, server, origins, appid: /^wx/.test(appId) ? appId : undefined }
}

function urlOf(option: string, value: unknown, envVersion: string): string {
  const url = String(Object(value)[envVersion] || value).replace(/\/+$/, '')
  const shape = envVersion === 'release' ? /^https[^?#]+$/i : /^http[^?#]+$/i
  const isRoute = /\/(login|session|renew|me)$/.test(url)
  must(shape.test(url) && !isRoute && originOf(url), option, EXAMPLE)
  return url
}

/** @throws YaopaiError where it does not hold */
export function must(holds: unknown, option: string, cure: string): asserts holds {
  if (!holds) throw new YaopaiError('invalid_option', 'config', `${option}: ${cure}`)
}
