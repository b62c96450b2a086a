import { rootCertificates } from 'node:tls'
import { Agent, request as undiciRequest } from 'undici'
import type { WechatAnswer, WechatRequest, WechatTransport } from './transport.ts'

const MAX_BODY_BYTES = 65_536
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
    connections: options.maxConnections ?? 64,
    connect: {
      // A third: what never connected is tried again, and both tries together must not outlast the whole.
      timeout: Math.ceil(timeoutMs / 3),
      minVersion: 'TLSv1.2',
      rejectUnauthorized: true,
      ...(options.ca === undefined ? {} : { ca: [...rootCertificates, options.ca] }),
    },
  })
  const send = async (request: WechatRequest): Promise<WechatAnswer> => {
    const signal = AbortSignal.timeout(timeoutMs)
    try {
      const query = request.query.size === 0 ? '' : `?${request.query}`
      return await exchange(agent, {
        url: `${options.baseUrl}${request.path}${query}`,
        json: request.json,
        signal,
      })
    } catch (error) {
      return noAnswer(error, signal)
    }
  }
  return Object.assign(send, { close: () => agent.destroy() })
}

interface Sending {
  readonly url: string
  readonly json: WechatRequest['json']
  readonly signal: AbortSignal
}

async function exchange(dispatcher: Agent, { url, json, signal }: Sending): Promise<WechatAnswer> {
  const what = json === undefined ? { method: 'GET' as const } : postOf(json)
  const response = await undiciRequest(url, { dispatcher, signal, ...what })
  const status = response.statusCode
  if (response.headers['content-encoding'] !== undefined) {
    // Giving up a body makes it fail, and a failure that nobody listens to would end the process.
    response.body.on('error', () => undefined).destroy()
    return { kind: 'unreadable', status, cause: 'compressed body' }
  }
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of response.body) {
    size += chunk.length
    if (size > MAX_BODY_BYTES) return { kind: 'unreadable', status, cause: 'body over 64 KiB' }
    chunks.push(chunk)
  }
  return decode(Buffer.concat(chunks), status)
}

function postOf(json: NonNullable<WechatRequest['json']>) {
  const headers = { 'content-type': 'application/json' }
  return { method: 'POST', headers, body: JSON.stringify(json) } as const
}

function decode(raw: Buffer, status: number): WechatAnswer {
  try {
    return { kind: 'answer', status, body: new TextDecoder('utf-8', { fatal: true }).decode(raw) }
  } catch {
    return { kind: 'unreadable', status, cause: 'body is not UTF-8' }
  }
}

/** Only the error's code goes on: messages and URLs of errors may hold the secret. */
function noAnswer(error: unknown, signal: AbortSignal): WechatAnswer {
  const code = errorCode(error)
  if (code !== null && NEVER_SENT.has(code)) return { kind: 'no_answer', sent: false, cause: code }
  return { kind: 'no_answer', sent: true, cause: signal.aborted ? 'time-out' : (code ?? 'connection lost') }
}

function errorCode(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error)) return null
  return typeof error.code === 'string' ? error.code : null
}
