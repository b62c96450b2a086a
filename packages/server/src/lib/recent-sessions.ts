import type { UserId } from './ids.ts'
import type { StoredSession } from './records.ts'
import type { Services } from './services.ts'
import { selectorOf } from './session/selector.ts'

/** As many lines of the history are looked through, and as many sessions come out at most. */
const EVENTS = 100

/** A user's sessions in an app, living and ended, newest first: those that the latest lines of the history name. */
export async function recentSessions(
  { store }: Pick<Services, 'store'>,
  userId: UserId,
  appid: string,
): Promise<StoredSession[]> {
  const events = await store.listEvents({ userId, limit: EVENTS })
  const selectors = new Set(
    events.map(({ sessionId }) => (sessionId === null ? null : selectorOf(sessionId))),
  )
  const sessions = await Promise.all(
    [...selectors].map((selector) => (selector === null ? null : store.findSession(selector))),
  )
  return sessions
    .filter((session) => session !== null)
    .filter((session) => session.userId === userId && session.appid === appid)
    .sort((one, other) => other.createdAtMs - one.createdAtMs)
}
