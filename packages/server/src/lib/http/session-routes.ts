import type { RenewView } from '../../protocol.ts'
import { readBearer } from '../bearer.ts'
import { isoTime } from '../clock.ts'
import { logout } from '../logout.ts'
import type { StoredSession } from '../records.ts'
import { type RenewResult, renew } from '../renew.ts'
import { renewAfterMs } from '../session/lifetime.ts'
import { sessionView, userView } from '../views.ts'
import { type Answer, empty, json, refuse } from './answer.ts'
import { callerShape, renewShape } from './answer-schemas.ts'
import { noBody, noQuery, type Route, sessionRoute } from './route.ts'

export const showSession = sessionRoute({
  method: 'GET',
  path: '/session',
  listeners: ['public'],
  summary: 'Who is logged in with this token',
  query: noQuery,
  body: noBody,
  success: { status: 200, schema: callerShape },
  refusals: [],
  handle: async ({ caller }) => sessionAnswer(caller),
})

export function sessionAnswer(caller: StoredSession): Answer {
  return json({ session: sessionView(caller), user: userView(caller.user) })
}

const endSession = sessionRoute({
  method: 'DELETE',
  path: '/session',
  listeners: ['public'],
  summary: 'Log out',
  query: noQuery,
  body: noBody,
  success: { status: 204, schema: null },
  refusals: [],
  handle: async ({ caller, deps, origin }) => {
    await logout(deps.services, caller, origin)
    return empty(204)
  },
})

const renewSession = sessionRoute({
  method: 'POST',
  path: '/session/renew',
  listeners: ['public'],
  summary: 'A new token for the session; asked again, the same one',
  query: noQuery,
  body: noBody,
  success: { status: 200, schema: renewShape },
  refusals: [],
  handle: async ({ caller, deps, headers, origin }) => {
    const credentials = readBearer(headers.get('authorization'))
    if (credentials.kind !== 'bearer') throw new Error('A session was admitted without a token')
    const { services, authenticate } = deps
    const result = await renew(services, authenticate, { caller, token: credentials.token, origin })
    return result.ok ? json(renewView(result, services.clock.nowMs())) : refuse(result.reason)
  },
})

export const sessionRoutes: readonly Route[] = [showSession, renewSession, endSession]

function renewView({ token, session }: Extract<RenewResult, { ok: true }>, nowMs: number): RenewView {
  return {
    token,
    expiresAt: isoTime(session.absoluteDeadlineMs),
    idleSeconds: session.idleSeconds,
    renewAfter: isoTime(renewAfterMs(session, nowMs)),
  }
}
