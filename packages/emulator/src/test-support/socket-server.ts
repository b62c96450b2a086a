import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import type { TestContext } from 'node:test'

// As much of a WebSocket server (RFC 6455) as a test of the client needs: short unfragmented frames.

const TEXT = 1
const BINARY = 2
const CLOSE = 8

/** A server's end of a connection. */
export interface Peer {
  request: IncomingMessage
  sendText(text: string): void
  sendBytes(bytes: Uint8Array): void
  close(code: number, reason: string): void
  /** Without a goodbye. */
  cut(): void
}

export interface Peers {
  opened?: (peer: Peer) => void
  message?: (peer: Peer, data: string | Buffer) => void
  /** The connection is no more, however that came. */
  gone?: (peer: Peer) => void
  /** A status refuses the handshake; `null` leaves it unanswered; undefined takes it. */
  refuse?: (request: IncomingMessage) => number | null | undefined
  /** Further headers of the handshake's answer. */
  header?: string[]
}

interface Frame {
  kind: number
  payload: Buffer
  size: number
}

function frame(kind: number, payload: Buffer): Buffer {
  return Buffer.concat([Buffer.from([0x80 | kind, payload.length]), payload])
}

function goodbye(code: number, reason: string): Buffer {
  const text = Buffer.from(reason)
  const payload = Buffer.alloc(2 + text.length)
  payload.writeUInt16BE(code)
  text.copy(payload, 2)
  return frame(CLOSE, payload)
}

/** The first whole frame, unmasked, or undefined. */
function firstFrame(bytes: Buffer): Frame | undefined {
  const [head = 0, second = 0] = bytes
  const length = second & 0x7f
  const size = 6 + length
  if (bytes.length < size) return undefined
  const payload = Buffer.from(bytes.subarray(6, size)).map((byte, at) => byte ^ (bytes[2 + (at % 4)] ?? 0))
  return { kind: head & 0x0f, payload: Buffer.from(payload), size }
}

function onFrames(socket: Duplex, hear: (frame: Frame) => void): void {
  let pending = Buffer.alloc(0)
  socket.on('data', (chunk) => {
    pending = Buffer.concat([pending, chunk])
    for (let next = firstFrame(pending); next; next = firstFrame(pending)) {
      pending = pending.subarray(next.size)
      hear(next)
    }
  })
}

function answerOf(request: IncomingMessage, header: string[]): string {
  const key = `${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`
  const accept = createHash('sha1').update(key).digest('base64')
  const protocol = request.headers['sec-websocket-protocol']?.split(',', 1)[0]
  const lines = [
    'HTTP/1.1 101 Switching Protocols',
    'Upgrade: websocket',
    'Connection: Upgrade',
    `Sec-WebSocket-Accept: ${accept}`,
    ...(protocol ? [`Sec-WebSocket-Protocol: ${protocol}`] : []),
    ...header,
  ]
  return `${lines.join('\r\n')}\r\n\r\n`
}

function greet(request: IncomingMessage, socket: Duplex, peers: Peers): void {
  socket.write(answerOf(request, peers.header ?? []))
  const peer: Peer = {
    request,
    sendText: (text) => socket.write(frame(TEXT, Buffer.from(text))),
    sendBytes: (bytes) => socket.write(frame(BINARY, Buffer.from(bytes))),
    close: (code, reason) => socket.write(goodbye(code, reason)),
    cut: () => socket.destroy(),
  }
  onFrames(socket, ({ kind, payload }) => {
    if (kind === CLOSE) socket.end(frame(CLOSE, payload))
    else peers.message?.(peer, kind === TEXT ? payload.toString() : payload)
  })
  socket.on('end', () => socket.end())
  socket.on('close', () => peers.gone?.(peer))
  peers.opened?.(peer)
}

/** A WebSocket server, closed when the test ends. Answers its `ws://` URL. */
export async function startSocketServer(t: TestContext, peers: Peers = {}): Promise<string> {
  const server = createServer()
  const sockets = new Set<Duplex>()
  server.on('upgrade', (request, socket) => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
    const status = peers.refuse?.(request)
    if (status === undefined) greet(request, socket, peers)
    else if (status !== null)
      socket.end(`HTTP/1.1 ${status} No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    for (const socket of sockets) socket.destroy()
    return new Promise((resolve) => server.close(resolve))
  })
  const { port } = server.address() as AddressInfo // it listens on TCP
  return `ws://127.0.0.1:${port}`
}
