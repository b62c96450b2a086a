const MAX_DEPTH = 8
/** Strings, brackets, separators, and all the rest: numbers and words. */
const TOKENS = /"(?:[^"\\]|\\.)*"|[{}[\]:,]|[^\s"{}[\]:,]+/g
const LONE_SURROGATE = /\p{Surrogate}/u
const TRAPS = new Set(['__proto__', 'constructor', 'prototype'])

export interface JsonMisfit {
  readonly path: readonly string[]
  /** What is wrong there, without any value. */
  readonly detail: string
}

/** An object or array that is open; arrays have no keys. */
interface Open {
  readonly keys: Set<string> | null
  key: string
}

/**
 * Walks text that is known to be JSON (RFC 8259) for what two parsers could read in two ways: a key twice in one
 * object, numbers beyond a double, lone surrogates; also depth beyond 8, and keys that name a prototype. Null when
 * nothing is wrong with it.
 */
export function scanJson(text: string): JsonMisfit | null {
  const open: Open[] = []
  const tokens = text.match(TOKENS) ?? []
  for (const [index, token] of tokens.entries()) {
    const wrong = step(open, token, tokens[index + 1] === ':')
    if (wrong !== null) return { path: pathOf(open), detail: wrong }
  }
  return null
}

/** Takes one token in; what is wrong with it, or null. */
function step(open: Open[], token: string, isKey: boolean): string | null {
  const first = token.charAt(0)
  if (first === '{' || first === '[') {
    open.push({ keys: first === '{' ? new Set() : null, key: '' })
    return open.length > MAX_DEPTH ? `is nested deeper than ${MAX_DEPTH} levels` : null
  }
  if (first === '}' || first === ']') {
    open.pop()
    return null
  }
  if (first === '"') return checkString(open.at(-1), token, isKey)
  const isNumber = first === '-' || (first >= '0' && first <= '9')
  return isNumber && !Number.isFinite(Number(token)) ? 'is a number out of range' : null
}

function checkString(parent: Open | undefined, token: string, isKey: boolean): string | null {
  const value: unknown = JSON.parse(token)
  const text = String(value)
  if (isKey && parent) parent.key = text
  if (LONE_SURROGATE.test(text)) return 'holds half a surrogate pair'
  if (!isKey || !parent?.keys) return null
  if (TRAPS.has(text)) return 'is not known here: leave it out'
  if (parent.keys.has(text)) return 'stands twice in one object'
  parent.keys.add(text)
  return null
}

function pathOf(open: readonly Open[]): string[] {
  return open.map(({ key }) => key).filter((key) => key !== '')
}
