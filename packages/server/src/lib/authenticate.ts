import type { TokenRefusal } from './errors.ts'
import type { StoredSession, UserRecord } from './records.ts'
import { findApp, type Services } from './services.ts'
import { judgeSession } from './session/judge.ts'
import { touchedDeadline } from './session/lifetime.ts'
import { isTokenOf, parseToken } from './session/token.ts'

export type Authentication =
  | { readonly ok: true; readonly user: UserRecord; readonly session: StoredSession }
  | { readonly ok: false; readonly reason: TokenRefusal }

export type Authenticate = (token: string | null) => Promise<Authentication>

/**
 * Who calls? A token that is not well formed costs no look-up. Why a session is dead is told to nobody but the
 * holder of its very token; to everyone else the token is simply not valid.
 * @throws StoreUnavailableError when it cannot be known
 */
export function createAuthenticate(
  services: Pick<Services, 'apps' | 'store' | 'clock' | 'telemetry'>,
): Authenticate {
  return async function authenticate(token) {
    const outcome = token === null ? refused('missing_token') : await look(token)
    services.telemetry.count('authentications', { outcome: outcome.ok ? 'ok' : outcome.reason })
    return outcome
  }

  async function look(token: string): Promise<Authentication> {
    const parsed = parseToken('yp1_', token)
    if (parsed === null) return refused('invalid_token')
    const session = await services.store.findSession(parsed.selector)
    if (session === null || !isTokenOf(token, session.tokenHash)) return refused('invalid_token')
    const nowMs = services.clock.nowMs()
    const verdict = judgeSession({ ...session, userBannedAtMs: session.user.bannedAtMs }, nowMs)
    if (!verdict.ok) return refused(verdict.reason)
    const app = findApp(services, session.appid)
    if (app === null || app.frozen) return refused('app_disabled')
    touch(session, nowMs)
    return { ok: true, user: session.user, session }
  }

  /** Not awaited: the request is good whether or not the later deadline gets written. */
  function touch(session: StoredSession, nowMs: number): void {
    const idleDeadlineMs = touchedDeadline(session, nowMs)
    if (idleDeadlineMs === null) return
    services.store.touchSession(session.selector, idleDeadlineMs).catch(() => {
      services.telemetry.log('warn', 'session.touch_failed', {})
    })
  }
}

function refused(reason: TokenRefusal): Authentication {
  return { ok: false, reason }
}
