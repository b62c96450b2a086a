import type { StoredSession } from '../records.ts'
import { sessionIdOf } from '../session/selector.ts'
import { verify } from '../verify.ts'
import { json } from './answer.ts'
import { introspectShape, verifyShape } from './answer-schemas.ts'
import type { HttpDeps } from './deps.ts'
import { noQuery, openRoute, type Route } from './route.ts'
import { introspectBody, verifyBody } from './schemas.ts'

const introspect = openRoute({
  method: 'POST',
  path: '/introspect',
  listeners: ['internal'],
  auth: 'api-key:introspect',
  summary: 'Token introspection (RFC 7662)',
  query: noQuery,
  body: { format: 'form', schema: introspectBody },
  success: { status: 200, schema: introspectShape },
  refusals: [],
  handle: async ({ deps, body, origin }) => {
    // The address is the back end's: the history of a user has no use for it.
    const authentication = await deps.authenticate(body.token, { ...origin, ip: null })
    return json(authentication.ok ? await activeToken(deps, authentication.session) : { active: false })
  },
})

const verifyToken = openRoute({
  method: 'POST',
  path: '/verify',
  listeners: ['internal'],
  auth: 'api-key:introspect',
  summary: 'Who calls, or the refusal to hand on word for word',
  query: noQuery,
  body: { format: 'json', schema: verifyBody },
  success: { status: 200, schema: verifyShape },
  refusals: [],
  handle: async ({ deps, body, origin, language }) =>
    json(await verify(deps.authenticate, body.token, { requestId: origin.requestId, language })),
})

export const introspectionRoutes: readonly Route[] = [introspect, verifyToken]

/** RFC 7662, section 2.2. `exp` is the absolute end: idleness can end the session before. */
async function activeToken({ services }: HttpDeps, session: StoredSession): Promise<object> {
  const { platform, appid, openid } = session
  const identity = await services.store.findIdentity({ platform, appid, openid })
  const loggedInAt = Math.floor(session.createdAtMs / 1000)
  const unionid = identity?.unionid ?? null
  return {
    active: true,
    sub: session.userId,
    client_id: appid,
    sid: sessionIdOf(session.selector),
    token_type: 'Bearer',
    iat: loggedInAt,
    exp: Math.floor(session.absoluteDeadlineMs / 1000),
    auth_time: loggedInAt,
    openid,
    ...(unionid === null ? {} : { unionid }),
  }
}
