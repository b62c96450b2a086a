import { originOf } from './origin.ts'
import { quietly } from './quietly.ts'
import type { BaseUrls, WxLike, YaopaiOptions } from './types.ts'
import { YaopaiError } from './yaopai-error.ts'

/** The options, looked at once and made plain. */
export interface Settings {
  readonly baseUrl: string
  readonly authUrl: string
  /** Who gets the token. */
  readonly origins: readonly string[]
  readonly appid: string
  readonly deviceLabel: string | undefined
  readonly timeoutMs: number | undefined
}

const KNOWN = /^(baseUrl|authUrl|tokenOrigins|platform|deviceLabel|timeoutMs)$/
/** A base address that ends so names one of Yaopai's own routes, where the prefix is wanted. */
const ROUTE = /\/(login|session|session\/renew|me)$/

/** @throws YaopaiError `invalid_option`, which names the option and the cure */
export function settingsOf(options: YaopaiOptions, wx: WxLike): Settings {
  for (const name of Object.keys(options)) {
    if (!KNOWN.test(name)) throw invalid(name, `没有这个选项 / no such option: ${KNOWN.source}`)
  }
  const { appId = '', envVersion = 'release' } = Object(
    Object(quietly(() => wx.getAccountInfoSync?.())).miniProgram,
  )
  const baseUrl = urlOf('baseUrl', options.baseUrl, envVersion)
  const authUrl = options.authUrl ? urlOf('authUrl', options.authUrl, envVersion) : baseUrl
  const { deviceLabel, timeoutMs, tokenOrigins = [] } = options
  if (!(timeoutMs === undefined || timeoutMs > 0))
    throw invalid('timeoutMs', '应为正的毫秒数 / must be above 0')
  const origins = [baseUrl, authUrl].map(originOf).concat(tokenOrigins.map(tokenOriginOf))
  // DevTools says so where the project has no appid.
  const appid = appId === 'touristappid' ? '' : appId
  return { baseUrl, authUrl, origins, appid, deviceLabel, timeoutMs }
}

function urlOf(option: string, value: string | BaseUrls, envVersion: keyof BaseUrls): string {
  const url = String(typeof value === 'string' ? value : Object(value)[envVersion]).replace(/\/+$/, '')
  if (!originOf(url) || !/^http[^?#]+$/i.test(url))
    throw invalid(option, `${envVersion}: 应如 / must be like https://api.example.com`)
  if (envVersion === 'release' && !/^https/i.test(url))
    throw invalid(option, '正式版须用 / release needs https')
  if (ROUTE.test(url)) throw invalid(option, '应为前缀，不含接口路径 / must be the prefix, without the route')
  return url
}

function tokenOriginOf(origin: string): string {
  const plain = originOf(origin)
  if (!plain || plain !== origin.toLowerCase())
    throw invalid('tokenOrigins', `${origin}: 应如 / must be like https://host:port`)
  return plain
}

export function invalid(option: string, cure: string): YaopaiError {
  return new YaopaiError('invalid_option', 'config', `createYaopai ${option}: ${cure}`)
}
