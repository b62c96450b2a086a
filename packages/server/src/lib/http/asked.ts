import { MAX_BODY_BYTES } from './max-body.ts'

/** The part of the web's `Headers` that routes read by; names in lower case. */
export interface HeaderReader {
  get(name: string): string | null
  has(name: string): boolean
}

/** Path and query of a request, as a `URL` has them. */
export interface Target {
  readonly pathname: string
  readonly search: string
  readonly searchParams: URLSearchParams
}

/** A request as the door reads it, wherever it came from. */
export interface Asked {
  readonly method: string
  readonly target: Target
  readonly headers: HeaderReader
  /** False: there is certainly no body. */
  readonly mayHaveBody: boolean
  /**
   * The body. Of one that is larger than any route takes, null or what is more than that.
   * @throws Error when it ended early
   */
  readBytes(): Promise<Uint8Array | null>
}

/** @throws TypeError when its URL is none */
export function askedOfWeb(request: Request): Asked {
  const { method, headers } = request
  return {
    method,
    target: new URL(request.url),
    headers,
    // A GET cannot have one here, and merely asking could make the request's maker build all of it.
    get mayHaveBody() {
      return method !== 'GET' && method !== 'HEAD' && request.body !== null
    },
    readBytes: async () => {
      if (headers.get('content-length') === null) return readCapped(request)
      return new Uint8Array(await request.arrayBuffer())
    },
  }
}

/** Null as soon as it is too much: what comes after that is not waited for. */
async function readCapped(request: Request): Promise<Uint8Array | null> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of request.body ?? []) {
    size += chunk.length
    if (size > MAX_BODY_BYTES) return null
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
