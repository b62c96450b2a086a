/** What a secret is called; a number follows: `‹token 1›`. */
export type SecretKind =
  | 'token'
  | 'code'
  | 'session_key'
  | 'AppSecret'
  | 'access_token'
  | 'API key'
  | 'cookie'
  | 'password'
  | 'nonce'
  | 'secret'

export interface Secret {
  readonly kind: SecretKind
  readonly value: string
  /** The same for the same value, always. */
  readonly name: string
}

/** A place in a text. */
export interface Hit {
  start: number
  end: number
  secret: Secret
}

/** All secrets that were seen, and their names. */
export interface Secrets {
  /** Names a value; one that has a name keeps it. `isEverywhere`: it is looked for in every text. */
  name(kind: SecretKind, value: string, isEverywhere: boolean): Secret
  /** Where secrets stand in a text as they are. Hits may overlap. */
  find(text: string): Hit[]
  /** Grows when there is one more to look for. */
  version(): number
  list(): Secret[]
}

/** Anything shorter is no secret worth the name, and would be found in the midst of words. */
export const SHORTEST_SECRET = 6

const HEAD = 4
const LONGEST_LIST = 20_000

function headHash(text: string, at: number): number {
  const [a, b] = [text.charCodeAt(at), text.charCodeAt(at + 1)]
  return (
    (Math.imul(Math.imul(a, 31) + b, 961) + text.charCodeAt(at + 2) * 31 + text.charCodeAt(at + 3)) & 0xffff
  )
}

/** Values by their first letters: one look at each place of a text, however many secrets there are. */
function createIndex() {
  const seen = new Uint8Array(65_536)
  const byHead = new Map<string, Map<string, Secret>>()
  const longestAt = (text: string, at: number): Hit | undefined => {
    let hit: Hit | undefined
    for (const [value, secret] of byHead.get(text.slice(at, at + HEAD)) ?? []) {
      const end = at + value.length
      if ((hit === undefined || end > hit.end) && text.startsWith(value, at)) hit = { start: at, end, secret }
    }
    return hit
  }
  return {
    add(value: string, secret: Secret) {
      const head = value.slice(0, HEAD)
      seen[headHash(head, 0)] = 1
      const group = byHead.get(head) ?? new Map<string, Secret>()
      byHead.set(head, group.set(value, secret))
    },
    remove: (value: string) => void byHead.get(value.slice(0, HEAD))?.delete(value),
    find(text: string): Hit[] {
      const hits: Hit[] = []
      for (let at = 0; at + HEAD <= text.length; at += 1) {
        const hit = seen[headHash(text, at)] === 1 ? longestAt(text, at) : undefined
        if (hit) hits.push(hit)
      }
      return hits
    },
  }
}

/** A form writes a space as `+`. */
function spellings(value: string): string[] {
  return value.includes(' ') ? [value, value.replaceAll(' ', '+')] : [value]
}

export function createSecrets(): Secrets {
  const named = new Map<string, { secret: Secret; isEverywhere: boolean }>()
  const counts = new Map<SecretKind, number>()
  const index = createIndex()
  let version = 0

  const nameFor = (kind: SecretKind): string => {
    const count = (counts.get(kind) ?? 0) + 1
    counts.set(kind, count)
    // Most have one app, and it has one secret.
    return kind === 'AppSecret' && count === 1 ? '‹AppSecret›' : `‹${kind} ${count}›`
  }
  const spread = (entry: { secret: Secret; isEverywhere: boolean }) => {
    if (entry.isEverywhere || entry.secret.value.length < SHORTEST_SECRET) return
    entry.isEverywhere = true
    version += 1
    for (const value of spellings(entry.secret.value)) index.add(value, entry.secret)
  }
  const forgetOldest = () => {
    const oldest = named.size > LONGEST_LIST ? named.values().next().value : undefined
    if (oldest === undefined) return
    named.delete(oldest.secret.value)
    for (const value of spellings(oldest.secret.value)) index.remove(value)
  }
  return {
    name(kind, value, isEverywhere) {
      const entry = named.get(value) ?? { secret: { kind, value, name: nameFor(kind) }, isEverywhere: false }
      named.set(value, entry)
      if (isEverywhere) spread(entry)
      forgetOldest()
      return entry.secret
    },
    find: index.find,
    version: () => version,
    list: () => [...named.values()].map(({ secret }) => secret),
  }
}
