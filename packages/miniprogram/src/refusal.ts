import { tell } from './tell.ts'
import type { AnswerLike, ErrorClass } from './types.ts'
import { YaopaiError } from './yaopai-error.ts'

/** In headers as JSON, since their names come in any case, by platform. */
const CHALLENGE = /"www-authenticate":.*?_code=\W*(\w+)\W+yaopai_class=\W*(\w+)/i

/**
 * The classes of the server's errors; and for how long silent logins rest after one: longer where trying again is no
 * cure.
 */
export const REST_SECONDS: { readonly [errorClass in ErrorClass]: number } = {
  retry: 2,
  relogin: 2,
  signed_out: 0,
  denied: 30,
  input: 30,
  config: 30,
}

/**
 * What Yaopai refused with this answer, or null where the answer is anybody else's: a business 401, a proxy's page.
 * The header is read first, since gateways drop bodies; then a problem (RFC 9457) with our `class`.
 */
export function refusalOf({ statusCode: status, header, data }: AnswerLike): YaopaiError | null {
  // Uploads are answered with text.
  const problem = Object(tell(JSON, 'parse', data) || data)
  const { detail, retryAfterSeconds, requestId } = problem
  const [, code, errorClass] = CHALLENGE.exec(JSON.stringify(header)) || [0, problem.code, problem.class]
  if (!code || !(REST_SECONDS[errorClass as ErrorClass] >= 0)) return null
  return new YaopaiError(code, errorClass, detail, { status, retryAfterSeconds, requestId })
}

/** What Yaopai said of the token, with this answer to a business request; null where it said nothing. */
export function tokenRefusalOf(answer: AnswerLike): YaopaiError | null {
  return [401, 403].indexOf(answer.statusCode) < 0 ? null : refusalOf(answer)
}

/** Of an answer that is not the one asked for: the refusal, or that it cannot be Yaopai's. */
export function failureOf(answer: AnswerLike): YaopaiError {
  const status = answer.statusCode
  return refusalOf(answer) || new YaopaiError('bad_response', 'retry', undefined, { status })
}
