import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { problemOf } from '../problem.ts'
import { systemRandom } from '../random.ts'
import { newRequestId } from './request-id.ts'

interface Fault {
  readonly status: 400 | 405 | 408 | 431
  readonly detail: string
}

/** What the parser or the clock of the server found wrong, by Node's code for it. */
export function faultOf(code: string | undefined): Fault {
  if (code === 'HPE_HEADER_OVERFLOW') return { status: 431, detail: 'The headers may have 16 kB at most' }
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return { status: 408, detail: 'The request took too long to arrive' }
  }
  return { status: 400, detail: 'This is not HTTP/1.1 as it should be written' }
}

export const TUNNEL_FAULT: Fault = { status: 405, detail: 'No tunnels here' }

/** Says so on a connection that no response object belongs to, and closes it. */
export function endWithFault(socket: Duplex, { status, detail }: Fault): void {
  const requestId = newRequestId(systemRandom)
  const code = status === 405 ? 'method_not_allowed' : 'invalid_request'
  const body = JSON.stringify({ ...problemOf(code, requestId, { detail }), status })
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Content-Type: application/problem+json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Cache-Control: no-store',
    'X-Content-Type-Options: nosniff',
    ...(status === 405 ? ['Allow: GET, HEAD, POST, PATCH, DELETE'] : []),
    `X-Request-Id: ${requestId}`,
    'Connection: close',
  ]
  socket.end(`${lines.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy())
}
