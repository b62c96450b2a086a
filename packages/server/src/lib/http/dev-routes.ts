import type * as z from 'zod'
import { setBan } from '../ban-user.ts'
import { isoTime, LATEST_MS, type OffsetClock } from '../clock.ts'
import { endSession } from '../end-session.ts'
import { recentSessions } from '../recent-sessions.ts'
import type { IdentityRecord, StoredSession } from '../records.ts'
import type { Origin, Services } from '../services.ts'
import { endOf, judgeSession } from '../session/judge.ts'
import { sessionIdOf } from '../session/selector.ts'
import { sessionView } from '../views.ts'
import { type Answer, json, refuse } from './answer.ts'
import {
  advanceBody,
  devBannedShape,
  devClockShape,
  devEndedShape,
  devListShape,
  devSessionsShape,
  endBody,
  someone,
} from './dev-schemas.ts'
import { noBody, noQuery, openRoute, type Route } from './route.ts'

type Someone = z.infer<typeof someone>

const COMMON = {
  listeners: ['internal'],
  auth: 'none',
  isForThisMachine: true,
  servedOnly: 'under `yaopai dev` and `npm start`',
} as const

const SOMEONE = '"appid":"wxa1b2c3d4e5f60718","openid":"o…"'

/** What the list shows of how each is called. */
const SAMPLES: Readonly<Record<string, string>> = {
  '/_dev/clock': '{"advanceSeconds":259200}',
  '/_dev/sessions/end': `{${SOMEONE},"as":"admin","which":"newest"}`,
  '/_dev/users/ban': `{${SOMEONE}}`,
  '/_dev/users/unban': `{${SOMEONE}}`,
}

/**
 * The knobs of a server that is being developed with: its clock, the ends of sessions, bans. They are no part of the
 * table of routes, and exist only where a clock that can be moved was handed in.
 */
export function devRoutes(clock: OffsetClock): readonly Route[] {
  const acts = [readClock(clock), moveClock(clock), listSessions, endSessions, banning(true), banning(false)]
  const list = listRoute(clock, () => [list, ...acts])
  return [list, ...acts]
}

function clockAnswer(clock: OffsetClock) {
  return { now: isoTime(clock.nowMs()), aheadSeconds: clock.aheadSeconds() }
}

function listRoute(clock: OffsetClock, all: () => readonly Route[]): Route {
  return openRoute({
    ...COMMON,
    method: 'GET',
    path: '/_dev',
    summary: 'What there is for development, and the time',
    query: noQuery,
    body: noBody,
    success: { status: 200, schema: devListShape },
    refusals: ['not_found'],
    handle: async () => json({ ...clockAnswer(clock), routes: all().map(entryOf) }),
  })
}

function entryOf({ method, path, summary }: Route): object {
  const sample = method === 'POST' ? SAMPLES[path] : undefined
  return { method, path, does: summary, ...(sample === undefined ? {} : { sample }) }
}

function readClock(clock: OffsetClock): Route {
  return openRoute({
    ...COMMON,
    method: 'GET',
    path: '/_dev/clock',
    summary: "The server's time, and how far it is ahead",
    query: noQuery,
    body: noBody,
    success: { status: 200, schema: devClockShape },
    refusals: ['not_found'],
    handle: async () => json(clockAnswer(clock)),
  })
}

function moveClock(clock: OffsetClock): Route {
  return openRoute({
    ...COMMON,
    method: 'POST',
    path: '/_dev/clock',
    summary: "Move the server's time on",
    query: noQuery,
    body: { format: 'json', schema: advanceBody },
    success: { status: 200, schema: devClockShape },
    refusals: ['not_found'],
    handle: async ({ body: { advanceSeconds }, deps }) => {
      if (clock.nowMs() + advanceSeconds * 1000 > LATEST_MS) {
        const detail = `advanceSeconds: the clock ends at ${isoTime(LATEST_MS)}; start the server again to be back`
        return refuse('invalid_request', { field: 'advanceSeconds', detail })
      }
      clock.advance(advanceSeconds)
      deps.services.telemetry.log('info', 'dev.clock_moved', clockAnswer(clock))
      return json(clockAnswer(clock))
    },
  })
}

