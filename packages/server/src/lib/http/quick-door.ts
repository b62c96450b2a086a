import type { IncomingMessage, ServerResponse } from 'node:http'
import type { RecalledSession } from '../store/recalled-session.ts'
import type { Answer } from './answer.ts'
import { chooseAudience } from './assertion-header.ts'
import { createProxyTrust, type ProxyTrust } from './client-ip.ts'
import type { HttpDeps } from './deps.ts'
import { callerAnswer, forwardAuth } from './gateway-routes.ts'
import { hasTokenInCookie } from './misplaced-token.ts'
import { isPlainHost } from './node-refusals.ts'
import { createPreparedAnswers, type PreparedAnswers, SCHEME } from './prepared-answers.ts'
import { type QuickHeaders, readQuickHeaders } from './quick-headers.ts'
import { createRequestIds, proxyIdOf } from './request-id.ts'
import { logRequest } from './request-log.ts'
import type { Listener, Route } from './route.ts'
import { sessionAnswer, showSession } from './session-routes.ts'

/** True: it has been answered. False: nothing has happened. */
export type QuickDoor = (incoming: IncomingMessage, outgoing: ServerResponse) => boolean

/** What the requests of one quick door share. */
interface Quick {
  readonly listener: Listener
  readonly deps: HttpDeps
  readonly route: Route
  /** The base path included. */
  readonly path: string
  readonly trust: ProxyTrust
  readonly newId: () => string
  readonly answers: PreparedAnswers
}

const PLACES: Readonly<
  Record<Listener, { readonly route: Route; readonly answerOf: (recalled: RecalledSession) => Answer }>
> = {
  public: { route: showSession, answerOf: (recalled) => sessionAnswer(recalled.whole()) },
  internal: { route: forwardAuth, answerOf: callerAnswer },
}

/**
 * A short way for the two questions that come a thousand times as often as all others, and for the one answer that
 * nearly all of them get: GET /session and GET /forward-auth with the token of a living session. It gives what the door
 * gives, from the same functions. A request with anything unusual about it, and every refusal, is the door's.
 */
export function createQuickDoor(listener: Listener, deps: HttpDeps): QuickDoor {
  const { route, answerOf } = PLACES[listener]
  const isKept = deps.services.store.isRecalledStill !== undefined
  const quick: Quick = {
    listener,
    deps,
    route,
    path: listener === 'public' ? deps.basePath + route.path : route.path,
    trust: createProxyTrust(deps.trustProxy),
    newId: createRequestIds(deps.services.random),
    answers: createPreparedAnswers(deps.authenticateNow, { isKept, answerOf }),
  }
  if (listener === 'public') return (incoming, outgoing) => answerQuickly(quick, incoming, outgoing)
  const isWithoutAssertion = watchAudiences(deps)
  return (incoming, outgoing) => isWithoutAssertion() && answerQuickly(quick, incoming, outgoing)
}

/**
 * An assertion is another one every few minutes: where gateways get one, the door makes the answer. A reload of the
 * configuration may bring back ends with an audience, or take them away.
 */
function watchAudiences(deps: HttpDeps): () => boolean {
  let seen: HttpDeps['backends'] | null = null
  let isWithout = false
  return () => {
    const { backends } = deps
    if (backends === seen) return isWithout
    const chosen = chooseAudience(backends, undefined)
    seen = backends
    isWithout = chosen.ok && chosen.audience === null
    return isWithout
  }
}

function answerQuickly(quick: Quick, incoming: IncomingMessage, outgoing: ServerResponse): boolean {
  if (incoming.url !== quick.path || incoming.method !== 'GET') return false
  if (incoming.httpVersionMajor !== 1 || incoming.httpVersionMinor !== 1) return false
  const headers = readQuickHeaders(incoming.rawHeaders)
  const bearer = headers === null ? null : bearerOf(headers)
  if (headers === null || bearer === null || isUnusual(quick, headers, incoming)) return false
  const log = quick.deps.services.telemetry.log
  const startedAtMs = log.isOn?.('debug') === false ? null : watchOf(quick).nowMs()
  const prepared = quick.answers.find(bearer)
  if (prepared === null) return false
  const requestId = requestIdOf(quick, headers, incoming)
  quick.answers.send(prepared, requestId, outgoing)
  if (startedAtMs !== null)
    note(quick, { answer: prepared.answer, startedAtMs, requestId, headers, incoming })
  return true
}

const BEARER_LENGTH = SCHEME.length + 62

function bearerOf({ authorization }: QuickHeaders): string | null {
  return authorization?.length === BEARER_LENGTH && authorization.startsWith(SCHEME) ? authorization : null
}

/** What the door would refuse, or tell the operator of. */
function isUnusual({ listener, trust }: Quick, headers: QuickHeaders, { socket }: IncomingMessage): boolean {
  const { host, cookie, forwardedFor } = headers
  if (host === null || !isPlainHost(host)) return true
  if (cookie !== null && hasTokenInCookie(cookie, listener)) return true
  return listener === 'public' && forwardedFor !== null && !trust.isTrusted(socket.remoteAddress ?? null)
}

function requestIdOf(
  { trust, newId }: Quick,
  { requestId }: QuickHeaders,
  { socket }: IncomingMessage,
): string {
  if (requestId === null) return newId()
  return proxyIdOf(requestId, trust.isTrusted(socket.remoteAddress ?? null)) ?? newId()
}

function watchOf({ deps }: Quick) {
  return deps.devClock?.base ?? deps.services.clock
}

interface Served {
  readonly answer: Answer
  readonly startedAtMs: number
  readonly requestId: string
  readonly headers: QuickHeaders
  readonly incoming: IncomingMessage
}

function note(quick: Quick, { answer, startedAtMs, requestId, headers, incoming }: Served): void {
  const { listener, route, trust, deps } = quick
  const ip = trust.clientIp(incoming.socket.remoteAddress ?? null, headers.forwardedFor)
  const ms = watchOf(quick).nowMs() - startedAtMs
  logRequest(deps.services, { listener, method: 'GET', route, answer, ms }, { requestId, ip })
}
