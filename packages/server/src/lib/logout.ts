import { endSession } from './end-session.ts'
import type { StoredSession } from './records.ts'
import type { Origin, Services } from './services.ts'

/** Ends the caller's own session. Ending one that somebody ended meanwhile is no error. */
export async function logout(services: Services, session: StoredSession, origin: Origin): Promise<void> {
  await endSession(services, session, 'logged_out', origin)
}
