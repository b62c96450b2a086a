import { signedOutError } from './badge.ts'
import type { Core } from './core.ts'
import { keptOf } from './kept.ts'
import { logIn } from './login.ts'
import { nothing } from './quietly.ts'
import { isDue, isOverdue, renew } from './renew.ts'

/**
 * Resolves when there is a token to send: after the login that is under way, and with a silent one where there is
 * none. It may be gone again a moment later, so who sends looks.
 * @throws YaopaiError class `signed_out` once the user is out on purpose; why no login could be had
 */
export async function haveToken(core: Core): Promise<void> {
  // A login of the app's own beside a living token may fail: then that token goes on. One that waits for WeChat's
  // data to be used has not begun, and their use must not wait for it.
  if (core.login && !core.hold) await core.login.catch(nothing)
  do {
    const { out, token } = keptOf(core)
    if (out) throw signedOutError(core)
    if (!token) await logIn(core, true)
    else if (isDue(core)) await renewed(core)
    // Refused meanwhile: silent logins rest then, so this ends.
  } while (!core.kept.token)
}

/** Waited for only where the token may be dead. */
function renewed(core: Core): Promise<void> | undefined {
  const isAwaited = isOverdue(core)
  const renewal = renew(core)
  return isAwaited ? renewal : undefined
}
