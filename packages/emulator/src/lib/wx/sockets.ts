import { type Callbacks, failWith, type Outcome, succeed, type WxResult } from './callbacks.ts'
import type { Dialled, LineEvents } from './line.ts'
import {
  ABNORMAL,
  createSocket,
  cutSocket,
  hearEnd,
  type Socket,
  type SocketTask,
  TRANSPORT_ERROR,
  taskOf,
  tellLater,
} from './socket-task.ts'
import { ERRNO, headerOf, headersOf, type Refusal, refuseUrl, type Wire } from './wire.ts'

export interface ConnectOptions extends Callbacks<WxResult> {
  url: string
  header?: Record<string, string> | undefined
  protocols?: string[] | undefined
  /** Milliseconds until it is open; default 60 000. */
  timeout?: number | undefined
}

export interface Sockets {
  /** A task in any case; the callbacks tell only whether there is a socket to wait for. */
  connectSocket(options: ConnectOptions): SocketTask
  interruptAll(): void
  /** As when the network goes. */
  cutAll(): void
  count(): number
}

/** Sockets of one mini program at the same time. */
export const CONCURRENT_SOCKETS = 5

const API = 'connectSocket'
const HANDSHAKE_HEADERS = /^(connection|content-length|host|upgrade|sec-websocket-.*)$/

type Dialling = ({ ok: true } & Dialled) | Refusal

function planSocket(wire: Wire, options: ConnectOptions, open: number): Dialling {
  if (wire.phone.state.suspended) return { ok: false, reason: 'interrupted', errno: ERRNO.interrupted }
  const url = String(options.url)
  const refusal = refuseUrl(wire, url, /^wss?:\/\//i)
  if (refusal) return refusal
  if (open >= CONCURRENT_SOCKETS) {
    return { ok: false, reason: `fail reach max websocket connect count ${CONCURRENT_SOCKETS}` }
  }
  const headers = headersOf(wire.phone, options.header)
  for (const name of [...headers.keys()]) if (HANDSHAKE_HEADERS.test(name)) headers.delete(name)
  return { ok: true, url, protocols: options.protocols ?? [], headers }
}

function eventsOf(wire: Wire, socket: Socket): LineEvents {
  const isLost = wire.phone.orders.takeLoss(API)
  return {
    opened(headers) {
      if (isLost) cutSocket(socket, ABNORMAL, TRANSPORT_ERROR)
      if (socket.phase !== 'connecting') return
      socket.phase = 'open'
      socket.opened.tell({ header: headerOf(wire, headers) })
    },
    message(data) {
      if (socket.phase === 'open' || socket.phase === 'closing') socket.message.tell({ data })
    },
    ended: (ending) => hearEnd(socket, ending),
  }
}

/** Dials, or says why not. Without a network nothing is dialled, which shows only later. */
function connect(wire: Wire, socket: Socket, options: ConnectOptions, open: number): Outcome<WxResult> {
  const ordered = wire.phone.orders.takeFailure<WxResult>(API)
  if (ordered) return ordered
  try {
    const plan = planSocket(wire, options, open)
    if (!plan.ok) return failWith(API, plan.reason, plan.errno)
    if (!wire.phone.state.offline) socket.line = wire.dial(plan, eventsOf(wire, socket))
    return succeed({ errMsg: `${API}:ok` })
  } catch (error) {
    return failWith(API, error instanceof Error ? error.message : String(error))
  }
}

/** Counts it until it is over, and gives its handshake so many milliseconds. */
function watchOver(sockets: Set<Socket>, socket: Socket, timeoutMs: number): void {
  sockets.add(socket)
  const cancelTimeout = socket.phone.timer(timeoutMs, () => {
    if (socket.phase === 'connecting') cutSocket(socket, ABNORMAL, 'Timer Expired')
  })
  socket.leaving.push(cancelTimeout, () => sockets.delete(socket))
}

/** `wx.connectSocket`: real WebSockets, five at a time; a sixth is refused. */
export function createSockets(wire: Wire, defaultTimeoutMs: number): Sockets {
  const { phone } = wire
  const sockets = new Set<Socket>()
  const begin = (socket: Socket, options: ConnectOptions) => {
    const outcome = connect(wire, socket, options, sockets.size)
    tellLater(phone, options, outcome)
    if (outcome.ok) watchOver(sockets, socket, options.timeout ?? defaultTimeoutMs)
    else socket.phase = 'over'
    if (phone.state.offline) cutSocket(socket, ABNORMAL, TRANSPORT_ERROR)
  }
  const cutAll = (reason: string, errMsg: string) => {
    for (const socket of [...sockets]) cutSocket(socket, { code: ABNORMAL.code, reason }, errMsg)
  }
  return {
    connectSocket(options) {
      const socket = createSocket(phone)
      if (!phone.state.killed) begin(socket, options)
      return taskOf(socket)
    },
    interruptAll: () => cutAll('interrupted', 'interrupted'),
    cutAll: () => cutAll(ABNORMAL.reason, TRANSPORT_ERROR),
    count: () => sockets.size,
  }
}
