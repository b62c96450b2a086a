import type { IncomingMessage } from 'node:http'
import { MAX_BODY_BYTES } from './read-body.ts'

/** A body larger than this is not needed to see that it is too large. */
const ENOUGH_BYTES = MAX_BODY_BYTES + 1

/**
 * Reads the body up to the first byte too many and leaves it where the adapter looks for one that was read before;
 * one that says by itself that it is too large is left unread. So no handler waits for a client, and none holds
 * more than that. False when the client went away meanwhile.
 */
export async function readAhead(incoming: IncomingMessage): Promise<boolean> {
  const body = await read(incoming)
  if (body !== null) Object.assign(incoming, { rawBody: body })
  return body !== null
}

async function read(incoming: IncomingMessage): Promise<Buffer | null> {
  const declared = Number(incoming.headers['content-length'] ?? 0)
  const isChunked = incoming.headers['transfer-encoding'] !== undefined
  if (!isChunked && (declared === 0 || declared > MAX_BODY_BYTES)) return Buffer.alloc(0)
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
  return Buffer.concat(chunks).subarray(0, ENOUGH_BYTES)
}
