import type { IncomingMessage } from 'node:http'
import { domainToUnicode } from 'node:url'
import { type Refusal, refuse } from './answer.ts'
import { isCanonicalPath } from './canonical-path.ts'

/** Headers that a request may have; more are no client of ours. */
const MAX_HEADERS = 100
const HOST = /^(?:[A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?$/
/** Two of these would be read in different ways by different programs on the way. */
const SINGLE = new Set(['authorization', 'host', 'content-type', 'content-encoding', 'referer', 'cookie'])
const METHODS = /^(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)$/

export interface EarlyRefusal {
  readonly refusal: Refusal
  /** Where the problem's own status says too little. */
  readonly status?: number
}

/**
 * What is refused before anything else looks at it: requests that Node lets through although two programs could
 * read them in two ways, and those that carry more than any client of ours would.
 */
export function refuseEarly(incoming: IncomingMessage): EarlyRefusal | null {
  const { method = '', url = '', headers } = incoming
  if (incoming.rawHeaders.length > MAX_HEADERS * 2) {
    return { ...misfit('headers', `Send ${MAX_HEADERS} headers at most`), status: 431 }
  }
  const twice = repeatedName(incoming)
  if (twice !== null) return misfit(twice, `Send one ${twice} header`)
  if (!isPlainHost(headers.host ?? '')) return misfit('host', 'Send one Host header with a plain host name')
  if (!METHODS.test(method)) return { refusal: refuse('method_not_allowed', { allow: ALLOWED }) }
  if (!url.startsWith('/')) return misfit('path', 'Send the path alone, not a whole address')
  if (!isCanonicalPath(url.split('?', 1)[0] ?? '')) {
    return misfit('path', 'Send the path without escapes, empty or dot segments and ";"')
  }
  return refuseBody(incoming)
}

/** A name that URL parsers cannot read, or would write in another way, names different hosts to different programs. */
export function isPlainHost(host: string): boolean {
  if (host === lastPlainHost) return true
  if (!plainHosts.has(host)) {
    if (!readsAlike(host)) return false
    if (plainHosts.size === HOSTS_KEPT) plainHosts.clear()
    plainHosts.add(host)
  }
  lastPlainHost = host
  return true
}

/** A server has few names, and two parsers read each of them for every request. */
const plainHosts = new Set<string>()
const HOSTS_KEPT = 64
/** Nearly always the next one too. */
let lastPlainHost: string | null = null

function readsAlike(host: string): boolean {
  if (!HOST.test(host) || !URL.canParse(`http://${host}`)) return false
  const { hostname } = new URL(`http://${host}`)
  // Newer Nodes let a label pass that only looks like Punycode: it stays as it is when decoded.
  const isDecodable = !/(?:^|\.)xn--/.test(domainToUnicode(hostname))
  return isDecodable && hostname === host.replace(/:\d+$/, '').toLowerCase()
}

const ALLOWED = 'GET, HEAD, POST, PATCH, DELETE'

function refuseBody({ method, headers, httpVersion }: IncomingMessage): EarlyRefusal | null {
  const coding = headers['transfer-encoding']
  const isChunked = coding !== undefined
  if (isChunked && (coding.toLowerCase() !== 'chunked' || httpVersion === '1.0')) {
    return misfit('transfer-encoding', 'Send Content-Length, or Transfer-Encoding: chunked over HTTP/1.1')
  }
  const hasBody = isChunked || Number(headers['content-length'] ?? 0) > 0
  if (hasBody && (method === 'GET' || method === 'HEAD')) {
    return misfit('body', 'A GET has no body: a gateway that asks must leave body and Content-Length out')
  }
  return null
}

/** The first header of which there may be one only and there are two. */
function repeatedName({ rawHeaders }: IncomingMessage): string | null {
  const seen = new Set<string>()
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? '').toLowerCase()
    if (seen.has(name)) return name
    if (SINGLE.has(name)) seen.add(name)
  }
  return null
}

function misfit(field: string, detail: string): EarlyRefusal {
  return { refusal: refuse('invalid_request', { field, detail }) }
}
