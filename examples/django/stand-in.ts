import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'

export type Answer = (response: ServerResponse, body: string, request: IncomingMessage) => void

/** A server in Yaopai's place, to play what the real one never answers. */
export interface StandIn {
  readonly url: string
  /** What the next requests are answered with. */
  answer: Answer
  /** Requests since the last reset. */
  calls: number
  /** Client ports that they came from. */
  readonly connections: Set<number | undefined>
  dropConnections(): void
  close(): void
}

export async function startStandIn(): Promise<StandIn> {
  const server = createServer((request, response) => {
    standIn.calls += 1
    standIn.connections.add(request.socket.remotePort)
    let body = ''
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString()
    })
    request.on('end', () => standIn.answer(response, body, request))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The stand-in has no port')
  const standIn: StandIn = {
    url: `http://127.0.0.1:${address.port}`,
    answer: (response) => response.writeHead(500).end(),
    calls: 0,
    connections: new Set(),
    dropConnections: () => server.closeAllConnections(),
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
  return standIn
}
