/** What to send to the back end's `/_dev`. */
export interface Ask {
  method: 'GET' | 'POST'
  /** With query. */
  url: string
  /** JSON text of a POST. */
  body: string | undefined
  acceptLanguage: string | undefined
}

export type DevAnswer =
  | { kind: 'json'; status: number; value: object }
  | { kind: 'unreachable'; reason: string }
  | { kind: 'slow' }
  /** Something answers there, but not as the protocol has it. */
  | { kind: 'odd'; status: number }

const ANSWER_WITHIN_MS = 10_000
const LONGEST_BYTES = 1_048_576

/** undefined where it goes on and on. */
async function textOf({ body }: Response): Promise<string | undefined> {
  const chunks: Uint8Array[] = []
  let sizeBytes = 0
  for await (const chunk of body ?? []) {
    sizeBytes += chunk.length
    if (sizeBytes > LONGEST_BYTES) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString()
}

function parseObject(text: string | undefined): object | undefined {
  if (text === undefined) return undefined
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}

function troubleOf(error: unknown): DevAnswer {
  if (error instanceof Error && error.name === 'TimeoutError') return { kind: 'slow' }
  const cause = error instanceof Error ? error.cause : undefined
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'no connection'
  return { kind: 'unreachable', reason: code }
}

/** Asks the back end once. Redirects are not followed: they could lead off this machine. */
export async function ask({ method, url, body, acceptLanguage }: Ask): Promise<DevAnswer> {
  const headers: Record<string, string> = { Accept: 'application/json' }
  if (body !== undefined) headers['Content-Type'] = 'application/json'
  if (acceptLanguage !== undefined) headers['Accept-Language'] = acceptLanguage
  try {
    const response = await fetch(url, {
      method,
      headers,
      ...(body === undefined ? {} : { body }),
      redirect: 'manual',
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    })
    const value = parseObject(await textOf(response))
    if (value === undefined) return { kind: 'odd', status: response.status }
    return { kind: 'json', status: response.status, value }
  } catch (error) {
    return troubleOf(error)
  }
}
