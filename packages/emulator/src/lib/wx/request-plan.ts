import type { Callbacks, WxResult } from './callbacks.ts'
import { headersOf, type Plan, refuseUrl, type Wire } from './wire.ts'

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

const METHODS = new Set(['OPTIONS', 'GET', 'HEAD', 'POST', 'PUT', 'DELETE'])
const BODYLESS = new Set(['GET', 'HEAD'])

/** Values of a query or a form: objects as JSON. */
export function asText(value: unknown): string {
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

function initOf(wire: Wire, options: RequestOptions, method: string): RequestInit {
  const headers = headersOf(wire.phone, options.header)
  if (!headers.has('content-type')) headers.set('content-type', 'application/json')
  const body = BODYLESS.has(method) ? undefined : toBody(options.data, headers.get('content-type') ?? '')
  const redirect = options.redirect ?? 'follow'
  return { method, headers, redirect, ...(body === undefined ? {} : { body }) }
}

/** A plan from what may throw for headers or data that cannot be sent. */
export function planOf(url: string, makeInit: () => RequestInit): Plan {
  try {
    return { ok: true, url, init: makeInit() }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return { ok: false, reason: `invalid request: ${reason}`, errno: 600010 }
  }
}

/** What goes over the wire for these options, or why nothing does. */
export function planRequest(wire: Wire, options: RequestOptions): Plan {
  const method = (options.method ?? 'GET').toUpperCase()
  if (!METHODS.has(method)) return { ok: false, reason: `method ${method} is not emulated`, errno: 600005 }
  const url = BODYLESS.has(method) ? withQuery(String(options.url), options.data) : String(options.url)
  return refuseUrl(wire, url, /^https?:\/\//i) ?? planOf(url, () => initOf(wire, options, method))
}
