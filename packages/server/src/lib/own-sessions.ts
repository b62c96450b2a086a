import { endSession } from './end-session.ts'
import type { SessionRecord, StoredSession } from './records.ts'
import { newEvent, type Origin, type Services } from './services.ts'
import { selectorOf } from './session/selector.ts'

/** The caller's living sessions in all apps, newest first. */
export function listOwnSessions(services: Services, caller: StoredSession): Promise<SessionRecord[]> {
  return services.store.listSessions(caller.userId, services.clock.nowMs())
}

/** Ends one of the caller's sessions. False when the id names none of theirs that lives. */
export async function endOwnSession(
  services: Services,
  caller: StoredSession,
  sessionId: string,
  origin: Origin,
): Promise<boolean> {
  const selector = selectorOf(sessionId)
  if (selector === null) return false
  const session = await services.store.findSession(selector)
  if (session === null || session.userId !== caller.userId) return false
  const reason = selector === caller.selector ? 'logged_out' : 'revoked_by_user'
  return endSession(services, session, reason, origin)
}

/** Ends all of the caller's sessions but the one that asks; says how many. */
export function endOtherSessions(services: Services, caller: StoredSession, origin: Origin): Promise<number> {
  const { userId, selector } = caller
  const facts = { reason: 'revoked_by_user' }
  return services.store.endUserSessions({
    userId,
    exceptSelector: selector,
    reason: 'revoked_by_user',
    atMs: services.clock.nowMs(),
    events: [newEvent(services, origin, 'sessions.ended', { userId, facts })],
  })
}
