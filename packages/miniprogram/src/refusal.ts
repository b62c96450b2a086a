import { quietly } from './quietly.ts'
import type { AnswerLike } from './types.ts'
import { YaopaiError } from './yaopai-error.ts'

const CHALLENGE = /yaopai_code="?(\w+)"?, *yaopai_class="?(\w+)/
const CLASS = /^(relogin|signed_out|denied|retry|input|config)$/

/**
 * What Yaopai refused with this answer, or null where the answer is anybody else's: a business 401, a proxy's page.
 * The header is read first, since gateways drop bodies; then a problem (RFC 9457) with our `class`.
 */
export function refusalOf({ statusCode, header, data }: AnswerLike): YaopaiError | null {
  // Header names come in any case, by platform. Uploads are answered with text.
  const names = Object.keys(Object(header)).filter((name) => /^www-authenticate$/i.test(name))
  const problem = Object(typeof data === 'string' ? quietly(() => JSON.parse(data)) : data)
  const challenge = CHALLENGE.exec(names.map((name) => Object(header)[name]).join())
  const [, code, errorClass] = challenge || [0, problem.code, problem.class]
  if (!code || !CLASS.test(errorClass)) return null
  const { detail, title, retryAfterSeconds, requestId } = problem
  return new YaopaiError(code, errorClass, detail || title || code, {
    status: statusCode,
    retryAfterSeconds,
    requestId,
  })
}

/** What Yaopai said of the token, with this answer to a business request; null where it said nothing. */
export function tokenRefusalOf(answer: AnswerLike): YaopaiError | null {
  return /^40[13]$/.test(String(answer.statusCode)) ? refusalOf(answer) : null
}

/** Of an answer that is not the one asked for: the refusal, or that it cannot be Yaopai's. */
export function failureOf(answer: AnswerLike): YaopaiError {
  const { statusCode: status } = answer
  const message = `${status}: 不是 Yaopai 的响应 / not Yaopai's answer`
  return refusalOf(answer) || new YaopaiError('bad_response', 'retry', message, { status })
}
