import type { Core } from './core.ts'
import { keep } from './kept.ts'
import { failureOf } from './refusal.ts'
import { ownRequest } from './requests.ts'
import type { PhoneEvent } from './types.ts'
import { YaopaiError } from './yaopai-error.ts'

/**
 * Hands the code of the phone button to the server, which gets the number from WeChat. The code is none of
 * `wx.login` and needs no session_key, so that a login may come in between.
 * @throws YaopaiError `phone_refused` where the button brought no code: `errMsg` and `errno` say why
 */
export async function bindPhone(core: Core, event: PhoneEvent): Promise<{ readonly phone: string }> {
  const { code, errMsg, errno } = Object(event.detail)
  if (!code) throw new YaopaiError('phone_refused', 'input', String(errMsg), { errno })
  // A refused token leaves the code unused.
  const options = { method: 'POST', data: { code }, idempotent: true }
  const answer = await ownRequest<{ readonly phone: string }>(core, '/me/phone', options)
  if (answer.statusCode !== 200) throw failureOf(answer)
  const { user } = core.kept
  if (user) keep(core, { user: Object.assign({}, user, answer.data) })
  return answer.data
}
