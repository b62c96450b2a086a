import type { StoredSession } from './records.ts'
import { newEvent, type Origin, type Services } from './services.ts'

/** A step that cannot be undone asks for a login this young. */
const FRESH_LOGIN_SECONDS = 300

/**
 * Closes the caller's account at once: identities unlinked, data erased, sessions ended. Who comes back is a new
 * user. `reauth_required`: the session's login is too old for this.
 */
export async function closeAccount(
  services: Services,
  caller: StoredSession,
  origin: Origin,
): Promise<'closed' | 'reauth_required'> {
  const atMs = services.clock.nowMs()
  if (atMs - caller.createdAtMs > FRESH_LOGIN_SECONDS * 1000) return 'reauth_required'
  const { userId } = caller
  const anonymous = { requestId: origin.requestId, ip: null }
  await services.store.closeAccount({
    userId,
    atMs,
    events: [newEvent(services, anonymous, 'user.closed', { userId })],
  })
  return 'closed'
}
