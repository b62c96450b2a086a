import { Readable } from 'node:stream'
import { Agent, request } from 'undici'
import type { HeaderPair } from './headers.ts'

export interface Outgoing {
  method: string
  url: URL
  headers: readonly HeaderPair[]
  body: Buffer | AsyncIterable<Buffer> | undefined
  /** Of the body, where it is known. */
  lengthBytes: number | undefined
}

export interface Answered {
  status: number
  statusText: string
  headers: HeaderPair[]
  /** As it comes, still in its Content-Encoding. */
  body: Readable
}

/** Connections to servers and back ends. */
export interface Line {
  /** Sends once; follows no redirect and knows no time-out: who asked has its own. Rejects as undici does. */
  send(outgoing: Outgoing, signal: AbortSignal): Promise<Answered>
  close(): Promise<void>
}

function pairsOf(raw: readonly string[]): HeaderPair[] {
  return Array.from({ length: raw.length / 2 }, (_, index) => [
    raw[2 * index] ?? '',
    raw[2 * index + 1] ?? '',
  ])
}

export function createLine(): Line {
  const dispatcher = new Agent({ headersTimeout: 0, bodyTimeout: 0 })
  return {
    async send({ method, url, headers, body, lengthBytes }, signal) {
      const length =
        body !== undefined && lengthBytes !== undefined ? ['Content-Length', String(lengthBytes)] : []
      const sent = [...headers.flat(), ...length]
      const answer = await request(url, {
        dispatcher,
        method: method as 'GET', // any method that is a token of HTTP will do
        headers: sent,
        body: body === undefined || body instanceof Buffer ? (body ?? null) : Readable.from(body),
        signal,
        responseHeaders: 'raw',
      })
      const raw = answer.headers as unknown as string[] // `raw` makes it a list
      return {
        status: answer.statusCode,
        statusText: answer.statusText,
        headers: pairsOf(raw),
        body: answer.body,
      }
    },
    close: () => dispatcher.destroy(),
  }
}
