/** Those of a request's headers that the quick door has to look at. */
export interface QuickHeaders {
  readonly host: string | null
  readonly authorization: string | null
  readonly cookie: string | null
  readonly forwardedFor: string | null
  readonly requestId: string | null
}

/** More are refused, by the other door. */
const MAX_HEADERS = 100

type Place = 0 | 1 | 2 | 3 | 4 | 5
const HOST = 0
const AUTHORIZATION = 1
const COOKIE = 2
const FORWARDED_FOR = 3
const REQUEST_ID = 4
/** May stand there once, and says nothing to us. */
const REFERER = 5

const PLACES: ReadonlyMap<string, Place> = new Map<string, Place>([
  ['host', HOST],
  ['authorization', AUTHORIZATION],
  ['cookie', COOKIE],
  ['x-forwarded-for', FORWARDED_FOR],
  ['x-request-id', REQUEST_ID],
  ['referer', REFERER],
])

/** A request that has one of these has, or speaks of, a body or another protocol. */
const ODD = new Set([
  'content-length',
  'content-type',
  'content-encoding',
  'transfer-encoding',
  'expect',
  'upgrade',
])

/** Most names are of a length that none of ours has: they cost no look. */
const LENGTHS = new Uint8Array(32)
for (const name of [...PLACES.keys(), ...ODD]) LENGTHS[name.length] = 1

/** Null: there is one that needs a closer look, or one twice. @param raw names and values in turns, as Node has them */
export function readQuickHeaders(raw: readonly string[]): QuickHeaders | null {
  if (raw.length > MAX_HEADERS * 2) return null
  const found: [...(string | null)[]] = [null, null, null, null, null, null]
  for (let at = 0; at < raw.length; at += 2) {
    const name = raw[at] ?? ''
    if (LENGTHS[name.length] !== 1) continue
    const lower = name.toLowerCase()
    const place = PLACES.get(lower)
    if (place === undefined) {
      if (ODD.has(lower)) return null
      continue
    }
    if (found[place] !== null) return null
    found[place] = raw[at + 1] ?? ''
  }
  return {
    host: found[HOST] ?? null,
    authorization: found[AUTHORIZATION] ?? null,
    cookie: found[COOKIE] ?? null,
    forwardedFor: found[FORWARDED_FOR] ?? null,
    requestId: found[REQUEST_ID] ?? null,
  }
}
