import type { Core } from './core.ts'
import { isToken, keep, keptOf } from './kept.ts'
import { resolved } from './tell.ts'
import type { UserView } from './types.ts'
import { YaopaiError } from './yaopai-error.ts'

const DAY_MS = 86_400_000

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
  const { token: current, user, session } = badge
  const nowMs = Date.now()
  const lengthOf = (end: string) => Date.parse(end) - Date.parse(Object(session).createdAt) || DAY_MS
  const renewEveryMs = lengthOf(badge.renewAfter)
  const renewAtMs = nowMs + renewEveryMs
  const endsAtMs = nowMs + lengthOf(badge.expiresAt)
  core.keyChecked = true
  keep(core, { current, next: '', user, renewEveryMs, renewAtMs, endsAtMs })
  return user
}

/**
 * Takes what a renewal brought: used from the moment on when nothing under way carries the old token any more. Where
 * Storage does not take it, it is left unused, so that the old one stays good: after a restart that is all there is.
 */
export function admitNext(core: Core, next: string): void {
  const renewEveryMs = Math.min(core.kept.renewEveryMs, DAY_MS)
  const isKept = keep(core, { next, renewEveryMs, renewAtMs: Date.now() + renewEveryMs })
  if (isKept) switchToNext(core)
  else keep(core, { next: '' })
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
export function heed(core: Core, refusal: YaopaiError, sentToken: string): boolean {
  const { status, class: errorClass } = refusal
  if (status !== 401) return false
  if (sentToken !== keptOf(core, true).current) return true
  if (errorClass === 'signed_out') signOut(core, refusal.code)
  if (errorClass !== 'relogin') return false
  // The renewed token names the same session.
  keep(core, { current: '', next: '' })
  return true
}
