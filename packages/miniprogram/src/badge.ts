import type { Core } from './core.ts'
import { isToken, keep, keptOf } from './kept.ts'
import { now, resolved } from './tell.ts'
import type { UserView } from './types.ts'
import { YaopaiError } from './yaopai-error.ts'

export const DAY_MS = 86_400_000

/** What a login and a renewal answer with, as far as it is used; a renewal's has no session and no user. */
interface Badge {
  readonly token: string
  readonly expiresAt: string
  readonly renewAfter: string
  readonly session: { readonly createdAt: string }
  readonly user: UserView
}

export function isBadge(data: unknown): data is Badge {
  return isToken(Object(data).token)
}

/**
 * Takes what a login brought. Only the lengths of its times are used: the phone's clock may be years off, and
 * measures all the same.
 */
export function admit(core: Core, badge: Badge): UserView {
  const lengthOf = (end: string) => Date.parse(end) - Date.parse(Object(badge.session).createdAt) || DAY_MS
  const renewEveryMs = lengthOf(badge.renewAfter)
  core.keyChecked = true
  keep(core, {
    current: badge.token,
    next: '',
    user: badge.user,
    renewEveryMs,
    renewAtMs: now() + renewEveryMs,
    endsAtMs: now() + lengthOf(badge.expiresAt),
  })
  return badge.user
}

/**
 * From its first use on, the server takes the old token for 30 more seconds, and for a theft after that. A request
 * may wait longer than that in WeChat's line, so the new one is used when none is under way.
 */
export function switchToNext(core: Core): void {
  if (!core.busy && core.kept.next) keep(core, { current: core.kept.next, next: '' })
}

/** Out, until the app calls `login()`; written down, so that a restart knows it too. */
export function signOut(core: Core, out: string): void {
  keep(core, { current: '', next: '', user: null, out })
  // In a turn of its own: what a listener throws is the app's to see, and breaks nothing here.
  for (const listener of core.listeners) resolved({ code: out }).then(listener)
}

/** Somebody decided that the user is out: only the app may lead back in. @throws YaopaiError */
export function mustNotBeOut(core: Core): void {
  const { out } = keptOf(core)
  if (out) throw new YaopaiError(out as YaopaiError['code'], 'signed_out')
}

/**
 * Takes what the server said of the token that was sent. A refusal that came late, for a token that is not the
 * present one any more, says nothing about the present one.
 * @returns whether sending once more makes sense, when there is a token
 */
export function heed(core: Core, refusal: YaopaiError, sentToken: string | null): boolean {
  if (refusal.status !== 401) return false
  if (sentToken !== keptOf(core, true).current) return true
  if (refusal.class === 'signed_out') signOut(core, refusal.code)
  if (refusal.class !== 'relogin') return false
  // The renewed token names the same session.
  keep(core, { current: '', next: '' })
  return true
}
