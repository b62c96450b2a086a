/** How long a session lives: ours alone to say, not tied to session_key or wx.checkSession. */
export interface SessionPolicy {
  /** Sessions of one user in one app; the oldest give way. */
  readonly maxSessions: number
  readonly idleSeconds: number
  readonly absoluteSeconds: number
}

export const DEFAULT_POLICY: SessionPolicy = {
  maxSessions: 10,
  idleSeconds: 259_200,
  absoluteSeconds: 2_592_000,
}

/** The idle deadline is written at most this often, so a session may live that much longer than its idle time. */
export const TOUCH_EVERY_SECONDS = 3_600

/** How long a dead session still tells its former holder why it died. */
export const TOMBSTONE_SECONDS = 2_592_000

interface Deadlines {
  readonly idleDeadlineMs: number
  readonly absoluteDeadlineMs: number
}

export function deadlinesOf(startMs: number, policy: SessionPolicy): Deadlines {
  const absoluteDeadlineMs = startMs + policy.absoluteSeconds * 1000
  return { idleDeadlineMs: idleDeadline(startMs, policy.idleSeconds), absoluteDeadlineMs }
}

/** When the deadline is due to be written again, its new value; else null. */
export function touchedDeadline(
  session: { readonly idleDeadlineMs: number; readonly idleSeconds: number },
  nowMs: number,
): number | null {
  const touchedAtMs = session.idleDeadlineMs - (session.idleSeconds + TOUCH_EVERY_SECONDS) * 1000
  if (nowMs - touchedAtMs < TOUCH_EVERY_SECONDS * 1000) return null
  return idleDeadline(nowMs, session.idleSeconds)
}

/**
 * A client that is still in use renews from then on: a third of the idle time after it got its token, never after
 * the end.
 */
export function renewAfterMs(
  session: { readonly idleSeconds: number; readonly absoluteDeadlineMs: number },
  tokenGivenAtMs: number,
): number {
  const due = tokenGivenAtMs + Math.floor((session.idleSeconds * 1000) / 3)
  return Math.min(due, session.absoluteDeadlineMs)
}

function idleDeadline(touchedAtMs: number, idleSeconds: number): number {
  return touchedAtMs + (idleSeconds + TOUCH_EVERY_SECONDS) * 1000
}
