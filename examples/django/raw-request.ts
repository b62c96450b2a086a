import { type Agent, request } from 'node:http'

export interface RawAnswer {
  readonly status: number
  readonly headers: Record<string, string | string[] | undefined>
  readonly body: string
}

/** A request whose headers go out exactly as listed: names spelled as they are, twice if they stand twice. */
export function rawRequest(
  url: string,
  headers: readonly (readonly [string, string])[],
  { body: sentBody, agent }: { body?: string; agent?: Agent } = {},
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const { hostname, port, pathname } = new URL(url)
    const length = sentBody === undefined ? [] : [['Content-Length', String(Buffer.byteLength(sentBody))]]
    const lines = [['Host', `${hostname}:${port}`], ...length, ...headers].flat()
    const method = sentBody === undefined ? 'GET' : 'POST'
    const options = { hostname, port, path: pathname, method, headers: lines, agent: agent ?? false }
    const sent = request(options, (response) => {
      let body = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => {
        body += chunk
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }))
    })
    sent.on('error', reject)
    sent.end(sentBody)
  })
}
