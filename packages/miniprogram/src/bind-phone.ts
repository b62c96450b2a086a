import { ownCall } from './call.ts'
import type { Core } from './core.ts'
import { keep } from './kept.ts'
import { merged } from './tell.ts'
import type { PhoneEvent } from './types.ts'
import { YaopaiError } from './yaopai-error.ts'

/**
 * Hands the code of the phone button to the server, which gets the number from WeChat. The code is none of
 * `wx.login` and needs no session_key, so that a login may come in between.
 * @throws YaopaiError `phone_refused` where the button brought no code: `errMsg` and `errno` say why
 */
export function bindPhone(core: Core, event: PhoneEvent): Promise<{ readonly phone: string }> {
  const { code, errMsg, errno } = Object(event.detail)
  if (!code) return Promise.reject(new YaopaiError('phone_refused', 'input', errMsg, { errno }))
  // A refused token leaves the code unused, so that it may be sent twice.
  return ownCall<{ readonly phone: string }>(core, '/me/phone', 'phone', { code }, true).then((data) => {
    keep(core, { user: core.kept.user && merged(core.kept.user, data) })
    return data
  })
}
