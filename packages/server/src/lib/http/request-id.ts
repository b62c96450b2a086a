import type { Random } from '../random.ts'

const PROXY_ID = /^[A-Za-z0-9._-]{8,64}$/
const ID_BYTES = 12

/** A trusted proxy's `X-Request-Id` goes on, so that its log and ours tell of one request; else a new one. */
export function chooseRequestId(headers: Headers, isFromProxy: boolean, random: Random): string {
  const given = isFromProxy ? headers.get('x-request-id') : null
  return given !== null && PROXY_ID.test(given) ? given : newRequestId(random)
}

export function newRequestId(random: Random): string {
  return `req_${random.bytes(ID_BYTES).toString('base64url')}`
}
