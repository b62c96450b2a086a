import { failWith, type Outcome, succeed, type WxResult } from './callbacks.ts'
import type { Dial } from './line.ts'
import type { Phone } from './phone.ts'

/** How the calls of a phone travel. */
export interface Wire {
  phone: Phone
  /** Origins a mini program may call; absent: any, as with DevTools' 不校验合法域名. */
  domains?: readonly string[] | undefined
  /** How header names arrive; platforms differ. */
  headerCase: 'lower' | 'title'
  dial: Dial
}

/** What goes over the wire, or why nothing does. */
export type Plan = { ok: true; url: string; init: RequestInit } | Refusal

export interface Refusal {
  ok: false
  reason: string
  errno?: number
}

/** What goes to `fetch`, with what it may want to know beyond it; any other fetch passes that over. */
export interface CallInit extends RequestInit {
  api?: string
  /** The phone was ordered not to see the answer. */
  isLost?: boolean
}

export interface Answer {
  response: Response
  header: Record<string, string>
}

export interface Exchange<R extends WxResult> {
  api: string
  plan: Plan
  /** Aborted when the call has ended, however it did. */
  signal: AbortSignal
  onHeader(header: Record<string, string>): void
  read(answer: Answer): Promise<R>
}

export const ERRNO = {
  timeout: 5,
  network: 600001,
  domain: 600002,
  interrupted: 600003,
  url: 600009,
} as const

export const OFFLINE = '-106:net::ERR_INTERNET_DISCONNECTED'
const LOST = '-101:net::ERR_CONNECTION_RESET'

/** `0` for develop, trial and review, `devtools` in DevTools, else the release's number. */
function refererOf(phone: Phone): string {
  const released = phone.envVersion === 'release' ? '1' : '0'
  const version = phone.devtools ? 'devtools' : released
  return `https://servicewechat.com/${phone.appid}/${version}/page-frame.html`
}

/**
 * The mini program's own headers, except the one that it may not set.
 *
 * @throws {TypeError} where a name or a value can be in no header
 */
export function headersOf(phone: Phone, header: object | undefined): Headers {
  const headers = new Headers()
  for (const [name, value] of Object.entries(header ?? {})) {
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

/** Why nothing may go to this URL, or undefined. */
export function refuseUrl(wire: Wire, url: string, scheme: RegExp): Refusal | undefined {
  if (!scheme.test(url) || !URL.canParse(url)) {
    return { ok: false, reason: `invalid url "${url}"`, errno: ERRNO.url }
  }
  if (isListed(new URL(url), wire.domains)) return undefined
  return { ok: false, reason: 'url not in domain list', errno: ERRNO.domain }
}

function titleCase(name: string): string {
  return name.replace(/(^|-)([a-z])/g, (_, dash: string, letter: string) => dash + letter.toUpperCase())
}

/** Response headers as this platform writes them. */
export function headerOf(wire: Wire, headers: Headers): Record<string, string> {
  const title = wire.headerCase === 'title'
  return Object.fromEntries([...headers].map(([name, value]) => [title ? titleCase(name) : name, value]))
}

/** What wx says of an error of `fetch`. */
export function networkReason(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
  if (code === 'ECONNREFUSED') return '-102:net::ERR_CONNECTION_REFUSED'
  if (code === 'ECONNRESET' || code === 'UND_ERR_SOCKET') return LOST
  if (code === 'ENOTFOUND') return '-105:net::ERR_NAME_NOT_RESOLVED'
  if (code === 'UND_ERR_CONNECT_TIMEOUT') return '-118:net::ERR_CONNECTION_TIMED_OUT'
  if (typeof code === 'string' && /CERT|SSL|TLS/.test(code)) return 'ssl hand shake error'
  return '-2:net::ERR_FAILED'
}

async function fetchAnswer<R extends WxResult>(
  wire: Wire,
  exchange: Exchange<R>,
  request: { url: string; init: RequestInit },
): Promise<Outcome<R>> {
  const { api, signal } = exchange
  const isLost = wire.phone.orders.takeLoss(api)
  const init: CallInit = { ...request.init, signal, api, isLost }
  const response = await wire.phone.fetch(request.url, init)
  if (isLost) {
    await response.arrayBuffer() // the server has said all that it had to say
    return failWith(api, LOST, ERRNO.network)
  }
  signal.throwIfAborted()
  const header = headerOf(wire, response.headers)
  exchange.onHeader(header)
  return succeed(await exchange.read({ response, header }))
}

/** Sends and reads; any HTTP status is a success. */
export async function exchangeOver<R extends WxResult>(
  wire: Wire,
  exchange: Exchange<R>,
): Promise<Outcome<R>> {
  const { api, plan } = exchange
  if (!plan.ok) return failWith(api, plan.reason, plan.errno)
  const ordered = wire.phone.orders.takeFailure<R>(api)
  if (ordered) return ordered
  if (wire.phone.state.offline) return failWith(api, OFFLINE, ERRNO.network)
  try {
    return await fetchAnswer(wire, exchange, plan)
  } catch (error) {
    return failWith(api, networkReason(error), ERRNO.network)
  }
}
