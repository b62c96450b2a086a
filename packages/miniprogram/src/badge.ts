import type { Core } from './core.ts'
import { isToken, keep, keptOf } from './kept.ts'
import type { UserView } from './types.ts'
import { YaopaiError } from './yaopai-error.ts'

const DAY_MS = 86_400_000
const MONTH_MS = 30 * DAY_MS

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
export function admit(core: Core, { token, expiresAt, renewAfter, session, user }: Badge): UserView {
  const nowMs = Date.now()
  const createdAtMs = Date.parse(Object(session).createdAt)
  const renewEveryMs = Date.parse(renewAfter) - createdAtMs || DAY_MS
  const endsAtMs = nowMs + (Date.parse(expiresAt) - createdAtMs || MONTH_MS)
  core.keyChecked = true
  keep(core, { token, next: '', out: '', user, renewEveryMs, renewAtMs: nowMs + renewEveryMs, endsAtMs })
  return user
}

/** Takes what a renewal brought: used from the moment on when nothing under way carries the old token any more. */
export function admitNext(core: Core, { token }: Badge): void {
  const { renewEveryMs = DAY_MS } = core.kept
  keep(core, { next: token, renewEveryMs, renewAtMs: Date.now() + renewEveryMs })
  switchToNext(core)
}

/**
 * From its first use on, the server takes the old token for 30 more seconds, and for a theft after that. A request
 * may wait longer than that in WeChat's line, so the new one is used when none is under way.
 */
export function switchToNext(core: Core): void {
  if (core.busy === 0 && core.kept.next) keep(core, { token: core.kept.next, next: '' })
}

/** Out, until the app calls `login()`; written down, so that a restart knows it too. */
export function signOut(core: Core, code: string): void {
  core.ends += 1
  keep(core, { token: '', next: '', user: null, out: code })
  // In a turn of its own: what a listener throws is the app's to see, and breaks nothing here.
  for (const listener of core.listeners) Promise.resolve({ code }).then(listener)
}

/** A refusal that names somebody's decision: only the app may lead back in. */
export function signedOutError(code = ''): YaopaiError {
  const message = `${code}：请调用 / call login()`
  return new YaopaiError(code as YaopaiError['code'], 'signed_out', message)
}

/**
 * Takes what the server said of the token that was sent. A refusal that came late, for a token that is not the
 * present one any more, says nothing about the present one.
 * @returns whether sending once more makes sense, when there is a token
 */
export function heed(core: Core, refusal: YaopaiError, sentToken: string): boolean {
  if (refusal.status !== 401) return false
  if (sentToken !== keptOf(core, true).token) return true
  if (refusal.class === 'signed_out') signOut(core, refusal.code)
  // The renewed token names the same session.
  if (refusal.class === 'relogin') keep(core, { token: '', next: '' })
  return refusal.class === 'relogin'
}
