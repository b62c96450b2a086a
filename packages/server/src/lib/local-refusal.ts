import type { VerifyView } from '../protocol.ts'
import type { ErrorCode } from './errors.ts'
import { type Language, problemOf, type RefusalFacts, wwwAuthenticateOf } from './problem.ts'

export type Refusal = Extract<VerifyView, { ok: false }>

const UNKNOWABLE: Readonly<Record<Language, string>> = {
  en: 'Who calls cannot be known right now; try again in a moment',
  zh: '暂时无法确认来访者是谁，请稍后重试',
}

/** A refusal made on this side of the wire, where no request id of Yaopai's is known: it has none. */
export function localRefusal(
  code: ErrorCode,
  language: Language,
  facts: RefusalFacts = code === 'store_unavailable' ? { detail: UNKNOWABLE[language] } : {},
): Refusal {
  const { requestId: _unknown, ...problem } = problemOf(code, '', facts, language)
  return { ok: false, problem, wwwAuthenticate: wwwAuthenticateOf(code) }
}
