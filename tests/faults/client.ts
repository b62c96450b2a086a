import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Ended, type History, type Operation, tokenName } from '../histories/history.ts'

/** An answer, or null where none came in time. */
type Answer = { readonly status: number; readonly body: Record<string, unknown> } | null

export interface Session {
  readonly token: string
  readonly id: string
  readonly userId: string
  isEnded: boolean
}

/** A client that writes down all it asks and hears. */
export interface FaultClient {
  /** The new session; null where there was none. With `retries` it asks again with the same code and nonce. */
  login(
    code: string,
    options?: { readonly retries?: number; readonly retryPauseMs?: number },
  ): Promise<Session | null>
  validate(session: Session): Promise<Operation['outcome']>
  revoke(session: Session): Promise<Operation['outcome']>
}

export interface ClientOptions {
  readonly history: History
  readonly url: () => string
  readonly node?: string
  /** After this the client gives up. Default 60 s: a machine that is busy with other tests must not look like a server that is. */
  readonly timeoutMs?: number
  readonly headers?: () => Record<string, string>
}

export function createFaultClient(options: ClientOptions): FaultClient {
  const { history, node = 'a' } = options
  const ask = (method: string, path: string, more: { token?: string; json?: unknown }) =>
    request(options, method, path, more)

  async function loginOnce(code: string, nonce: string): Promise<Session | null> {
    const end = history.begin({ kind: 'login', node, code: tokenName(code) })
    const answer = await ask('POST', '/login', { json: { code, nonce } })
    const session = sessionOf(answer)
    const known =
      session === null
        ? {}
        : {
            token: tokenName(session.token),
            session: session.id,
            user: session.userId,
            audit: `login.succeeded ${session.id}`,
          }
    end({ ...endOf(answer), ...known })
    return session
  }

  return {
    async login(code, { retries = 0, retryPauseMs = 0 } = {}) {
      const nonce = randomBytes(16).toString('base64url')
      for (let turn = 0; ; turn += 1) {
        const session = await loginOnce(code, nonce)
        if (session !== null || turn >= retries) return session
        if (retryPauseMs > 0) await sleep(retryPauseMs)
      }
    },
    async validate(session) {
      const end = history.begin({ kind: 'validate', node, ...namesOf(session) })
      return end(endOf(await ask('GET', '/session', { token: session.token }))).outcome
    },
    async revoke(session) {
      session.isEnded = true
      const audit = `session.ended ${session.id}`
      const end = history.begin({ kind: 'revoke', node, session: session.id, user: session.userId, audit })
      return end(endOf(await ask('DELETE', '/session', { token: session.token }))).outcome
    },
  }
}

function namesOf({ token, id, userId }: Session): Partial<Operation> {
  return { token: tokenName(token), session: id, user: userId }
}

function sessionOf(answer: Answer): Session | null {
  if (answer === null || answer.status !== 200) return null
  const { token, user, session } = answer.body
  const [{ id: userId }, { id }] = [Object(user), Object(session)]
  return { token: String(token), id: String(id), userId: String(userId), isEnded: false }
}

/** 429 is a refusal to do it now, and nothing was done; of a 5xx nobody knows. */
function endOf(answer: Answer): Ended {
  if (answer === null) return { outcome: 'unknown', reason: 'no answer' }
  const { status, body } = answer
  const reason = status < 300 ? null : `${status} ${String(body['code'])}`
  if (status < 300) return { outcome: 'ok' }
  return { outcome: status < 500 && status !== 429 ? 'refused' : 'unknown', reason }
}

async function request(
  { url, timeoutMs = 60_000, headers: more }: ClientOptions,
  method: string,
  path: string,
  { token, json }: { token?: string; json?: unknown },
): Promise<Answer> {
  const headers: Record<string, string> = { Connection: 'close', ...more?.() }
  if (token !== undefined) headers['Authorization'] = `Bearer ${token}`
  if (json !== undefined) headers['Content-Type'] = 'application/json'
  try {
    const response = await fetch(`${url()}${path}`, {
      method,
      headers,
      signal: AbortSignal.timeout(timeoutMs),
      ...(json === undefined ? {} : { body: JSON.stringify(json) }),
    })
    const text = await response.text()
    return { status: response.status, body: Object(text === '' ? {} : JSON.parse(text)) }
  } catch {
    return null
  }
}
