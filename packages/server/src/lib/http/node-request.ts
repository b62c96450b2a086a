import type { IncomingMessage } from 'node:http'
import { MAX_BODY_BYTES } from './read-body.ts'

/** A body larger than this is not needed to see that it is too large. */
const ENOUGH_BYTES = MAX_BODY_BYTES + 1

/**
 * Node's request as the web's. The body is read before, up to the first byte too many; one that says by itself that
 * it is too large is left unread. Null when the client went away meanwhile.
 */
export async function toWebRequest(incoming: IncomingMessage): Promise<Request | null> {
  const method = incoming.method ?? 'GET'
  const body = await readAhead(incoming)
  if (body === null) return null
  const url = `http://${incoming.headers.host ?? ''}${incoming.url ?? '/'}`
  return new Request(url, {
    method,
    headers: headersOf(incoming),
    ...(body.length === 0 ? {} : { body }),
  })
}

function headersOf({ rawHeaders }: IncomingMessage): Headers {
  const headers = new Headers()
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    headers.append(rawHeaders[index] ?? '', rawHeaders[index + 1] ?? '')
  }
  return headers
}

async function readAhead(incoming: IncomingMessage): Promise<Uint8Array<ArrayBuffer> | null> {
  const declared = Number(incoming.headers['content-length'] ?? 0)
  const isChunked = incoming.headers['transfer-encoding'] !== undefined
  if (!isChunked && (declared === 0 || declared > MAX_BODY_BYTES)) return new Uint8Array()
  const chunks: Buffer[] = []
  let size = 0
  try {
    // Left early, `for await` would destroy the socket that the answer goes out on.
    for await (const chunk of incoming.iterator({ destroyOnReturn: false })) {
      chunks.push(chunk)
      size += chunk.length
      if (size >= ENOUGH_BYTES) break
    }
  } catch {
    return null
  }
  const body = new Uint8Array(Math.min(size, ENOUGH_BYTES))
  body.set(Buffer.concat(chunks).subarray(0, ENOUGH_BYTES))
  return body
}
