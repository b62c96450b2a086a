import type { Answer } from './wire.ts'

/**
 * What a server, or a proxy before it, may answer instead of doing its work. `auth`: Yaopai's own routes;
 * `business`: those of the back end.
 */
export const MOODS = {
  unavailable: { of: 'all', answer: () => problem(503, 'store_unavailable', 'retry', 1) },
  'unavailable, no header': { of: 'all', answer: () => ({ ...problem(503, 'internal', 'retry', 0) }) },
  limited: { of: 'auth', answer: () => problem(429, 'rate_limited', 'retry', 20) },
  'limited for an hour': { of: 'auth', answer: () => problem(429, 'rate_limited', 'retry', 3600) },
  'business limited': { of: 'business', answer: () => problem(429, 'rate_limited', 'retry', 5) },
  'a date to come back': {
    of: 'all',
    answer: () => answer(503, '', { 'Retry-After': 'Wed, 01 Jan 2031 00:00:00 GMT' }),
  },
  'wechat quota': { of: 'login', answer: () => problem(503, 'wechat_quota', 'retry', 60) },
  'wechat misconfigured': { of: 'login', answer: () => problem(502, 'wechat_misconfigured', 'config', 0) },
  'refuses codes': { of: 'login', answer: () => refusal('code_invalid', 'relogin', 401) },
  'blocks logins': { of: 'login', answer: () => refusal('login_blocked', 'denied', 403) },
  'another app': { of: 'login', answer: () => problem(400, 'app_mismatch', 'config', 0) },
  'token of a wrong shape': { of: 'auth', answer: () => json(200, { token: 5, user: [] }) },
  'token is null': { of: 'auth', answer: () => json(200, { token: null }) },
  'json null': { of: 'all', answer: () => answer(200, 'null', jsonType) },
  'html of a proxy': { of: 'all', answer: () => answer(502, page, htmlType) },
  'html and 200': { of: 'all', answer: () => answer(200, page, htmlType) },
  'a portal says 401': {
    of: 'all',
    answer: () => answer(401, page, { ...htmlType, 'WWW-Authenticate': 'Basic realm="x"' }),
  },
  'empty 200': { of: 'all', answer: () => answer(200, '', {}) },
  'empty 500': { of: 'all', answer: () => answer(500, '', {}) },
  redirect: { of: 'all', answer: () => answer(302, '', { Location: 'https://portal.example.net/' }) },
  'error inside 200': { of: 'all', answer: () => json(200, { code: 401, message: 'please log in' }) },
  'business 401': { of: 'business', answer: () => json(401, { error: 'no', code: 'nope' }) },
  'business 403': { of: 'business', answer: () => json(403, { error: 'no' }) },
  'refuses every token': { of: 'business', answer: () => refusal('invalid_token', 'relogin', 401) },
  'denies everything': { of: 'business', answer: () => refusal('app_disabled', 'denied', 403) },
  'wants a fresh login': { of: 'business', answer: () => refusal('reauth_required', 'relogin', 403) },
  'an unknown class': { of: 'business', answer: () => refusal('new_thing', 'shrug', 401) },
  'a new code of a known class': { of: 'login', answer: () => refusal('new_thing', 'denied', 403) },
} as const satisfies Record<string, { of: Scope; answer: () => Answer }>

export type Scope = 'all' | 'auth' | 'login' | 'business'
export type Mood = keyof typeof MOODS

const jsonType = { 'Content-Type': 'application/json' }
const htmlType = { 'Content-Type': 'text/html' }
const page = '<html><body>502 Bad Gateway</body></html>'

export function answer(status: number, body: string, header: Record<string, string>): Answer {
  return { status, body, header }
}

export function json(status: number, body: unknown): Answer {
  return answer(status, JSON.stringify(body), jsonType)
}

export function problem(status: number, code: string, errorClass: string, retryAfterSeconds: number): Answer {
  const body = { type: `/problems/${code}`, title: code, status, code, class: errorClass, requestId: 'req-1' }
  const seconds = retryAfterSeconds > 0 ? { retryAfterSeconds } : {}
  return answer(status, JSON.stringify({ ...body, ...seconds }), {
    'Content-Type': 'application/problem+json',
    ...(retryAfterSeconds > 0 ? { 'Retry-After': String(retryAfterSeconds) } : {}),
  })
}

/** A 401 or 403 says in its header what it says in its body. */
export function refusal(code: string, errorClass: string, status: number): Answer {
  const plain = problem(status, code, errorClass, 0)
  const error = code === 'missing_token' ? '' : 'error="invalid_token", '
  const challenge = `Bearer ${error}yaopai_code="${code}", yaopai_class="${errorClass}"`
  return { ...plain, header: { ...plain.header, 'WWW-Authenticate': challenge } }
}

/** What is left of a refusal behind a gateway that drops bodies, or headers, or puts its own page into it. */
export function dressed(given: Answer, dress: 'both' | 'header' | 'body' | 'header-and-html'): Answer {
  const { 'WWW-Authenticate': challenge, ...others } = given.header
  if (challenge === undefined || dress === 'both') return given
  if (dress === 'body') return { ...given, header: others }
  const body = dress === 'header' ? '' : page
  return { status: given.status, body, header: { ...htmlType, 'WWW-Authenticate': challenge } }
}
