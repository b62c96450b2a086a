import { askServer } from './ask.ts'
import type { Core } from './core.ts'
import { tokenRefusalOf } from './refusal.ts'
import { nothing, resolved } from './tell.ts'
import type { AnswerLike } from './types.ts'

/**
 * Why a socket did not open, with that error: WeChat shows no status of a handshake that failed, so the server is
 * asked whether it was the token; if so, its refusal is the answer.
 */
export function whyClosed(core: Core, token: string): (error: unknown) => Promise<AnswerLike> {
  return (error) => {
    // Where the token is not the present one any more, there is nothing to ask.
    const asked =
      token && token === core.kept.current ? askServer(core, 'GET', '/session', token) : resolved(null)
    return asked.catch(nothing).then((answer) => {
      if (answer && tokenRefusalOf(answer)) return answer
      throw error
    })
  }
}
