import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { systemClock } from '../clock.ts'
import { problemOf } from '../problem.ts'
import { systemRandom } from '../random.ts'
import { silentTelemetry, type Telemetry } from '../telemetry.ts'
import { refuse, type Sent, toSent } from './answer.ts'
import { askedOfNode } from './asked-of-node.ts'
import type { Ask, DoorHandler } from './deps.ts'
import { answerOfError } from './error-answer.ts'
import { refusalForGateway } from './gateway-answer.ts'
import { listenError } from './listen-error.ts'
import { MAX_BODY_BYTES } from './max-body.ts'
import { endWithFault, faultOf, TUNNEL_FAULT } from './node-client-error.ts'
import { type EarlyRefusal, refuseEarly } from './node-refusals.ts'
import type { QuickDoor } from './quick-door.ts'
import { dropRest, readAhead } from './read-ahead.ts'
import { newRequestId } from './request-id.ts'
import { createSampler, type Sampler } from './sampler.ts'

export interface ListenOptions {
  readonly host: string
  /** 0 takes a free one. */
  readonly port: number
  /** The setting that the port came from: errors name it. */
  readonly portSetting?: 'PORT' | 'INTERNAL_PORT'
  readonly telemetry?: Telemetry
  /** Until all headers are there. Default 5 s. */
  readonly headersTimeoutMs?: number
  /** Until all of the request is there. Default 10 s. */
  readonly requestTimeoutMs?: number
  /** How often the two are looked after. Default 1 s. */
  readonly checkIntervalMs?: number
  /** How long a connection may lie idle between requests: longer than proxies keep theirs. Default 65 s. */
  readonly keepAliveTimeoutMs?: number
  /** How long a client may leave an answer unread. Default 30 s. */
  readonly socketTimeoutMs?: number
  readonly maxConnections?: number
  /** The path that gateways ask, if this listener has one: they get 401 or 5xx where others get 400. */
  readonly gatewayPath?: string
  /** A shorter way to the same answers as the handler's, asked first. */
  readonly quick?: QuickDoor
}

export interface HttpListener {
  /** Such as `http://127.0.0.1:8787`. */
  readonly url: string
  readonly port: number
  /** Takes no more connections, lets requests under way finish, and cuts what is left after `drainMs` (10 s). */
  close(options?: { readonly drainMs?: number }): Promise<void>
}

const MAX_HEADER_BYTES = 16_384
const DRAIN_MS = 10_000
/**
 * Connections that may wait to be taken; the kernel allows at most net.core.somaxconn, 4,096 where nobody changed it.
 * Of more than that it drops the first packet, and whoever sent it tries again after 1, 3 and 7 s: by Node's 511 a
 * crowd that says nothing kept everybody else waiting so.
 */
const BACKLOG = 4_096
/** Who has connected before the end began may still send a request within this time. */
const FIRST_BYTE_MS = 250

/** What the requests of one listener share. */
interface ListenerState {
  readonly ask: Ask
  readonly quick: QuickDoor | null
  readonly telemetry: Telemetry
  readonly gatewayPath: string | null
  readonly sampleGateway: Sampler
  /** Answers that are not out yet, by their connection. */
  readonly inFlight: Map<Duplex, ServerResponse>
  readonly sockets: Set<Socket>
  isDraining: boolean
}

/**
 * Serves what a door answers over HTTP/1.1.
 * @throws ListenError when the port cannot be had; it names the setting and the cure
 */
export async function listen(
  { ask }: Pick<DoorHandler, 'ask'>,
  options: ListenOptions,
): Promise<HttpListener> {
  const state: ListenerState = {
    ask,
    quick: options.quick ?? null,
    telemetry: options.telemetry ?? silentTelemetry,
    gatewayPath: options.gatewayPath ?? null,
    sampleGateway: createSampler(systemClock),
    inFlight: new Map(),
    sockets: new Set(),
    isDraining: false,
  }
  const server = configure(state, options)
  server.listen({ port: options.port, host: options.host, backlog: BACKLOG })
  try {
    await once(server, 'listening')
  } catch (error) {
    throw listenError(error, options)
  }
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : options.port
  const host = options.host.includes(':') ? `[${options.host}]` : options.host
  let closing: Promise<void> | null = null
  return {
    url: `http://${host}:${port}`,
    port,
    close: ({ drainMs = DRAIN_MS } = {}) => {
      closing ??= drain(server, state, drainMs)
      return closing
    },
  }
}

function configure(state: ListenerState, options: ListenOptions): Server {
  const server = createServer({
    headersTimeout: options.headersTimeoutMs ?? 5_000,
    requestTimeout: options.requestTimeoutMs ?? 10_000,
    connectionsCheckingInterval: options.checkIntervalMs ?? 1_000,
    keepAliveTimeout: options.keepAliveTimeoutMs ?? 65_000,
    maxHeaderSize: MAX_HEADER_BYTES,
    // Both are looked after here, so that the answer is a problem like every other.
    requireHostHeader: false,
    insecureHTTPParser: false,
    noDelay: true,
  })
  server.maxHeadersCount = 0
  server.maxConnections = options.maxConnections ?? 10_000
  server.setTimeout(options.socketTimeoutMs ?? 30_000)
  server.on('connection', (socket) => {
    state.sockets.add(socket)
    socket.once('close', () => state.sockets.delete(socket))
  })
  server.on('request', (incoming, outgoing) => {
    if (!serveQuickly(state, incoming, outgoing)) void serve(state, incoming, outgoing)
  })
  server.on('checkContinue', (incoming, outgoing) => void serve(state, incoming, outgoing))
  server.on('checkExpectation', (_incoming, outgoing) => {
    const refusal = refuse('invalid_request', { field: 'expect', detail: 'Leave the Expect header out' })
    refuseNow(state, outgoing, { refusal })
  })
  server.on('connect', (_incoming, socket) => endWithFault(socket, TUNNEL_FAULT))
  server.on('clientError', (error, socket) => onClientError(state, error, socket))
  return server
}

