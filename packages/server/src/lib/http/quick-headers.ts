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

interface Known {
  readonly name: string
  /** Null: a request that has it has, or speaks of, a body or another protocol. */
  readonly place: Place | null
}

const KNOWN: readonly Known[] = [
  { name: 'host', place: HOST },
  { name: 'authorization', place: AUTHORIZATION },
  { name: 'cookie', place: COOKIE },
  { name: 'x-forwarded-for', place: FORWARDED_FOR },
  { name: 'x-request-id', place: REQUEST_ID },
  { name: 'referer', place: REFERER },
  { name: 'content-length', place: null },
  { name: 'content-type', place: null },
  { name: 'content-encoding', place: null },
  { name: 'transfer-encoding', place: null },
  { name: 'expect', place: null },
  { name: 'upgrade', place: null },
]

/** By length: most names have one that none of these has, and no other has more than two. To hash a name costs more. */
const BY_LENGTH: readonly (readonly Known[])[] = Array.from({ length: 18 }, (_, length) =>
  KNOWN.filter(({ name }) => name.length === length),
)
const NONE: readonly Known[] = []

function knownOf(name: string): Known | null {
  const alike = BY_LENGTH[name.length] ?? NONE
  if (alike.length === 0) return null
  const lower = name.toLowerCase()
  for (const known of alike) if (known.name === lower) return known
  return null
}

/** Null: there is one that needs a closer look, or one twice. @param raw names and values in turns, as Node has them */
export function readQuickHeaders(raw: readonly string[]): QuickHeaders | null {
  if (raw.length > MAX_HEADERS * 2) return null
  const found: [...(string | null)[]] = [null, null, null, null, null, null]
  for (let at = 0; at < raw.length; at += 2) {
    const known = knownOf(raw[at] ?? '')
    if (known === null) continue
    const { place } = known
    if (place === null || found[place] !== null) return null
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
