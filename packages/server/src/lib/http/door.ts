import { preferredLanguage } from '../language.ts'
import { admit } from './admit.ts'
import { type Answer, refuse, type Sent, toResponse, toSent } from './answer.ts'
import { type Asked, askedOfWeb } from './asked.ts'
import { isCanonicalPath } from './canonical-path.ts'
import { createProxyTrust, isPrivateIp, type ProxyTrust } from './client-ip.ts'
import type { Ask, DoorHandler, HttpDeps, Peer } from './deps.ts'
import { devRoutes } from './dev-routes.ts'
import { answerOfError } from './error-answer.ts'
import { answerForGateway } from './gateway-answer.ts'
import { createLimits, type Limits } from './limits.ts'
import { misplacedToken } from './misplaced-token.ts'
import { readBody } from './read-body.ts'
import { readQuery } from './read-query.ts'
import { createReadiness } from './readiness.ts'
import { chooseRequestId, createRequestIds } from './request-id.ts'
import { logRequest } from './request-log.ts'
import type { Call, Listener, Route } from './route.ts'
import { createRouter, type Match, type Router } from './router.ts'
import { routes } from './routes.ts'
import { createSampler, type Sampler } from './sampler.ts'
import { refuseStranger } from './this-machine.ts'

/** What one listener's requests share. */
interface Door {
  readonly listener: Listener
  readonly deps: HttpDeps
  readonly routers: () => Routers
  /** Of the routes that only the other listener has. */
  readonly elsewhere: Router
  readonly trust: ProxyTrust
  readonly newId: () => string
  readonly limits: Limits
  readonly checkStore: () => Promise<void>
  readonly sampleOutage: Sampler
  readonly sampleGateway: Sampler
  readonly sampleForwarded: Sampler
}

interface Routers {
  readonly served: Router
  /** Of the routes that the configuration leaves out. */
  readonly leftOut: Router
}

/** A setting that is missing stays so for a while. */
const FORWARDED_EVERY_MS = 3_600_000

type Arrival = Omit<Call, 'params'>

/**
 * The way of every request: who sent it, is its path plain, which route, may it, does what it brings fit; then the
 * route's own work. Whatever goes wrong on the way becomes an answer.
 */
export function createDoor(listener: Listener, deps: HttpDeps): DoorHandler {
  const here = [
    ...routes.filter((route) => route.listeners.includes(listener)),
    ...(deps.devClock === null || listener === 'public' ? [] : devRoutes(deps.devClock)),
  ]
  const prefix = listener === 'public' ? deps.basePath : ''
  const door: Door = {
    listener,
    deps,
    routers: watchRoutes(here, prefix, deps),
    elsewhere: createRouter(
      routes.filter((route) => !here.includes(route)),
      prefix,
    ),
    trust: createProxyTrust(deps.trustProxy),
    newId: createRequestIds(deps.services.random),
    limits: createLimits(deps.loginLimitPerIp, deps.makeLimit),
    checkStore: createReadiness(deps.services),
    sampleOutage: createSampler(deps.services.clock),
    sampleGateway: createSampler(deps.services.clock),
    sampleForwarded: createSampler(deps.services.clock, FORWARDED_EVERY_MS),
  }
  const ask: Ask = (asked, peer) => answer(door, asked, peer)
  const handle = async (request: Request, peer: Peer) => toResponse(await ask(askedOfWeb(request), peer))
  return Object.assign(handle, { ask })
}

/** Apps that are read anew may bring a route, or take one away. */
function watchRoutes(here: readonly Route[], prefix: string, deps: HttpDeps): () => Routers {
  const isServed = (route: Route) => route.isServed?.(deps) ?? true
  const make = (): Routers => ({
    served: createRouter(here.filter(isServed), prefix),
    leftOut: createRouter(
      here.filter((route) => !isServed(route)),
      prefix,
    ),
  })
  let seen = deps.services.apps
  let routers = make()
  return () => {
    const { apps } = deps.services
    if (apps === seen) return routers
    seen = apps
    routers = make()
    return routers
  }
}

async function answer(door: Door, asked: Asked, peer: Peer): Promise<Sent> {
  const { services, devClock } = door.deps
  // How long it takes is measured on a clock that nobody moves meanwhile.
  const watch = devClock?.base ?? services.clock
  const startedAtMs = watch.nowMs()
  const arrival = arrivalOf(door, asked, peer)
  const { origin, language } = arrival
  const { method } = asked
  const { answer: given, route } = await decide(door, asked, arrival)
  const ms = watch.nowMs() - startedAtMs
  logRequest(services, { listener: door.listener, method, route, answer: given, ms }, origin)
  return toSent(given, { requestId: origin.requestId, language, isHead: method === 'HEAD' })
}

