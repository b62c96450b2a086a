import { askServer } from './ask.ts'
import type { Core } from './core.ts'
import { tokenRefusalOf } from './refusal.ts'
import type { AnswerLike } from './types.ts'

/**
 * Why a socket did not open. WeChat shows no status of a handshake that failed, so the server is asked whether it was
 * the token; if so, its refusal is the answer.
 * @throws the error otherwise
 */
export function closedFor(core: Core, token: string, error: unknown): Promise<AnswerLike> {
  const fail = () => {
    throw error
  }
  // Where the token is not the present one any more, there is nothing to ask.
  if (!token || token !== core.kept.current) fail()
  return askServer(core, 'GET', '/session', token).then((answer) => {
    return tokenRefusalOf(answer) ? answer : fail()
  }, fail)
}
