import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'

/** A team's back end, as small as can be; closed when the test ends. Answers its URL. */
export async function startBackend(t: TestContext, onRequest: RequestListener): Promise<string> {
  const server = createServer(onRequest)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.closeAllConnections()
    return new Promise((resolve) => server.close(resolve))
  })
  const { port } = server.address() as AddressInfo // it listens on TCP
  return `http://127.0.0.1:${port}`
}

export async function bodyOf(req: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of req) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks).toString('utf8')
}

/** Answers with what came in, as JSON. */
export const mirror: RequestListener = (req, res) => {
  bodyOf(req).then((body) => {
    const { method, url, headers } = req
    res.setHeader('Content-Type', 'application/json')
    res.end(JSON.stringify({ method, url, headers, body }))
  })
}
