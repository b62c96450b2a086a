import { type Callbacks, callBack, failWith, type Outcome, succeed, type WxResult } from './callbacks.ts'
import type { Ending, Line } from './line.ts'
import { createListeners, type Listeners } from './listeners.ts'
import type { Phone } from './phone.ts'

export interface SendOptions extends Callbacks<WxResult> {
  data: string | ArrayBuffer
}

export interface CloseOptions extends Callbacks<WxResult> {
  /** 1000, or 3000 to 4999. Default 1000. */
  code?: number | undefined
  /** At most 123 bytes of UTF-8. */
  reason?: string | undefined
}

export interface SocketTask {
  send(options: SendOptions): void
  close(options?: CloseOptions): void
  onOpen(listener: (res: { header: Record<string, string> }) => void): void
  onMessage(listener: (res: { data: string | ArrayBuffer }) => void): void
  onClose(listener: (res: { code: number; reason: string }) => void): void
  onError(listener: (res: { errMsg: string }) => void): void
}

/** One socket from its call to its end. */
export interface Socket {
  phone: Phone
  phase: 'connecting' | 'open' | 'closing' | 'over'
  line: Line | undefined
  /** What to do when it is over. */
  leaving: (() => void)[]
  opened: Listeners<{ header: Record<string, string> }>
  message: Listeners<{ data: string | ArrayBuffer }>
  closed: Listeners<{ code: number; reason: string }>
  failed: Listeners<{ errMsg: string }>
}

/** How a connection ends over which no closing frame came. */
export const ABNORMAL: Goodbye = { code: 1006, reason: 'abnormal closure' }

export interface Goodbye {
  code: number
  reason: string
}

export const TRANSPORT_ERROR = 'Underlying Transport Error'

const NOT_CONNECTED = 'WebSocket is not connected'

export function tellLater(phone: Phone, callbacks: Callbacks<WxResult>, outcome: Outcome<WxResult>): void {
  queueMicrotask(() => {
    if (!phone.state.killed) callBack(callbacks, outcome)
  })
}

/** Android's words for a handshake that came to nothing; the app never learns the status. */
function errorOf({ refusedWith, error }: Ending): string {
  if (refusedWith !== undefined) return 'Invalid HttpCode'
  const code = error && 'code' in error ? String(error.code) : ''
  return /CERT|SSL|TLS/.test(code) ? 'TLS handshake failed' : TRANSPORT_ERROR
}

function refuseSend(data: unknown, isOpen: boolean): string | undefined {
  if (!isOpen) return NOT_CONNECTED
  if (typeof data === 'string' || data instanceof ArrayBuffer) return undefined
  return 'parameter error: parameter.data should be String or ArrayBuffer'
}

function refuseClose(code: number, reason: string): string | undefined {
  if (code !== 1000 && !(code >= 3000 && code <= 4999)) return `invalid code ${code}`
  return Buffer.byteLength(reason) > 123 ? 'reason is longer than 123 bytes' : undefined
}

export function createSocket(phone: Phone): Socket {
  return {
    phone,
    phase: 'connecting',
    line: undefined,
    leaving: [],
    opened: createListeners(),
    message: createListeners(),
    closed: createListeners(),
    failed: createListeners(),
  }
}

function finish(socket: Socket, goodbye: Goodbye, errMsg?: string): void {
  if (socket.phase === 'over') return
  socket.phase = 'over'
  socket.line?.cut()
  for (const leave of socket.leaving) leave()
  queueMicrotask(() => {
    if (socket.phone.state.killed) return
    if (errMsg !== undefined) socket.failed.tell({ errMsg })
    socket.closed.tell(goodbye)
  })
}

/** Ends it from this side; `errMsg` is told where it never was open. */
export function cutSocket(socket: Socket, goodbye: Goodbye, errMsg: string): void {
  finish(socket, goodbye, socket.phase === 'connecting' ? errMsg : undefined)
}

/** What a line that is no more means for its socket. */
export function hearEnd(socket: Socket, ending: Ending): void {
  const { code, reason } = ending
  cutSocket(socket, code === ABNORMAL.code ? ABNORMAL : { code, reason }, errorOf(ending))
}

/** How `send` and `close` end: well, unless there was a reason against it. */
function answer(
  socket: Socket,
  options: Callbacks<WxResult>,
  api: string,
  refusal: string | undefined,
): void {
  const outcome = refusal === undefined ? succeed({ errMsg: `${api}:ok` }) : failWith<WxResult>(api, refusal)
  tellLater(socket.phone, options, outcome)
}

function send(socket: Socket, options: SendOptions): void {
  const refusal = refuseSend(options.data, socket.phase === 'open')
  answer(socket, options, 'sendSocketMessage', refusal)
  if (refusal === undefined) socket.line?.send(options.data)
}

function sayGoodbye(socket: Socket, goodbye: Goodbye): void {
  socket.phase = 'closing'
  socket.line?.close(goodbye.code, goodbye.reason)
}

function close(socket: Socket, options: CloseOptions): void {
  const { code = 1000, reason = '' } = options
  const isUp = socket.phase === 'connecting' || socket.phase === 'open'
  const refusal = isUp ? refuseClose(code, reason) : NOT_CONNECTED
  answer(socket, options, 'closeSocket', refusal)
  if (refusal !== undefined) return
  // Nobody to say goodbye to as long as it is not open.
  if (socket.phase === 'connecting') finish(socket, { code, reason })
  else sayGoodbye(socket, { code, reason })
}

export function taskOf(socket: Socket): SocketTask {
  return {
    send: (options) => send(socket, options),
    close: (options = {}) => close(socket, options),
    onOpen: socket.opened.on,
    onMessage: socket.message.on,
    onClose: socket.closed.on,
    onError: socket.failed.on,
  }
}
