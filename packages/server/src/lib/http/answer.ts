import { ERROR_CODES, type ErrorCode } from '../errors.ts'
import { type Language, problemOf, type RefusalFacts, wwwAuthenticateOf } from '../problem.ts'

/** What a route answers: a body as it goes out, or a refusal that becomes a problem. */
export type Answer =
  | {
      readonly kind: 'answer'
      readonly status: number
      readonly headers: Readonly<Record<string, string>>
      readonly body: string | null
    }
  | ({ readonly kind: 'refusal'; readonly code: ErrorCode; readonly allow?: string } & RefusalFacts)

export type PlainAnswer = Extract<Answer, { kind: 'answer' }>
export type Refusal = Extract<Answer, { kind: 'refusal' }>

export const SECURITY_HEADERS = {
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'Cross-Origin-Resource-Policy': 'same-origin',
} as const

export function json(body: object, status = 200): Answer {
  const headers = { 'Content-Type': 'application/json' }
  return { kind: 'answer', status, headers, body: JSON.stringify(body) }
}

/** The same for everybody who may ask, for a while. */
export function cacheable(body: object, maxAgeSeconds: number): Answer {
  const headers = { 'Content-Type': 'application/json', 'Cache-Control': `public, max-age=${maxAgeSeconds}` }
  return { kind: 'answer', status: 200, headers, body: JSON.stringify(body) }
}

export function text(body: string, contentType: string): Answer {
  return { kind: 'answer', status: 200, headers: { 'Content-Type': contentType }, body }
}

/** An empty 200 says so: without a length Node would send it in chunks. A 204 has none (RFC 9110, section 8.6). */
export function empty(status: 200 | 204, headers: Readonly<Record<string, string>> = {}): PlainAnswer {
  const length = status === 200 ? { 'Content-Length': '0' } : {}
  return { kind: 'answer', status, headers: { ...headers, ...length }, body: null }
}

export function refuse(code: ErrorCode, facts: RefusalFacts & { readonly allow?: string } = {}): Refusal {
  return { kind: 'refusal', code, ...facts }
}

export function statusOf(answer: Answer): number {
  return answer.kind === 'answer' ? answer.status : ERROR_CODES[answer.code].status
}

/** An answer as it goes out. */
export interface Sent {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | null
}

interface SentTo {
  readonly requestId: string
  /** Of the problem's title. */
  readonly language: Language
  readonly isHead?: boolean
}

export function toSent(answer: Answer, { requestId, language, isHead = false }: SentTo): Sent {
  if (answer.kind === 'answer') {
    const headers = { ...SECURITY_HEADERS, ...answer.headers, 'X-Request-Id': requestId }
    return { status: answer.status, headers, body: isHead ? null : answer.body }
  }
  const problem = problemOf(answer.code, requestId, answer, language)
  const headers = {
    ...SECURITY_HEADERS,
    'Content-Type': 'application/problem+json',
    ...(problem.status === 401 || problem.status === 403
      ? { 'WWW-Authenticate': wwwAuthenticateOf(answer.code) }
      : {}),
    ...(problem.retryAfterSeconds === undefined ? {} : { 'Retry-After': String(problem.retryAfterSeconds) }),
    ...(answer.allow === undefined ? {} : { Allow: answer.allow }),
    'X-Request-Id': requestId,
  }
  return { status: problem.status, headers, body: isHead ? null : JSON.stringify(problem) }
}

export function toResponse({ status, headers, body }: Sent): Response {
  return new Response(body, { status, headers })
}
