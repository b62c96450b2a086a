import { quietly } from './quietly.ts'
import type { AnswerLike } from './types.ts'
import { YaopaiError } from './yaopai-error.ts'

const CLASS = /^(relogin|signed_out|denied|retry|input|config)$/

/**
 * What Yaopai refused with this answer, or null where the answer is anybody else's: a business 401, a proxy's page.
 * The header is read first, since gateways drop bodies; then a problem (RFC 9457) with our `class`.
 */
export function refusalOf(answer: AnswerLike): YaopaiError | null {
  const { statusCode: status, data } = answer
  const challenge = headerOf(answer, 'www-authenticate')
  // Uploads are answered with text.
  const problem = Object(typeof data === 'string' ? quietly(() => JSON.parse(data)) : data)
  const wordOf = (name: string) =>
    (new RegExp(`\\byaopai_${name}="?(\\w+)`).exec(challenge) || [])[1] || problem[name]
  const code = wordOf('code')
  const errorClass = wordOf('class')
  if (typeof code !== 'string' || !CLASS.test(errorClass)) return null
  // Whatever code a newer server knows, its class says what to do.
  return new YaopaiError(
    code as YaopaiError['code'],
    errorClass,
    String(problem.detail || problem.title || code),
    {
      status,
      requestId: problem.requestId,
      retryAfterSeconds: Number(problem.retryAfterSeconds || headerOf(answer, 'retry-after')) || 0,
    },
  )
}

/** What Yaopai said of the token, with this answer to a business request; null where it said nothing. */
export function tokenRefusalOf(answer: AnswerLike): YaopaiError | null {
  return answer.statusCode === 401 || answer.statusCode === 403 ? refusalOf(answer) : null
}

/** For answers that are not what was asked for: the refusal, or that they cannot be Yaopai's. */
export function failureOf(answer: AnswerLike): YaopaiError {
  const { statusCode: status } = answer
  const message = `${status}：请检查 authUrl / not Yaopai's answer: check authUrl`
  return refusalOf(answer) || new YaopaiError('bad_response', 'retry', message, { status })
}

/** Header names come in any case, by platform; a value may be a list. */
function headerOf({ header }: AnswerLike, name: string): string {
  return Object.keys(Object(header))
    .filter((key) => key.toLowerCase() === name)
    .map((key) => Object(header)[key])
    .join()
}
