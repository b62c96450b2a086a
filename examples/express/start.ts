import { once } from 'node:events'
import { createServer } from 'node:http'
import { createYaopaiClient } from 'yaopai/client'
import { createDemo } from './demo.ts'

export interface StartDemoOptions {
  /** 0: any free one. */
  readonly port: number
  /** Default `127.0.0.1`. */
  readonly host?: string
  /** Yaopai's internal listener, such as `http://127.0.0.1:8789`. */
  readonly internalUrl: string
  /** A key of scope `introspect`. */
  readonly apiKey: string
  /** How long it waits for Yaopai. Default: the client's. */
  readonly timeoutMs?: number
  /** Where clients reach it, when that is elsewhere: `https://shop.example.com`. Default: its own address. */
  readonly publicUrl?: string
  /** Hears why Yaopai could not be asked. Default: stderr. */
  readonly log?: (line: string) => void
}

export interface RunningDemo {
  /** Such as `http://127.0.0.1:8790`. */
  readonly url: string
  /** Lets requests in flight end, then closes. */
  stop(): Promise<void>
}

/**
 * Starts the demo back end.
 * @throws the error of `listen`, such as EADDRINUSE
 */
export async function start(options: StartDemoOptions): Promise<RunningDemo> {
  const { port, host = '127.0.0.1', internalUrl, apiKey, timeoutMs, log = console.error } = options
  const patience = timeoutMs === undefined ? {} : { timeoutMs }
  const yaopai = createYaopaiClient({ internalUrl, apiKey, onTrouble: log, ...patience })
  const server = createServer()
  server.listen(port, host)
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The demo listens on no port')
  const url = `http://${host}:${address.port}`
  server.on('request', createDemo({ yaopai, publicUrl: options.publicUrl ?? url }))
  return {
    url,
    stop: async () => {
      server.close()
      server.closeIdleConnections()
      await once(server, 'close')
    },
  }
}
