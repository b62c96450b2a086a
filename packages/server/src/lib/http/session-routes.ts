import { logout } from '../logout.ts'
import { sessionView, userView } from '../views.ts'
import { empty, json } from './answer.ts'
import { callerShape } from './answer-schemas.ts'
import { noBody, noQuery, type Route, sessionRoute } from './route.ts'

const showSession = sessionRoute({
  method: 'GET',
  path: '/session',
  listeners: ['public'],
  summary: 'Who is logged in with this token',
  query: noQuery,
  body: noBody,
  success: { status: 200, schema: callerShape },
  refusals: [],
  handle: async ({ caller }) => json({ session: sessionView(caller), user: userView(caller.user) }),
})

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

export const sessionRoutes: readonly Route[] = [showSession, endSession]
