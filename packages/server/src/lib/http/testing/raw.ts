import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

export interface RawAnswer {
  readonly status: number
  readonly headers: ReadonlyMap<string, string>
  readonly body: string
  /** Everything that came, answers after the first included. */
  readonly all: string
}

/** Sends these very bytes and takes what comes until the other side closes the connection. */
export async function sendRaw(port: number, bytes: string | Buffer): Promise<RawAnswer> {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => undefined)
  socket.write(bytes)
  return parseAnswer(await untilClosed(socket))
}

export async function untilClosed(socket: Socket): Promise<string> {
  const chunks: Buffer[] = []
  socket.on('data', (chunk: Buffer) => chunks.push(chunk))
  if (!socket.closed) await once(socket, 'close')
  return Buffer.concat(chunks).toString('latin1')
}

export function parseAnswer(all: string): RawAnswer {
  const end = all.indexOf('\r\n\r\n')
  const [statusLine = '', ...lines] = all.slice(0, end === -1 ? all.length : end).split('\r\n')
  const headers = new Map(
    lines.map((line) => [
      line.slice(0, line.indexOf(':')).toLowerCase(),
      line.slice(line.indexOf(':') + 1).trim(),
    ]),
  )
  const length = Number(headers.get('content-length') ?? 0)
  return {
    status: Number(statusLine.split(' ')[1] ?? 0),
    headers,
    body: all.slice(end + 4, end + 4 + length),
    all,
  }
}
