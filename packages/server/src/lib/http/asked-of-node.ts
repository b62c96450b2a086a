import type { IncomingMessage } from 'node:http'
import type { Asked, HeaderReader, Target } from './asked.ts'

/**
 * A request of Node's as the door reads it, without the web's objects between. To be called when `refuseEarly` has let
 * it through: its path then needs no URL parser to mend it.
 * @param body what was read of it ahead
 */
export function askedOfNode(incoming: IncomingMessage, body: Uint8Array): Asked {
  const { method = '', url = '' } = incoming
  return {
    method,
    target: targetOf(url),
    headers: readerOf(incoming),
    mayHaveBody: body.length > 0,
    readBytes: async () => body,
  }
}

const NO_PARAMS = new URLSearchParams()

function targetOf(url: string): Target {
  if (!url.includes('?')) return { pathname: url, search: '', searchParams: NO_PARAMS }
  return new URL(url, 'http://yaopai')
}

function readerOf({ headers }: IncomingMessage): HeaderReader {
  return {
    get(name) {
      const value = headers[name]
      if (value === undefined) return null
      return typeof value === 'string' ? value : value.join(', ')
    },
    has: (name) => headers[name] !== undefined,
  }
}
