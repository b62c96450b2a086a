import type { StoredSession } from './records.ts'
import { newEvent, type Origin, type Services } from './services.ts'

/** Ends the caller's own session. Ending one that somebody ended meanwhile is no error. */
export async function logout(services: Services, session: StoredSession, origin: Origin): Promise<void> {
  const { selector, userId, appid } = session
  const facts = { reason: 'logged_out' }
  await services.store.endSession({
    selector,
    userId,
    reason: 'logged_out',
    atMs: services.clock.nowMs(),
    events: [newEvent(services, origin, 'session.ended', { appid, userId, selector, facts })],
  })
}
