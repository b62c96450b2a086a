/// <reference path="./undici-agent.d.ts" />
import { rootCertificates } from 'node:tls'
import type { Dispatcher } from 'undici'
// The package's index loads fetch, caches and WebSockets as well, twice the memory, and makes undici what the global fetch
// of this process goes through: of those who embed us too.
import Agent from 'undici/lib/dispatcher/agent.js'
import type { WechatAnswer, WechatRequest, WechatTransport } from './transport.ts'

const MAX_BODY_BYTES = 65_536
/** At 50 ms an exchange they carry 5,000 logins a second; a connection is made when all others are busy. */
const MAX_CONNECTIONS = 256
/** Codes of failures that come before the first byte of a request can leave. */
const NEVER_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
])

export interface UndiciTransportOptions {
  /** Scheme, host and port, e.g. `https://api.weixin.qq.com`. */
  readonly baseUrl: string
  /** For the whole exchange, connecting included. */
  readonly timeoutMs?: number
  readonly maxConnections?: number
  /** Certificates to trust beside those that Node comes with, PEM. There is no way to trust all. */
  readonly ca?: string
}

/**
 * Talks to WeChat with undici: certificates always verified, TLS 1.2 at least, no redirect followed, no
 * compressed body asked for or taken, at most 64 KiB read.
 */
export function createUndiciTransport(
  options: UndiciTransportOptions,
): WechatTransport & { close(): Promise<void> } {
  const timeoutMs = options.timeoutMs ?? 3_000
  const agent = new Agent({
    connections: options.maxConnections ?? MAX_CONNECTIONS,
    connect: {
      // A third: what never connected is tried again, and both tries together must not outlast the whole.
      timeout: Math.ceil(timeoutMs / 3),
      minVersion: 'TLSv1.2',
      rejectUnauthorized: true,
      ...(options.ca === undefined ? {} : { ca: [...rootCertificates, options.ca] }),
    },
  })
  const send = (request: WechatRequest): Promise<WechatAnswer> =>
    new Promise((resolve) => {
      const path = request.query.size === 0 ? request.path : `${request.path}?${request.query}`
      const reader = new AnswerReader(resolve, timeoutMs)
      try {
        agent.dispatch({ origin: options.baseUrl, path, ...methodOf(request.json) }, reader)
      } catch (error) {
        reader.fail(error)
      }
    })
  return Object.assign(send, { close: () => agent.destroy() })
}

function methodOf(json: WechatRequest['json']) {
  if (json === undefined) return { method: 'GET' } as const
  const headers = { 'content-type': 'application/json' }
  return { method: 'POST', headers, body: JSON.stringify(json) } as const
}

/** Takes one answer in, without the stream and the signal that undici's `request` makes for each. */
class AnswerReader implements Dispatcher.DispatchHandler {
  readonly #settle: (answer: WechatAnswer) => void
  readonly #timer: NodeJS.Timeout
  readonly #chunks: Buffer[] = []
  #size = 0
  #status = 0
  #isSettled = false
  #controller: Dispatcher.DispatchController | null = null

  constructor(settle: (answer: WechatAnswer) => void, timeoutMs: number) {
    this.#settle = settle
    this.#timer = setTimeout(
      () => this.#giveUp({ kind: 'no_answer', sent: true, cause: 'time-out' }),
      timeoutMs,
    )
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    if (this.#isSettled) controller.abort(new Error('Nobody waits for this any more'))
  }

  onResponseStart(_controller: unknown, status: number, headers: Readonly<Record<string, unknown>>): void {
    this.#status = status
    if (headers['content-encoding'] === undefined) return
    this.#giveUp({ kind: 'unreadable', status, cause: 'compressed body' })
  }

  onResponseData(_controller: unknown, chunk: Buffer): void {
    this.#size += chunk.length
    if (this.#size <= MAX_BODY_BYTES) this.#chunks.push(chunk)
    else this.#giveUp({ kind: 'unreadable', status: this.#status, cause: 'body over 64 KiB' })
  }

  onResponseEnd(): void {
    this.#finish(decode(joined(this.#chunks), this.#status))
  }

  onResponseError(_controller: unknown, error: Error): void {
    this.fail(error)
  }

  fail(error: unknown): void {
    this.#finish(noAnswer(error))
  }

  #giveUp(answer: WechatAnswer): void {
    this.#finish(answer)
    this.#controller?.abort(new Error('Nobody waits for this any more'))
  }

  #finish(answer: WechatAnswer): void {
    if (this.#isSettled) return
    this.#isSettled = true
    clearTimeout(this.#timer)
    this.#settle(answer)
  }
}

/** Most answers come in one piece. */
function joined(chunks: readonly Buffer[]): Buffer {
  const [first] = chunks
  return first !== undefined && chunks.length === 1 ? first : Buffer.concat(chunks)
}

const UTF8 = new TextDecoder('utf-8', { fatal: true })

function decode(raw: Buffer, status: number): WechatAnswer {
  try {
    return { kind: 'answer', status, body: UTF8.decode(raw) }
  } catch {
    return { kind: 'unreadable', status, cause: 'body is not UTF-8' }
  }
}

/** Only the error's code goes on: messages and URLs of errors may hold the secret. */
function noAnswer(error: unknown): WechatAnswer {
  const code = errorCode(error)
  if (code !== null && NEVER_SENT.has(code)) return { kind: 'no_answer', sent: false, cause: code }
  return { kind: 'no_answer', sent: true, cause: code ?? 'connection lost' }
}

function errorCode(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error)) return null
  return typeof error.code === 'string' ? error.code : null
}
