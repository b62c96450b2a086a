import type { EventRecord } from './events.ts'
import type { EventId } from './ids.ts'
import type { StoredSession } from './records.ts'
import type { Services } from './services.ts'

interface EventPage {
  readonly events: readonly EventRecord[]
  /** Hand it in for the next page; null on the last. */
  readonly next: EventId | null
}

/** The caller's own history, newest first. */
export async function listOwnEvents(
  services: Services,
  caller: StoredSession,
  page: { readonly before: EventId | null; readonly limit: number },
): Promise<EventPage> {
  const events = await services.store.listEvents({
    userId: caller.userId,
    limit: page.limit + 1,
    ...(page.before === null ? {} : { before: page.before }),
  })
  const shown = events.slice(0, page.limit)
  return { events: shown, next: events.length > page.limit ? (shown.at(-1)?.id ?? null) : null }
}
