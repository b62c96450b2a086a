import { endSession } from './end-session.ts'
import type { UserId } from './ids.ts'
import { newEvent, type Origin, type Services } from './services.ts'
import { selectorOf } from './session/selector.ts'

type Revoking = Pick<Services, 'store' | 'clock' | 'random'>

/** An administrator ends one session. False when the id names none that lives. */
export async function revokeSession(services: Revoking, sessionId: string, origin: Origin): Promise<boolean> {
  const selector = selectorOf(sessionId)
  const session = selector === null ? null : await services.store.findSession(selector)
  if (session === null) return false
  return endSession(services, session, 'revoked_by_admin', origin)
}

/** An administrator ends all sessions of a user; says how many. */
export function revokeUserSessions(services: Revoking, userId: UserId, origin: Origin): Promise<number> {
  const facts = { reason: 'revoked_by_admin' }
  return services.store.endUserSessions({
    userId,
    exceptSelector: null,
    reason: 'revoked_by_admin',
    atMs: services.clock.nowMs(),
    events: [newEvent(services, origin, 'sessions.ended', { userId, facts })],
  })
}
