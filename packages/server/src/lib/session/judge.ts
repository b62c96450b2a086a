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
 * Alive, or why not. An act that ended the session outranks time; of the two deadlines the earlier one counts, the
 * absolute one where they meet. A month after its end a session is forgotten and its token as unknown as any other.
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

/** When its time is over: from that moment on, should no act have ended it before. */
export function livesUntilMs(session: Pick<SessionState, 'idleDeadlineMs' | 'absoluteDeadlineMs'>): number {
  return Math.min(session.idleDeadlineMs, session.absoluteDeadlineMs)
}

/** When and why a session ended, or null while it lives. */
export function endOf(
  session: Omit<SessionState, 'userBannedAtMs'>,
  nowMs: number,
): {
  readonly atMs: number
  readonly reason: EndReason | 'expired' | 'idle_timeout' | 'invalid_token'
} | null {
  if (session.endedAtMs !== null) {
    return { atMs: session.endedAtMs, reason: session.endReason ?? 'invalid_token' }
  }
  const atMs = livesUntilMs(session)
  if (nowMs < atMs) return null
  return { atMs, reason: atMs === session.absoluteDeadlineMs ? 'expired' : 'idle_timeout' }
}