/**
 * What it answers is out of the house at once, so nothing has to be remembered of it. Nobody would catch what it throws
 * but the process, which would end: then the handler is asked, and says what is wrong.
 */
function serveQuickly(state: ListenerState, incoming: IncomingMessage, outgoing: ServerResponse): boolean {
  if (state.quick === null || state.isDraining) return false
  try {
    return state.quick(incoming, outgoing)
  } catch {
    if (outgoing.headersSent) incoming.socket.destroy()
    return outgoing.headersSent
  }
}

async function serve(
  state: ListenerState,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const { socket } = incoming
  state.inFlight.set(socket, outgoing)
  outgoing.once('close', () => {
    // Of requests sent one behind the other, a later one may have taken the place.
    if (state.inFlight.get(socket) === outgoing) state.inFlight.delete(socket)
  })
  const early = refuseEarly(incoming)
  if (early !== null) return refuseNow(state, outgoing, early)
  try {
    if (incoming.headers.expect !== undefined && mayFit(incoming)) outgoing.writeContinue()
    if (state.isDraining) outgoing.setHeader('Connection', 'close')
    const body = await readAhead(incoming)
    if (body === null) return
    const sent = await state.ask(askedOfNode(incoming, body), { ip: socket.remoteAddress ?? null })
    send(outgoing, sent)
  } catch (error) {
    failed(state, outgoing, error)
  }
}

/** A door has an answer to all that it throws itself; should one slip through, it is still a problem. */
function failed({ telemetry }: ListenerState, outgoing: ServerResponse, error: unknown): void {
  if (outgoing.headersSent) return void outgoing.destroy()
  const requestId = newRequestId(systemRandom)
  const refusal = answerOfError(error, { telemetry, sampleOutage: () => 0 }, { requestId, ip: null })
  send(outgoing, toSent(refusal, { requestId, language: 'en' }))
}

/** Nobody is asked to go on sending what is too large anyway. */
function mayFit({ headers }: IncomingMessage): boolean {
  return Number(headers['content-length'] ?? 0) <= MAX_BODY_BYTES
}

/** Whoever sends such a request may have more of it on the line: the connection ends with the answer. */
function refuseNow(state: ListenerState, outgoing: ServerResponse, early: EarlyRefusal): void {
  const requestId = newRequestId(systemRandom)
  state.telemetry.log('debug', 'http.refused', { requestId, field: early.refusal.field ?? null })
  outgoing.setHeader('Connection', 'close')
  if (isForGateway(state, outgoing.req)) {
    const told = { telemetry: state.telemetry, sample: state.sampleGateway, requestId }
    send(outgoing, toSent(refusalForGateway(early.refusal, told), { requestId, language: 'en' }))
    return
  }
  const sent = toSent(early.refusal, { requestId, language: 'en' })
  const { status } = early
  if (status === undefined) {
    send(outgoing, sent)
    return
  }
  const problem = { ...problemOf(early.refusal.code, requestId, early.refusal), status }
  send(outgoing, { ...sent, status, body: JSON.stringify(problem) })
}

function isForGateway({ gatewayPath }: ListenerState, { url = '' }: IncomingMessage): boolean {
  return gatewayPath !== null && url.split('?', 1)[0] === gatewayPath
}

function send(outgoing: ServerResponse, { status, headers, body }: Sent): void {
  const hasOwnLength = body === null || headers['Content-Length'] !== undefined
  const length = hasOwnLength ? {} : { 'Content-Length': Buffer.byteLength(body) }
  if (!outgoing.req.complete) outgoing.once('finish', () => dropRest(outgoing.req))
  outgoing.writeHead(status, { ...headers, ...length })
  outgoing.end(body ?? undefined)
}

function onClientError(state: ListenerState, error: NodeJS.ErrnoException, socket: Duplex): void {
  const outgoing = state.inFlight.get(socket)
  // An answer that is under way may not be mixed with another one.
  const isAnswering = outgoing !== undefined && (outgoing.headersSent || outgoing.req.complete)
  if (isAnswering || !socket.writable || error.code === 'ECONNRESET') return void socket.destroy()
  state.telemetry.log('debug', 'http.client_error', { code: error.code ?? null })
  endWithFault(socket, faultOf(error.code))
}

async function drain(server: Server, state: ListenerState, drainMs: number): Promise<void> {
  state.isDraining = true
  for (const outgoing of state.inFlight.values()) {
    if (!outgoing.headersSent) outgoing.setHeader('Connection', 'close')
  }
  const closed = once(server, 'close')
  server.close()
  // Browsers open connections in advance; Node would wait for a request on them. What was just opened may bring one.
  const untouched = setTimeout(() => dropUntouched(state), Math.min(FIRST_BYTE_MS, drainMs))
  const timer = setTimeout(() => server.closeAllConnections(), drainMs)
  await closed
  clearTimeout(untouched)
  clearTimeout(timer)
}

function dropUntouched({ sockets }: ListenerState): void {
  for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy()
}
