import type { IncomingHttpHeaders } from 'node:http'
import type { Duplex } from 'node:stream'
import { Agent, type Dispatcher, WebSocket } from 'undici'
import type { Dialled, Line, LineEvents } from './line.ts'

/** What a WebSocket keeps to itself: how the handshake was answered. */
interface Handshake {
  status: number | undefined
  headers: IncomingHttpHeaders
  error: Error | undefined
  /** The connection, once it is a WebSocket's. */
  connection: Duplex | undefined
}

function watched(seen: Handshake, next: Dispatcher.DispatchHandler): Dispatcher.DispatchHandler {
  return {
    onRequestStart: (controller, context) => next.onRequestStart?.(controller, context),
    onRequestUpgrade(controller, status, headers, connection) {
      Object.assign(seen, { status, headers, connection })
      next.onRequestUpgrade?.(controller, status, headers, connection)
    },
    onResponseStart(controller, status, headers, message) {
      Object.assign(seen, { status, headers })
      next.onResponseStart?.(controller, status, headers, message)
    },
    onResponseData: (controller, chunk) => next.onResponseData?.(controller, chunk),
    onResponseEnd: (controller, trailers) => next.onResponseEnd?.(controller, trailers),
    onResponseError(controller, error) {
      seen.error = error
      next.onResponseError?.(controller, error)
    },
  }
}

function headersFrom(incoming: IncomingHttpHeaders): Headers {
  const headers = new Headers()
  for (const [name, value] of Object.entries(incoming)) {
    for (const one of [value ?? []].flat()) headers.append(name, one)
  }
  return headers
}

/**
 * Opens a WebSocket over a connection of its own.
 *
 * @throws {Error} where the URL or the protocols make no sense
 */
export function dial({ url, protocols, headers }: Dialled, events: LineEvents): Line {
  const seen: Handshake = { status: undefined, headers: {}, error: undefined, connection: undefined }
  const agent = new Agent()
  const dispatcher = agent.compose((dispatch) => (options, next) => dispatch(options, watched(seen, next)))
  const socket = new WebSocket(url, { protocols, headers: [...headers], dispatcher })
  socket.binaryType = 'arraybuffer'
  socket.addEventListener('open', () => events.opened(headersFrom(seen.headers)))
  socket.addEventListener('message', ({ data }) => events.message(data))
  socket.addEventListener('close', ({ code, reason }) => {
    events.ended({
      code,
      reason,
      refusedWith: seen.status === 101 ? undefined : seen.status,
      error: seen.error,
    })
    void agent.destroy()
  })
  return {
    send: (data) => socket.send(data),
    close: (code, reason) => socket.close(code, reason),
    cut() {
      seen.connection?.destroy() // an upgraded connection is the agent's no more
      void agent.destroy()
    },
  }
}
