import { readBearer } from '../bearer.ts'
import { TOKEN_REFUSALS } from '../errors.ts'
import type { StoredSession } from '../records.ts'
import { sessionIdOf } from '../session/selector.ts'
import { type Answer, cacheable, empty, type PlainAnswer, refuse } from './answer.ts'
import { jwksShape } from './answer-schemas.ts'
import { assertionHeader, chooseAudience } from './assertion-header.ts'
import { noBody, noQuery, openRoute, type Route } from './route.ts'
import { forwardAuthQuery } from './schemas.ts'

/**
 * Asked by a gateway about each request, with the user's own `Authorization`. Gateways know 2xx, 401, 403 and
 * trouble, so credentials that cannot be read are a token that is not valid. The headers say who calls, and a signed
 * assertion says it to a back end that trusts nothing on the way.
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
  handle: async ({ deps, headers, origin, query }): Promise<Answer> => {
    const chosen = chooseAudience(deps.backends, query.audience)
    if (!chosen.ok) return refuse('invalid_request', { field: 'audience' })
    const credentials = readBearer(headers.get('authorization'))
    if (credentials.kind === 'none' && query.optional === '1') return empty(200)
    if (credentials.kind === 'ambiguous') return refuse('invalid_token')
    const token = credentials.kind === 'bearer' ? credentials.token : null
    const authentication = await deps.authenticate(token, { ...origin, ip: null })
    if (!authentication.ok) return refuse(authentication.reason)
    const { session } = authentication
    const answer = callerAnswer(session)
    const assertion = assertionHeader(deps.assertions(), session, chosen.audience)
    return { ...answer, headers: { ...answer.headers, ...assertion } }
  },
})

/** Who calls, without the assertion. */
export function callerAnswer({
  userId,
  appid,
  selector,
}: Pick<StoredSession, 'userId' | 'appid' | 'selector'>): PlainAnswer {
  return empty(200, {
    'X-Yaopai-User': userId,
    'X-Yaopai-App': appid,
    'X-Yaopai-Session': sessionIdOf(selector),
  })
}

/** Verifiers keep it as long as this; a kid that they do not know makes them ask again. */
const JWKS_MAX_AGE_SECONDS = 300

const jwks = openRoute({
  method: 'GET',
  path: '/.well-known/jwks.json',
  listeners: ['internal'],
  auth: 'none',
  summary: 'The keys that verify assertions (RFC 7517)',
  query: noQuery,
  body: noBody,
  success: { status: 200, schema: jwksShape },
  refusals: [],
  handle: async ({ deps }) => cacheable(deps.assertions().jwks(), JWKS_MAX_AGE_SECONDS),
})

export const gatewayRoutes: readonly Route[] = [forwardAuth, jwks]
