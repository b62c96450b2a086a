import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { EmulatorError } from '../machine.ts'

export interface TlsFiles {
  /** PEM. */
  cert: string | Buffer
  /** PEM. */
  key: string | Buffer
}

export interface ListenOptions {
  host: string
  port: number
  tls?: TlsFiles | undefined
}

/** A mini program's call travels in a header of its own, with a URL that may be long. */
const HEADERS_LIMIT_BYTES = 131_072

function makeServer({ tls }: ListenOptions, onRequest: RequestListener): Server {
  const options = { maxHeaderSize: HEADERS_LIMIT_BYTES }
  return tls ? createTlsServer({ ...options, ...tls }, onRequest) : createServer(options, onRequest)
}

function explain(error: NodeJS.ErrnoException, { host, port }: ListenOptions): Error {
  if (error.code === 'EADDRINUSE') {
    const cure = 'give another port (--port or port; 0 takes a free one) or stop the program that has it'
    return new EmulatorError('port_taken', `port ${port} on ${host} is taken`, cure)
  }
  if (error.code === 'EACCES') {
    const cure = 'give a port above 1023, or the right to use low ports'
    return new EmulatorError('port_forbidden', `port ${port} on ${host} may not be used`, cure)
  }
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND') {
    const cure = 'give an address of this machine (--host or host), such as 127.0.0.1'
    return new EmulatorError('bad_host', `${host} is no address of this machine`, cure)
  }
  return error
}

/**
 * A server that listens.
 *
 * @throws {EmulatorError} `port_taken`, `port_forbidden`, `bad_host`, each with its cure
 */
export function listen(options: ListenOptions, onRequest: RequestListener): Promise<Server> {
  const server = makeServer(options, onRequest)
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(explain(error, options)))
    server.listen(options.port, options.host, () => resolve(server))
  })
}

/** Where to reach it; an unspecified address is shown as loopback. */
export function urlOf(server: Server, options: ListenOptions): string {
  const address = server.address() as AddressInfo // a TCP server that listens has one
  const host = options.host === '0.0.0.0' || options.host === '::' ? '127.0.0.1' : options.host
  const shown = host.includes(':') ? `[${host}]` : host
  return `${options.tls ? 'https' : 'http'}://${shown}:${address.port}`
}

/** Stops at once: nothing that is under way is worth waiting for in an emulator. */
export function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
