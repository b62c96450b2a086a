import type { IncomingMessage } from 'node:http'

/** The body of a request; undefined where it is longer than `limit`. */
export async function readBytes(req: IncomingMessage, limit: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of req) {
    const bytes = Buffer.from(chunk)
    length += bytes.length
    // Reads on without keeping, so that the caller gets the answer instead of a broken pipe.
    if (length <= limit) chunks.push(bytes)
  }
  return length <= limit ? Buffer.concat(chunks) : undefined
}
