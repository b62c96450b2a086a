import { NOW_MS, sampleEvent, sampleUserId } from '../../contract/samples.ts'
import type { Store } from '../../store.ts'

/** A write of a row, an event and a change, of user 1. */
export function ban(store: Store): Promise<boolean> {
  return store.setUserBan({ userId: sampleUserId(1), bannedAtMs: NOW_MS, events: [sampleEvent(1)] })
}
