import type { Random } from '../random.ts'
import type { HeaderReader } from './asked.ts'

const PROXY_ID = /^[A-Za-z0-9._-]{8,64}$/
const ID_BYTES = 12

/** A trusted proxy's `X-Request-Id` goes on, so that its log and ours tell of one request; else a new one. */
export function chooseRequestId(
  headers: Pick<HeaderReader, 'get'>,
  isFromProxy: boolean,
  newId: () => string,
): string {
  return proxyIdOf(headers.get('x-request-id'), isFromProxy) ?? newId()
}

/** Null: it needs one of ours. */
export function proxyIdOf(given: string | null, isFromProxy: boolean): string | null {
  return isFromProxy && given !== null && PROXY_ID.test(given) ? given : null
}

export function newRequestId(random: Random): string {
  return `req_${random.bytes(ID_BYTES).toString('base64url')}`
}

const IDS_A_DRAW = 256
const LETTERS = /.{16}/g
const ID_LENGTH = 4 + (ID_BYTES * 4) / 3

/** The same ids, drawn many at a time, and each a piece of one text: two that are joined are copied for each look. */
export function createRequestIds(random: Random): () => string {
  let drawn = ''
  let at = 0
  return () => {
    if (at === drawn.length) {
      const letters = random.bytes(ID_BYTES * IDS_A_DRAW).toString('base64url')
      drawn = letters.replace(LETTERS, 'req_$&')
      at = 0
    }
    at += ID_LENGTH
    return drawn.slice(at - ID_LENGTH, at)
  }
}
