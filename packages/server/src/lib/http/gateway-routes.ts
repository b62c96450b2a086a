import { readBearer } from '../bearer.ts'
import { TOKEN_REFUSALS } from '../errors.ts'
import type { StoredSession } from '../records.ts'
import { sessionIdOf } from '../session/selector.ts'
import { type Answer, empty, refuse } from './answer.ts'
import { noBody, openRoute, type Route } from './route.ts'
import { forwardAuthQuery } from './schemas.ts'

/**
 * Asked by a gateway about each request, with the user's own `Authorization`. Gateways know 2xx, 401, 403 and
 * trouble, so credentials that cannot be read are a token that is not valid. The headers say who calls; a signed
 * assertion is not among them yet.
 */
export const forwardAuth = openRoute({
  method: '*',
  path: '/forward-auth',
  listeners: ['internal'],
  auth: 'none',
  summary: 'Who calls, for gateways: nginx auth_request, Caddy forward_auth, Traefik ForwardAuth',
  query: forwardAuthQuery,
  body: { ...noBody, format: 'unread' },
  isForGateways: true,
  success: { status: 200, schema: null },
  refusals: TOKEN_REFUSALS,
  handle: async ({ deps, headers, origin, query }) => {
    const credentials = readBearer(headers.get('authorization'))
    if (credentials.kind === 'none' && query.optional === '1') return empty(200)
    if (credentials.kind === 'ambiguous') return refuse('invalid_token')
    const token = credentials.kind === 'bearer' ? credentials.token : null
    const authentication = await deps.authenticate(token, { ...origin, ip: null })
    if (!authentication.ok) return refuse(authentication.reason)
    return callerAnswer(authentication.session)
  },
})

export function callerAnswer({ userId, appid, selector }: StoredSession): Answer {
  return empty(200, {
    'X-Yaopai-User': userId,
    'X-Yaopai-App': appid,
    'X-Yaopai-Session': sessionIdOf(selector),
  })
}

export const gatewayRoutes: readonly Route[] = [forwardAuth]
