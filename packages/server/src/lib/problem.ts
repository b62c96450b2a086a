import type { Problem } from '../protocol.ts'
import { ERROR_CODES, type ErrorCode } from './errors.ts'

export type Language = 'en' | 'zh'

/** What is known of a refusal beside its code. */
export interface RefusalFacts {
  /** For the client: what is wrong and the cure, never a secret. */
  readonly detail?: string | undefined
  /** The field, header or query parameter that does not fit. */
  readonly field?: string | undefined
  readonly retryAfterSeconds?: number | null | undefined
}

const RETRY_AFTER_SECONDS = 1

/**
 * The body of an error, RFC 9457. `type` is the path of the code's page in the docs, relative, so that it names
 * no host.
 */
export function problemOf(
  code: ErrorCode,
  requestId: string,
  facts: RefusalFacts = {},
  language: Language = 'en',
): Problem {
  const { status, class: errorClass, title, titleZh } = ERROR_CODES[code]
  const { detail, field } = facts
  const retryAfterSeconds =
    facts.retryAfterSeconds ?? (errorClass === 'retry' ? RETRY_AFTER_SECONDS : undefined)
  return {
    type: `/problems/${code}`,
    title: language === 'zh' ? titleZh : title,
    status,
    code,
    class: errorClass,
    ...(detail === undefined ? {} : { detail }),
    ...(field === undefined ? {} : { field }),
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    requestId,
  }
}

/**
 * The challenge of a 401 or 403, which says what the body says: gateways drop bodies. Who sent no token gets no
 * `error` (RFC 6750, section 3.1).
 */
export function wwwAuthenticateOf(code: ErrorCode): string {
  const yaopai = `yaopai_code="${code}", yaopai_class="${ERROR_CODES[code].class}"`
  if (code === 'missing_token') return `Bearer ${yaopai}`
  const error = code === 'insufficient_scope' ? 'insufficient_scope' : 'invalid_token'
  return `Bearer error="${error}", ${yaopai}`
}
