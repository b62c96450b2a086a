import { type HeaderPair, headerValue } from './headers.ts'

/** One request on its way; a redirect makes another. The URL is the one that the mini program means. */
export interface Step {
  method: string
  url: URL
  headers: readonly HeaderPair[]
  hasBody: boolean
}

export type Next = { ok: true; step: Step } | { ok: false; message: string }

export const REDIRECT_LIMIT = 20

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])

/** Not told to another origin. */
const PRIVATE: ReadonlySet<string> = new Set(['authorization', 'cookie'])

function methodAfter(method: string, status: number): string {
  if (status === 303) return method === 'HEAD' ? 'HEAD' : 'GET'
  return method === 'POST' && (status === 301 || status === 302) ? 'GET' : method
}

function headersAfter(step: Step, url: URL, keepsBody: boolean): HeaderPair[] {
  const staysHome = url.origin === step.url.origin
  return step.headers.filter(([name]) => {
    const lower = name.toLowerCase()
    return (staysHome || !PRIVATE.has(lower)) && (keepsBody || !lower.startsWith('content-'))
  })
}

/** What an answer sends the caller on to, by fetch's rules; undefined where it is the last. */
export function redirected(step: Step, status: number, headers: readonly HeaderPair[]): Next | undefined {
  const location = headerValue(headers, 'location')
  if (!REDIRECTS.has(status) || location === undefined) return undefined
  const url = URL.canParse(location, step.url.href) ? new URL(location, step.url) : undefined
  if (!url || !/^https?:$/.test(url.protocol)) return { ok: false, message: 'redirected to no http URL' }
  const method = methodAfter(step.method, status)
  const hasBody = step.hasBody && method === step.method
  return { ok: true, step: { method, url, headers: headersAfter(step, url, hasBody), hasBody } }
}
