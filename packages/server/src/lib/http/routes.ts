import { type ErrorCode, TOKEN_REFUSALS } from '../errors.ts'
import { accessTokenRoutes } from './access-token-routes.ts'
import { gatewayRoutes } from './gateway-routes.ts'
import { healthRoutes } from './health-routes.ts'
import { introspectionRoutes } from './introspection-routes.ts'
import { loginRoutes } from './login-routes.ts'
import { meRoutes } from './me-routes.ts'
import { openDataRoutes } from './open-data-routes.ts'
import type { Route } from './route.ts'
import { sessionRoutes } from './session-routes.ts'

/** Every route of both listeners: what the handlers serve, the reference names and the fuzz tests shoot at. */
export const routes: readonly Route[] = [
  ...loginRoutes,
  ...sessionRoutes,
  ...meRoutes,
  ...openDataRoutes,
  ...introspectionRoutes,
  ...accessTokenRoutes,
  ...gatewayRoutes,
  ...healthRoutes,
]

const ALWAYS: readonly ErrorCode[] = ['invalid_request', 'store_unavailable', 'internal']
const WITH_BODY: readonly ErrorCode[] = ['payload_too_large', 'unsupported_media_type']
const WITH_API_KEY: readonly ErrorCode[] = ['missing_token', 'invalid_token', 'insufficient_scope']
const WITH_SESSION: readonly ErrorCode[] = [...TOKEN_REFUSALS, 'rate_limited']

/** All codes a route can refuse with: its own, and those of its kind. */
export function codesOf(route: Route): readonly ErrorCode[] {
  const auth = route.auth === 'none' ? [] : route.auth === 'session' ? WITH_SESSION : WITH_API_KEY
  const body = route.body.format === 'unread' ? [] : WITH_BODY
  const codes = [...new Set([...route.refusals, ...ALWAYS, ...auth, ...body])]
  return route.isForGateways ? codes.filter((code) => code !== 'invalid_request') : codes
}
