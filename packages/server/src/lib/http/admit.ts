import { readBearer } from '../bearer.ts'
import type { Scope } from '../config.ts'
import type { StoredSession } from '../records.ts'
import { type Refusal, refuse } from './answer.ts'
import { checkApiKey } from './api-key.ts'
import type { Auth, Call, Route } from './route.ts'

const SCOPES: Readonly<Record<Exclude<Auth, 'none' | 'session'>, Scope>> = {
  'api-key:introspect': 'introspect',
  'api-key:access-token': 'access-token',
  'api-key:admin': 'admin',
  'api-key:identity:read': 'identity:read',
}

type Admission =
  | { readonly ok: true; readonly caller: StoredSession | null }
  | { readonly ok: false; readonly refusal: Refusal }

/** Whether the route is open to who calls. */
export async function admit(route: Route, call: Omit<Call, 'params'>): Promise<Admission> {
  if (route.auth === 'none') return { ok: true, caller: null }
  const authorization = call.headers.get('authorization')
  if (route.auth === 'session') return admitSession(authorization, call)
  const check = checkApiKey(authorization, call.deps.backends, SCOPES[route.auth])
  return check.ok ? { ok: true, caller: null } : check
}

async function admitSession(authorization: string | null, call: Omit<Call, 'params'>): Promise<Admission> {
  const credentials = readBearer(authorization)
  if (credentials.kind === 'ambiguous') {
    const detail = 'Send one header Authorization: Bearer <token>, and one token in it'
    return refused(refuse('invalid_request', { field: 'authorization', detail }))
  }
  const token = credentials.kind === 'bearer' ? credentials.token : null
  const authentication = await call.deps.authenticate(token, call.origin)
  if (authentication.ok) return { ok: true, caller: authentication.session }
  if (authentication.reason !== 'invalid_token') return refused(refuse(authentication.reason))
  return refused(await refuseMiss(call))
}

/** Who tries tokens that never were is slowed down; a good token is always let in, also from that address. */
async function refuseMiss({ limits, origin }: Omit<Call, 'params'>): Promise<Refusal> {
  const waitSeconds = await limits.tokenMiss(origin.ip)
  if (waitSeconds === null) return refuse('invalid_token')
  return refuse('rate_limited', { retryAfterSeconds: waitSeconds })
}

function refused(refusal: Refusal): Admission {
  return { ok: false, refusal }
}
