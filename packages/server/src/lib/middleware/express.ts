import type { Problem, SessionView, UserView, VerifyView } from '../../protocol.ts'
import { readBearer } from '../bearer.ts'
import { preferredLanguage } from '../language.ts'
import { localRefusal, type Refusal } from '../local-refusal.ts'

/** Anything that can say who holds a token: a server in this process, or a client of one elsewhere. */
export interface Verifier {
  /** @param client what the refusal takes from the client's own request */
  verify(token: string | null, client?: { readonly acceptLanguage?: string | null }): Promise<VerifyView>
}

/** Who calls. */
export interface Caller {
  readonly user: UserView
  readonly session: SessionView
}

/** What is used of Express's request; `loadUser` sets `yaopai`. */
export interface RequestLike {
  readonly rawHeaders: readonly string[]
  /** Who calls, or null: a stranger, or someone whose token opens nothing any more. */
  yaopai?: Caller | null
}

/** What is used of Express's response. */
export interface ResponseLike {
  statusCode: number
  setHeader(name: string, value: string): unknown
  end(body: string): unknown
}

declare global {
  // biome-ignore lint/style/noNamespace: what middleware adds to its request has its place here in Express's types
  namespace Express {
    interface Request {
      yaopai?: Caller | null
    }
  }
}

export type Next = (error?: unknown) => void
export type Middleware = (request: RequestLike, response: ResponseLike, next: Next) => void

/** Why a request has nobody, kept beside it for `requireUser`. */
const refusals = new WeakMap<object, Refusal>()

/**
 * Learns who calls and sets `request.yaopai`. It refuses nobody: strangers go on with null, and so do those whose
 * token is dead; `requireUser` tells them why.
 *
 * @throws TypeError when `yaopai` cannot verify
 */
export function loadUser(yaopai: Verifier): Middleware {
  if (typeof Object(yaopai).verify !== 'function') {
    throw new TypeError('loadUser() needs what createYaopaiClient() or `await createYaopai()` gives')
  }
  return (request, _response, next) => {
    load(yaopai, request).then(() => next(), next)
  }
}

/** Lets those through of whom `loadUser` knows who they are; hands Yaopai's own refusal to the others. */
export function requireUser(): Middleware {
  return (request, response, next) => {
    if (request.yaopai) return next()
    const refusal = refusals.get(request)
    if (request.yaopai === undefined || refusal === undefined) {
      return next(new Error('requireUser() found no answer of loadUser(): put loadUser(yaopai) before it'))
    }
    handOn(response, refusal)
  }
}

async function load(yaopai: Verifier, request: RequestLike): Promise<void> {
  const verdict = await judge(yaopai, request)
  request.yaopai = verdict.ok ? { user: verdict.user, session: verdict.session } : null
  if (!verdict.ok) refusals.set(request, verdict)
}

async function judge(yaopai: Verifier, request: RequestLike): Promise<VerifyView> {
  const headers = headersOf(request, 'authorization')
  const acceptLanguage = headersOf(request, 'accept-language').join(',')
  const language = preferredLanguage(acceptLanguage)
  const credentials = readBearer(headers[0])
  if (headers.length > 1 || credentials.kind === 'ambiguous') {
    const facts = { field: 'authorization', detail: 'Send one header Authorization: Bearer <token>' }
    return localRefusal('invalid_request', language, facts)
  }
  try {
    return await yaopai.verify(credentials.kind === 'bearer' ? credentials.token : null, { acceptLanguage })
  } catch {
    return localRefusal('store_unavailable', language)
  }
}

/** All of them: of two, Node's `headers` keeps the first and says nothing of the second. */
function headersOf({ rawHeaders }: RequestLike, name: string): string[] {
  return rawHeaders.filter((_, index) => {
    return index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === name
  })
}

function handOn(response: ResponseLike, { problem, wwwAuthenticate }: Refusal): void {
  const { status, retryAfterSeconds }: Problem = problem
  response.statusCode = status
  response.setHeader('Content-Type', 'application/problem+json')
  response.setHeader('Cache-Control', 'no-store')
  if (status === 401 || status === 403) response.setHeader('WWW-Authenticate', wwwAuthenticate)
  if (retryAfterSeconds !== undefined) response.setHeader('Retry-After', String(retryAfterSeconds))
  response.end(JSON.stringify(problem))
}