function findSomeone({ store }: Services, { appid, openid }: Someone): Promise<IdentityRecord | null> {
  return store.findIdentity({ platform: 'wechat', appid, openid })
}

function nobody(): Answer {
  const detail = 'Nobody with this openid has an account in this app: log in first'
  return refuse('not_found', { field: 'openid', detail })
}

const listSessions = openRoute({
  ...COMMON,
  method: 'GET',
  path: '/_dev/sessions',
  summary: 'The latest sessions of a user in an app, living and ended, and what became of them',
  query: someone,
  body: noBody,
  success: { status: 200, schema: devSessionsShape },
  refusals: ['not_found'],
  handle: async ({ deps: { services }, query }) => {
    const identity = await findSomeone(services, query)
    const user = identity === null ? null : await services.store.findUser(identity.userId)
    if (user === null) return json({ user: null, sessions: [] })
    const sessions = await recentSessions(services, user.id, query.appid)
    const { id, nickname, bannedAtMs } = user
    const nowMs = services.clock.nowMs()
    return json({
      user: { id, nickname, banned: bannedAtMs !== null },
      sessions: sessions.map((session) => devSessionView(session, nowMs)),
    })
  },
})

function devSessionView(session: StoredSession, nowMs: number): object {
  const { id, createdAt, expiresAt, device } = sessionView(session)
  const verdict = judgeSession({ ...session, userBannedAtMs: session.user.bannedAtMs }, nowMs)
  const end = endOf(session, nowMs)
  return {
    id,
    state: verdict.ok ? 'active' : verdict.reason,
    createdAt,
    idleAt: isoTime(session.idleDeadlineMs),
    expiresAt,
    endedAt: end === null ? null : isoTime(end.atMs),
    device,
  }
}

const endSessions = openRoute({
  ...COMMON,
  method: 'POST',
  path: '/_dev/sessions/end',
  summary: "End a user's newest session in an app, or all there, as user or administrator would",
  query: noQuery,
  body: { format: 'json', schema: endBody },
  success: { status: 200, schema: devEndedShape },
  refusals: ['not_found'],
  handle: async ({ deps: { services }, body, origin }) => {
    const identity = await findSomeone(services, body)
    if (identity === null) return nobody()
    const reason = body.as === 'admin' ? 'revoked_by_admin' : 'revoked_by_user'
    const sessions = await endChosen(services, identity, { ...body, reason }, origin)
    return json({ ended: sessions.length, reason, sessions })
  },
})

interface Choice {
  readonly which?: 'newest' | 'all' | undefined
  readonly deviceId?: string | undefined
  readonly reason: 'revoked_by_user' | 'revoked_by_admin'
}

/** The ids of those that it ended. */
async function endChosen(
  services: Services,
  { userId, appid }: IdentityRecord,
  { which = 'newest', deviceId, reason }: Choice,
  origin: Origin,
): Promise<string[]> {
  const living = await services.store.listSessions(userId, services.clock.nowMs())
  const fitting = living
    .filter((session) => session.appid === appid)
    .filter((session) => deviceId === undefined || session.device.id === deviceId)
  const ended: string[] = []
  for (const session of which === 'all' ? fitting : fitting.slice(0, 1)) {
    if (await endSession(services, session, reason, origin)) ended.push(sessionIdOf(session.selector))
  }
  return ended
}

function banning(isBanned: boolean): Route {
  return openRoute({
    ...COMMON,
    method: 'POST',
    path: isBanned ? '/_dev/users/ban' : '/_dev/users/unban',
    summary: isBanned ? 'Ban a user, living sessions included' : 'Lift the ban of a user',
    query: noQuery,
    body: { format: 'json', schema: someone },
    success: { status: 200, schema: devBannedShape },
    refusals: ['not_found'],
    handle: async ({ deps: { services }, body, origin }) => {
      const identity = await findSomeone(services, body)
      if (identity === null || !(await setBan(services, identity.userId, isBanned, origin))) return nobody()
      return json({ userId: identity.userId, banned: isBanned })
    },
  })
}
