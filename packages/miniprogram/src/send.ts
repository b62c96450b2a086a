import { heed } from './badge.ts'
import type { Core } from './core.ts'
import { tokenRefusalOf } from './refusal.ts'
import { nothing } from './tell.ts'
import type { AnswerLike } from './types.ts'
import { withToken } from './with-token.ts'

/** Sends at once, before it returns. */
export type Transmit = (token: string) => Promise<AnswerLike>

/**
 * Sends with the token; once more where the token was refused, another can be had, and sending twice does no harm.
 * @throws YaopaiError a refusal of Yaopai's, or why no answer came; any other answer is the app's to judge
 */
export function send(
  core: Core,
  transmit: Transmit,
  isIdempotent: boolean,
  isSecond?: boolean,
): Promise<AnswerLike> {
  return withToken(core, (token) => {
    const sent = transmit(token).then((answer) => {
      const refusal = tokenRefusalOf(answer)
      if (!refusal) return answer
      if (heed(core, refusal, token) && !isSecond) {
        if (isIdempotent) return send(core, transmit, isIdempotent, true)
        // It may not be sent twice, but what the app sends next shall find a token.
        withToken(core, nothing).catch(nothing)
      }
      throw refusal
    })
    const leave = () => {
      core.busy -= 1
    }
    core.busy += 1
    sent.then(leave, leave)
    return sent
  })
}
