import { findApp } from '../services.ts'
import { json, refuse } from './answer.ts'
import { accessTokenShape } from './answer-schemas.ts'
import { noBody, openRoute, type Route } from './route.ts'
import { accessTokenQuery } from './schemas.ts'

const accessToken = openRoute({
  method: 'GET',
  path: '/apps/{appid}/access-token',
  listeners: ['internal'],
  auth: 'api-key:access-token',
  summary: "WeChat's access_token of the app, for its server APIs",
  query: accessTokenQuery,
  body: noBody,
  success: { status: 200, schema: accessTokenShape },
  refusals: ['unknown_app', 'wechat_misconfigured', 'wechat_quota', 'wechat_unavailable'],
  handle: async ({ deps, params, query }) => {
    const app = findApp(deps.services, params['appid'] ?? '')
    if (app === null) return refuse('unknown_app')
    const result = await deps.accessTokens(app, query.refresh ?? 'none')
    if (!result.ok) return refuse(result.code, { retryAfterSeconds: result.retryAfterSeconds })
    const { accessToken, expiresInSeconds } = result
    return json({ accessToken, expiresInSeconds })
  },
})

export const accessTokenRoutes: readonly Route[] = [accessToken]
