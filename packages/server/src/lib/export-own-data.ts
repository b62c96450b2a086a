import type { EventRecord } from './events.ts'
import type { IdentityRecord, SessionRecord, StoredSession, UserRecord } from './records.ts'
import type { Services } from './services.ts'

const EVENTS_A_PAGE = 500
const MAX_EVENTS = 10_000

interface OwnData {
  readonly user: UserRecord
  readonly identities: readonly Pick<IdentityRecord, 'platform' | 'appid' | 'createdAtMs'>[]
  readonly sessions: readonly SessionRecord[]
  readonly events: readonly EventRecord[]
  /** More history is kept than is shown here; `GET /me/events` pages through all of it. */
  readonly hasMoreEvents: boolean
}

/** All that is kept of the caller, but for what must not reach a client: openid, unionid, session_key. */
export async function exportOwnData(services: Services, caller: StoredSession): Promise<OwnData> {
  const { userId } = caller
  const [identities, sessions, events] = await Promise.all([
    services.store.listIdentities(userId),
    services.store.listSessions(userId, services.clock.nowMs()),
    allEvents(services, caller),
  ])
  return {
    user: caller.user,
    identities: identities.map(({ platform, appid, createdAtMs }) => ({ platform, appid, createdAtMs })),
    sessions,
    events: events.slice(0, MAX_EVENTS),
    hasMoreEvents: events.length > MAX_EVENTS,
  }
}

async function allEvents(services: Services, { userId }: StoredSession): Promise<EventRecord[]> {
  const events: EventRecord[] = []
  while (events.length <= MAX_EVENTS) {
    const before = events.at(-1)?.id
    const page = await services.store.listEvents({
      userId,
      limit: EVENTS_A_PAGE,
      ...(before === undefined ? {} : { before }),
    })
    events.push(...page)
    if (page.length < EVENTS_A_PAGE) break
  }
  return events
}