function arrivalOf(door: Door, { headers }: Asked, peer: Peer): Arrival {
  const { deps, limits, checkStore, trust, newId } = door
  const requestId = chooseRequestId(headers, trust.isTrusted(peer.ip), newId)
  const forwardedFor = headers.get('x-forwarded-for')
  if (forwardedFor !== null) noteForwarded(door, peer, requestId)
  const ip = trust.clientIp(peer.ip, forwardedFor)
  const language = preferredLanguage(headers.get('accept-language'))
  return { deps, limits, checkStore, origin: { requestId, ip }, peerIp: peer.ip, language, headers }
}

/** A proxy that is not trusted makes all its clients one address, and they share one limit: the operator forgot it. */
function noteForwarded(
  { listener, deps, trust, sampleForwarded }: Door,
  { ip }: Peer,
  requestId: string,
): void {
  if (listener !== 'public' || trust.isTrusted(ip) || !isPrivateIp(ip)) return
  const suppressed = sampleForwarded()
  if (suppressed === null) return
  const advice =
    "X-Forwarded-For came from an address that TRUST_PROXY does not name: set it to your proxy's address"
  deps.services.telemetry.log('warn', 'http.untrusted_proxy', { requestId, peer: ip, advice, suppressed })
}

interface Decision {
  readonly answer: Answer
  /** Null where the request came to none. */
  readonly route: Route | null
}

async function decide(door: Door, asked: Asked, arrival: Arrival): Promise<Decision> {
  const { telemetry } = door.deps.services
  let route: Route | null = null
  try {
    const { method, target } = asked
    const match = find(door.routers().served, method, target.pathname)
    if (match.kind !== 'found') {
      return { answer: answerOfMiss(match, hintFor(door, method, target.pathname)), route }
    }
    route = match.route
    const given = await serve(door, asked, match, arrival)
    if (!route.isForGateways) return { answer: given, route }
    const told = { telemetry, sample: door.sampleGateway, requestId: arrival.origin.requestId }
    return { answer: answerForGateway(given, told), route }
  } catch (error) {
    const told = { telemetry, sampleOutage: door.sampleOutage }
    return { answer: answerOfError(error, told, arrival.origin), route }
  }
}

type Finding = Match | { readonly kind: 'odd_path' }

function find(router: Router, method: string, path: string): Finding {
  return isCanonicalPath(path) ? router(method, path) : { kind: 'odd_path' }
}

async function serve(
  door: Door,
  asked: Asked,
  { route, params }: Extract<Match, { kind: 'found' }>,
  arrival: Arrival,
): Promise<Answer> {
  const misplaced = misplacedToken(asked.target, asked.headers.get('cookie'), door.listener)
  if (misplaced !== null) return route.isForGateways ? refuse('invalid_token') : misplaced
  const stranger = route.isForThisMachine ? refuseStranger(asked.headers, arrival.peerIp) : null
  if (stranger !== null) return stranger
  const admission = await admit(route, arrival)
  if (!admission.ok) return admission.refusal
  const query = readQuery(asked.target)
  if (!query.ok) return query.refusal
  const body = await readBody(asked, route.body.format)
  if (!body.ok) return body.refusal
  return route.run({ ...arrival, params }, admission.caller, { query: query.value, body: body.value })
}

/** Whoever asks at the wrong door is shown the right one. */
function hintFor(door: Door, method: string, path: string): string | undefined {
  const leftOut = door.routers().leftOut(method, path)
  if (leftOut.kind === 'found') return leftOut.route.whenLeftOut
  if (door.elsewhere(method, path).kind !== 'found') return undefined
  return door.listener === 'public'
    ? 'This is the public listener; the route is on the internal one (INTERNAL_PORT)'
    : 'This is the internal listener; the route is on the public one (PORT)'
}

const ROUTES = 'Mini programs log in by POST /login; all routes stand in docs/reference/http.md'

function answerOfMiss(match: Exclude<Finding, { kind: 'found' }>, hint: string | undefined): Answer {
  const detail = hint ?? (match.kind === 'nothing' ? ROUTES : undefined)
  const facts = detail === undefined ? {} : { detail }
  if (match.kind === 'other_method') return refuse('method_not_allowed', { ...facts, allow: match.allow })
  if (match.kind === 'nothing') return refuse('not_found', facts)
  return refuse('invalid_request', {
    field: 'path',
    detail: 'Send the path without escapes, empty or dot segments and ";"',
  })
}
