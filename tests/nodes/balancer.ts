import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { call } from '../serve/support/client.ts'
import type { ServeProcess } from '../serve/support/processes.ts'

/** What stands before nodes that come and go: a request that a node did not take goes to the next one. */
export async function startBalancer(
  nodes: ReadonlyMap<string, ServeProcess>,
): Promise<{ url: string; close(): void }> {
  let turn = 0
  const server: Server = createServer(async (request, response) => {
    const urls = [...nodes.values()].map(({ publicUrl }) => publicUrl)
    turn += 1
    for (let tries = 0; tries < urls.length * 2; tries += 1) {
      const url = urls[(turn + tries) % urls.length]
      const answer = await call('GET', `${url}${request.url}`, bearerOf(request.headers.authorization)).catch(
        () => null,
      )
      if (answer === null) continue
      response.writeHead(answer.status).end(answer.text)
      return
    }
    response.writeHead(502).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}

function bearerOf(header: string | undefined): { token?: string } {
  return header === undefined ? {} : { token: header.slice('Bearer '.length) }
}
