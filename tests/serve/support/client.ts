import { randomBytes } from 'node:crypto'

/** Answer of a server, as far as these tests look at it. */
export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  // Read by tests that know what they asked for.
  readonly body: Record<string, unknown>
}

export async function call(
  method: string,
  url: string,
  more: { token?: string; json?: unknown } = {},
): Promise<Answer> {
  const headers: Record<string, string> = {}
  if (more.token !== undefined) headers['Authorization'] = `Bearer ${more.token}`
  if (more.json !== undefined) headers['Content-Type'] = 'application/json'
  const response = await fetch(url, {
    method,
    headers,
    ...(more.json === undefined ? {} : { body: JSON.stringify(more.json) }),
  })
  const text = await response.text()
  const isJson = /json/.test(response.headers.get('content-type') ?? '')
  return { status: response.status, headers: response.headers, text, body: isJson ? JSON.parse(text) : {} }
}

/** Logs in as the client SDK does, with a nonce. */
export function login(publicUrl: string, code: string): Promise<Answer> {
  return call('POST', `${publicUrl}/login`, { json: { code, nonce: randomBytes(16).toString('base64url') } })
}

export async function tokenOf(publicUrl: string, code: string): Promise<string> {
  const answer = await login(publicUrl, code)
  if (answer.status !== 200) throw new Error(`POST /login answered ${answer.status}: ${answer.text}`)
  return String(answer.body['token'])
}

export async function statusOf(publicUrl: string, token: string): Promise<number> {
  return (await call('GET', `${publicUrl}/session`, { token })).status
}
