import { heed } from './badge.ts'
import type { Core } from './core.ts'
import { tokenRefusalOf } from './refusal.ts'
import { resolved } from './tell.ts'
import type { AnswerLike } from './types.ts'
import { withToken } from './with-token.ts'

/**
 * For wrappers that send by themselves: resolves with true when the request should go out once more with the token
 * there is then, with false when the answer is no refusal of Yaopai's.
 * @throws YaopaiError the refusal, where another login is no cure; why the login failed
 */
export function handle401(core: Core, answer: AnswerLike, sentToken: string | null): Promise<boolean> {
  const refusal = tokenRefusalOf(answer)
  if (!refusal) return resolved(false)
  return heed(core, refusal, sentToken) ? withToken(core, () => true) : Promise.reject(refusal)
}
