import { isoTime } from '../clock.ts'
import { closeAccount } from '../close-account.ts'
import type { EventRecord } from '../events.ts'
import { exportOwnData } from '../export-own-data.ts'
import { isEventId } from '../ids.ts'
import { listOwnEvents } from '../own-events.ts'
import { endOtherSessions, endOwnSession, listOwnSessions } from '../own-sessions.ts'
import { changeProfile, type ProfileInput } from '../profile.ts'
import { sessionView, userView } from '../views.ts'
import { empty, json, refuse } from './answer.ts'
import { endedShape, eventPageShape, exportShape, ownSessionsShape, userShape } from './answer-schemas.ts'
import { noBody, noQuery, type Route, sessionRoute } from './route.ts'
import { eventsQuery, HTTPS_ONLY, profileBody } from './schemas.ts'

const EVENTS_A_PAGE = 20

const showProfile = sessionRoute({
  method: 'GET',
  path: '/me',
  listeners: ['public'],
  summary: 'Own profile',
  query: noQuery,
  body: noBody,
  success: { status: 200, schema: userShape },
  refusals: [],
  handle: async ({ caller }) => json(userView(caller.user)),
})

/** Two methods for one deed: `wx.request` knows no PATCH. */
const editProfile = (method: 'PATCH' | 'POST') =>
  sessionRoute({
    method,
    path: '/me',
    listeners: ['public'],
    summary:
      method === 'PATCH'
        ? 'Change nickname or picture; null empties; 30 a minute for each session'
        : 'The same as PATCH /me, for mini programs: wx.request knows no PATCH',
    query: noQuery,
    body: { format: 'json', schema: profileBody },
    success: { status: 200, schema: userShape },
    refusals: ['rate_limited'],
    handle: async ({ caller, deps, limits, body, origin }) => {
      const waitSeconds = await limits.editProfile(caller.selector)
      if (waitSeconds !== null) return refuse('rate_limited', { retryAfterSeconds: waitSeconds })
      const { nickname, avatarUrl } = body
      if (isPlainHttp(avatarUrl) && !deps.services.insecureEmulator) {
        return refuse('invalid_request', { field: 'avatarUrl', detail: HTTPS_ONLY })
      }
      const input: ProfileInput = {
        ...(nickname === undefined ? {} : { nickname }),
        ...(avatarUrl === undefined ? {} : { avatarUrl }),
      }
      const user = await changeProfile(deps.services, caller, input, origin)
      return user === null ? refuse('user_deleted') : json(userView(user))
    },
  })

/** The schema lets plain http pass to this machine alone, and that is for where WeChat is the emulator. */
function isPlainHttp(url: string | null | undefined): boolean {
  return url?.startsWith('http://') ?? false
}

const closeOwnAccount = sessionRoute({
  method: 'DELETE',
  path: '/me',
  listeners: ['public'],
  summary: 'Close the account at once; needs a login younger than five minutes',
  query: noQuery,
  body: noBody,
  success: { status: 204, schema: null },
  refusals: ['reauth_required'],
  handle: async ({ caller, deps, origin }) => {
    const outcome = await closeAccount(deps.services, caller, origin)
    if (outcome === 'closed') return empty(204)
    return refuse('reauth_required', { detail: 'Log in anew, then ask again within five minutes' })
  },
})

const showSessions = sessionRoute({
  method: 'GET',
  path: '/me/sessions',
  listeners: ['public'],
  summary: 'Own living sessions in all apps, newest first',
  query: noQuery,
  body: noBody,
  success: { status: 200, schema: ownSessionsShape },
  refusals: [],
  handle: async ({ caller, deps }) => {
    const sessions = await listOwnSessions(deps.services, caller)
    const views = sessions.map((session) => ({
      ...sessionView(session),
      isCurrent: session.selector === caller.selector,
    }))
    return json({ sessions: views })
  },
})

const endOne = sessionRoute({
  method: 'DELETE',
  path: '/me/sessions/{id}',
  listeners: ['public'],
  summary: 'End one of the own sessions',
  query: noQuery,
  body: noBody,
  success: { status: 204, schema: null },
  refusals: ['not_found'],
  handle: async ({ caller, deps, params, origin }) => {
    const isEnded = await endOwnSession(deps.services, caller, params['id'] ?? '', origin)
    return isEnded ? empty(204) : refuse('not_found', { detail: 'No living session of yours has this id' })
  },
})

const endOthers = sessionRoute({
  method: 'DELETE',
  path: '/me/sessions',
  listeners: ['public'],
  summary: 'End all own sessions but this one',
  query: noQuery,
  body: noBody,
  success: { status: 200, schema: endedShape },
  refusals: [],
  handle: async ({ caller, deps, origin }) =>
    json({ ended: await endOtherSessions(deps.services, caller, origin) }),
})

const showEvents = sessionRoute({
  method: 'GET',
  path: '/me/events',
  listeners: ['public'],
  summary: 'Own history, newest first',
  query: eventsQuery,
  body: noBody,
  success: { status: 200, schema: eventPageShape },
  refusals: [],
  handle: async ({ caller, deps, query }) => {
    const { before, limit = EVENTS_A_PAGE } = query
    const page = await listOwnEvents(deps.services, caller, {
      before: before !== undefined && isEventId(before) ? before : null,
      limit,
    })
    return json({ events: page.events.map(eventView), next: page.next })
  },
})

const exportAll = sessionRoute({
  method: 'GET',
  path: '/me/export',
  listeners: ['public'],
  summary:
    'All that is kept of the caller, but for openid, unionid and session_key; 6 a minute for each session',
  query: noQuery,
  body: noBody,
  success: { status: 200, schema: exportShape },
  refusals: ['rate_limited'],
  handle: async ({ caller, deps, limits }) => {
    const waitSeconds = await limits.exportData(caller.selector)
    if (waitSeconds !== null) return refuse('rate_limited', { retryAfterSeconds: waitSeconds })
    const data = await exportOwnData(deps.services, caller)
    return json({
      user: userView(data.user),
      identities: data.identities.map(({ platform, appid, createdAtMs }) => ({
        platform,
        appid,
        createdAt: isoTime(createdAtMs),
      })),
      sessions: data.sessions.map(sessionView),
      events: data.events.map(eventView),
      hasMoreEvents: data.hasMoreEvents,
    })
  },
})

export const meRoutes: readonly Route[] = [
  showProfile,
  editProfile('PATCH'),
  editProfile('POST'),
  closeOwnAccount,
  showSessions,
  endOne,
  endOthers,
  showEvents,
  exportAll,
]

/** Facts that may name others stay here; why a session ended is the owner's to know. */
function eventView(event: EventRecord): object {
  const { reason } = event.facts
  return {
    id: event.id,
    at: isoTime(event.atMs),
    type: event.type,
    appid: event.appid,
    sessionId: event.sessionId,
    ip: event.ip,
    reason: typeof reason === 'string' ? reason : null,
  }
}
