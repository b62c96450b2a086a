import type { IncomingMessage } from 'node:http'
import { MAX_BODY_BYTES } from './max-body.ts'

/** A body larger than this is not needed to see that it is too large. */
const ENOUGH_BYTES = MAX_BODY_BYTES + 1
/** So long a client that still sends has to see that it was answered. */
const LINGER_MS = 500
const NOTHING = Buffer.alloc(0)

/**
 * Reads the body up to the first byte too many; one that says by itself that it is too large is left unread. So no
 * handler waits for a client, and none holds more than that. Null when the client went away meanwhile.
 */
export function readAhead(incoming: IncomingMessage): Promise<Buffer | null> | Buffer {
  const { headers } = incoming
  const declared = Number(headers['content-length'] ?? 0)
  const isChunked = headers['transfer-encoding'] !== undefined
  return !isChunked && (declared === 0 || declared > MAX_BODY_BYTES) ? NOTHING : read(incoming)
}

function read(incoming: IncomingMessage): Promise<Buffer | null> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let size = 0
    const settle = (body: Buffer | null): void => {
      incoming.off('data', take).off('end', end).off('close', end)
      incoming.pause()
      resolve(body)
    }
    const end = (): void => settle(incoming.complete ? joined(chunks) : null)
    const take = (chunk: Buffer): void => {
      chunks.push(chunk)
      size += chunk.length
      if (size >= ENOUGH_BYTES) settle(joined(chunks).subarray(0, ENOUGH_BYTES))
    }
    incoming.on('data', take).on('end', end).on('close', end)
  })
}

/** Most bodies come in one piece. */
function joined(chunks: readonly Buffer[]): Buffer {
  const [first = NOTHING, ...others] = chunks
  return others.length === 0 ? first : Buffer.concat(chunks)
}

/**
 * To be called when the answer is out: what the client still sends of its body goes nowhere. A connection that were cut
 * at once could lose the answer, so it is cut after a while.
 */
export function dropRest(incoming: IncomingMessage): void {
  if (incoming.readableEnded) return
  incoming.resume()
  if (incoming.complete) return
  const timer = setTimeout(() => incoming.socket.destroySoon(), LINGER_MS)
  incoming.once('close', () => clearTimeout(timer))
}
