import type { EndReason, TokenRefusal } from '../errors.ts'
import { TOMBSTONE_SECONDS } from './lifetime.ts'

/** What decides whether a session still opens anything. */
export interface SessionState {
  readonly idleDeadlineMs: number
  readonly absoluteDeadlineMs: number
  readonly endedAtMs: number | null
  readonly endReason: EndReason | null
  readonly userBannedAtMs: number | null
}

export type SessionVerdict =
  | { readonly ok: true }
  | { readonly ok: false; readonly reason: Exclude<TokenRefusal, 'missing_token' | 'app_disabled'> }

/**
 * Alive, or why not. An act that ended the session outranks time, the absolute end outranks idleness; a month
 * after its end a session is forgotten and its token is as unknown as any other.
 */
export function judgeSession(session: SessionState, nowMs: number): SessionVerdict {
  const end = endOf(session, nowMs)
  if (end !== null) {
    const forgotten = nowMs - end.atMs > TOMBSTONE_SECONDS * 1000
    return { ok: false, reason: forgotten ? 'invalid_token' : end.reason }
  }
  if (session.userBannedAtMs !== null) return { ok: false, reason: 'banned' }
  return { ok: true }
}

/** When and why a session ended, or null while it lives. */
export function endOf(
  session: Omit<SessionState, 'userBannedAtMs'>,
  nowMs: number,
): { readonly atMs: number; readonly reason: EndReason | 'expired' | 'idle_timeout' } | null {
  if (session.endedAtMs !== null && session.endReason !== null) {
    return { atMs: session.endedAtMs, reason: session.endReason }
  }
  if (nowMs >= session.absoluteDeadlineMs && session.absoluteDeadlineMs <= session.idleDeadlineMs) {
    return { atMs: session.absoluteDeadlineMs, reason: 'expired' }
  }
  if (nowMs >= session.idleDeadlineMs) return { atMs: session.idleDeadlineMs, reason: 'idle_timeout' }
  if (nowMs >= session.absoluteDeadlineMs) return { atMs: session.absoluteDeadlineMs, reason: 'expired' }
  return null
}
