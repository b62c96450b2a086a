import type { LivingSession, SessionEnd } from '../records.ts'
import type { SessionPolicy } from './lifetime.ts'

/**
 * The sessions that give way to a new one: those of the same device, and the oldest beyond the policy's number.
 * Sessions whose time is over are left to it.
 */
export function sessionsToReplace(
  sessions: readonly LivingSession[],
  login: { readonly deviceId: string | null; readonly nowMs: number; readonly policy: SessionPolicy },
): SessionEnd[] {
  const living = sessions.filter((session) => isInTime(session, login.nowMs))
  const sameDevice = living.filter(
    (session) => login.deviceId !== null && session.deviceId === login.deviceId,
  )
  const others = living
    .filter((session) => !sameDevice.includes(session))
    .sort((a, b) => a.selector - b.selector)
  const surplus = Math.max(0, others.length + 1 - login.policy.maxSessions)
  return [...sameDevice, ...others.slice(0, surplus)].map(({ selector }) => ({
    selector,
    reason: 'replaced',
    atMs: login.nowMs,
  }))
}

function isInTime(session: LivingSession, nowMs: number): boolean {
  return nowMs < session.idleDeadlineMs && nowMs < session.absoluteDeadlineMs
}
