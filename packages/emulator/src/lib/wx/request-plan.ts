import type { Callbacks, WxResult } from './callbacks.ts'
import type { Phone } from './phone.ts'

export interface RequestOptions extends Callbacks<RequestResult> {
  url: string
  data?: unknown
  header?: Record<string, string> | undefined
  method?: string | undefined
  /** Milliseconds; default 60 000. */
  timeout?: number | undefined
  dataType?: string | undefined
  responseType?: 'text' | 'arraybuffer' | undefined
  redirect?: 'follow' | 'manual' | undefined
}

export interface RequestResult extends WxResult {
  data: unknown
  statusCode: number
  header: Record<string, string>
  cookies: string[]
}

export type Plan = { ok: true; url: string; init: RequestInit } | { ok: false; reason: string; errno: number }

const METHODS = new Set(['OPTIONS', 'GET', 'HEAD', 'POST', 'PUT', 'DELETE'])
const BODYLESS = new Set(['GET', 'HEAD'])

function asText(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

function toQuery(data: object): string {
  return Object.entries(data)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${encodeURIComponent(key)}=${encodeURIComponent(asText(value))}`)
    .join('&')
}

function withQuery(url: string, data: unknown): string {
  const query = typeof data === 'object' && data !== null ? toQuery(data) : String(data ?? '')
  if (query === '') return url
  const [base = '', fragment] = url.split('#', 2)
  const joined = `${base}${base.includes('?') ? '&' : '?'}${query}`
  return fragment === undefined ? joined : `${joined}#${fragment}`
}

function toBody(data: unknown, contentType: string): string | Uint8Array<ArrayBuffer> | undefined {
  if (data === undefined || data === null) return undefined
  if (typeof data === 'string') return data
  if (data instanceof ArrayBuffer) return new Uint8Array(data)
  const isForm = contentType.toLowerCase().startsWith('application/x-www-form-urlencoded')
  return isForm && typeof data === 'object' ? toQuery(data) : JSON.stringify(data)
}

/** `0` for develop, trial and review, `devtools` in DevTools, else the release's number. */
export function refererOf(phone: Phone): string {
  const released = phone.envVersion === 'release' ? '1' : '0'
  const version = phone.devtools ? 'devtools' : released
  return `https://servicewechat.com/${phone.appid}/${version}/page-frame.html`
}

/** The mini program's own headers, except the one that it may not set. */
function headersOf(phone: Phone, header: Record<string, string>): Headers {
  const headers = new Headers({ 'content-type': 'application/json' })
  for (const [name, value] of Object.entries(header)) {
    if (value !== undefined && value !== null) headers.set(name, String(value))
  }
  headers.set('referer', refererOf(phone))
  return headers
}

function isListed(url: URL, domains: readonly string[] | undefined): boolean {
  // WeChat's own API host can be in nobody's list.
  if (url.hostname === 'api.weixin.qq.com') return false
  return domains === undefined || domains.includes(url.origin)
}

/** What goes over the wire for these options, or why nothing does. */
export function planRequest(
  phone: Phone,
  options: RequestOptions,
  domains: readonly string[] | undefined,
): Plan {
  const method = (options.method ?? 'GET').toUpperCase()
  if (!METHODS.has(method)) return { ok: false, reason: `method ${method} is not emulated`, errno: 600005 }
  const bodyless = BODYLESS.has(method)
  const url = bodyless ? withQuery(String(options.url), options.data) : String(options.url)
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) {
    return { ok: false, reason: `invalid url "${url}"`, errno: 600009 }
  }
  if (!isListed(new URL(url), domains)) return { ok: false, reason: 'url not in domain list', errno: 600002 }
  try {
    const headers = headersOf(phone, options.header ?? {})
    const body = bodyless ? undefined : toBody(options.data, headers.get('content-type') ?? '')
    const redirect = options.redirect ?? 'follow'
    return { ok: true, url, init: { method, headers, redirect, ...(body === undefined ? {} : { body }) } }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return { ok: false, reason: `invalid request: ${reason}`, errno: 600010 }
  }
}
