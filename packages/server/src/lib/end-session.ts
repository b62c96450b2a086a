import type { EndReason } from './errors.ts'
import type { SessionRecord } from './records.ts'
import { newEvent, type Origin, type Services } from './services.ts'

/** Ends one session for this reason, and tells it in the history. False when it lives no more: nothing is written. */
export function endSession(
  services: Pick<Services, 'store' | 'clock' | 'random'>,
  { selector, userId, appid }: Pick<SessionRecord, 'selector' | 'userId' | 'appid'>,
  reason: EndReason,
  origin: Origin,
): Promise<boolean> {
  return services.store.endSession({
    selector,
    userId,
    reason,
    atMs: services.clock.nowMs(),
    events: [newEvent(services, origin, 'session.ended', { appid, userId, selector, facts: { reason } })],
  })
}
