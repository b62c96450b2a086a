import { mustNotBeOut, switchToNext } from './badge.ts'
import type { Core } from './core.ts'
import { logIn } from './login.ts'
import { renew } from './renew.ts'
import { isWithin, nothing, now, resolved } from './tell.ts'

/** After the last renewal began. */
const BACK_OFF_MS = 60_000

type Use<Result> = (token: string) => Result | PromiseLike<Result>

/**
 * Hands the token to `use` as soon as there is one: after the login that is under way, and with a silent one where
 * there is none. It may be gone a moment later, so `use` sends in the same go.
 * @throws YaopaiError class `signed_out` once the user is out on purpose; why no login could be had; what `use` throws
 */
export function withToken<Result>(core: Core, use: Use<Result>): Promise<Result> {
  return resolved().then(() => {
    const obstacle = obstacleOf(core)
    return obstacle ? obstacle.then(() => withToken(core, use)) : use(core.kept.current)
  })
}

/** What has to end before the token is sent. Silent logins rest after a failure, so this comes to an end. */
function obstacleOf(core: Core): Promise<unknown> | null | undefined {
  // A login of the app's own beside a living token may fail: then that token goes on. And one that waits for open
  // data shall not keep them waiting for itself.
  if (core.entry && !core.hold) return core.entry.catch(nothing)
  mustNotBeOut(core)
  // Before anything is sent: after a restart the old token may long be history.
  switchToNext(core)
  const { current, next, renewAtMs, renewEveryMs, endsAtMs } = core.kept
  if (!current) return logIn(core, true)
  // A third of the idle time has gone by.
  const isDue = now() >= renewAtMs && !next && !isWithin(core.renewalAtMs, BACK_OFF_MS)
  if (isDue) renew(core)
  // Nothing was heard of the token for so long that the server may have ended it. It is asked before anything is
  // sent, since a refused POST is not sent again; and asked rather than logged in anew, since the session may have
  // been ended on purpose.
  const isOverdue = now() >= Math.min(endsAtMs, renewAtMs + renewEveryMs)
  return isOverdue ? core.renewal : null
}
