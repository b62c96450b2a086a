import { readBearer } from '../bearer.ts'
import type { BackendConfig, Scope } from '../config.ts'
import { hashToken, isSameHash, parseToken } from '../session/token.ts'
import { type Refusal, refuse } from './answer.ts'

const BASIC = /^basic +([A-Za-z0-9+/]+={0,2})$/i
const NOBODY = Buffer.alloc(32)

type BackendCheck =
  | { readonly ok: true; readonly backend: BackendConfig }
  | { readonly ok: false; readonly refusal: Refusal }

/**
 * Which back end asks, and whether it may. Its key comes as Bearer, or as the password of HTTP Basic with the back
 * end's name for the user (RFC 6749, section 2.3.1).
 */
export function checkApiKey(
  authorization: string | null,
  backends: readonly BackendConfig[],
  scope: Scope,
): BackendCheck {
  const presented = readKey(authorization)
  if (presented === null) return refused('missing_token', 'Send Authorization: Bearer <API key>')
  const backend = findBackend(presented.key, backends)
  const isNamed = presented.name === null || presented.name === backend?.name
  if (backend === null || !isNamed) {
    return refused('invalid_token', 'Send an API key that YAOPAI_API_KEYS or "backends" names')
  }
  if (!backend.scopes.includes(scope)) {
    return refused('insufficient_scope', `Give the back end's key the scope ${scope}`)
  }
  return { ok: true, backend }
}

interface PresentedKey {
  readonly name: string | null
  readonly key: string
}

function readKey(authorization: string | null): PresentedKey | null {
  const basic = BASIC.exec(authorization ?? '')?.[1]
  if (basic !== undefined) return readBasic(basic)
  const credentials = readBearer(authorization)
  if (credentials.kind === 'none') return null
  return { name: null, key: credentials.kind === 'bearer' ? credentials.token : '' }
}

function readBasic(encoded: string): PresentedKey {
  const [name = '', key = ''] = Buffer.from(encoded, 'base64').toString('utf8').split(':', 2)
  try {
    return { name: decodeURIComponent(name), key: decodeURIComponent(key) }
  } catch {
    return { name, key }
  }
}

/**
 * Always compares, so that time tells nothing of which selectors exist. Two keys that were made in one millisecond may
 * have the same one.
 */
function findBackend(key: string, backends: readonly BackendConfig[]): BackendConfig | null {
  const selector = parseToken('yk1_', key)?.selector
  const actual = hashToken(key)
  const named = backends.filter(({ keySelector }) => keySelector === selector)
  if (named.length === 0) isSameHash(actual, NOBODY)
  return named.find(({ keyHash }) => isSameHash(actual, keyHash)) ?? null
}

function refused(code: Refusal['code'], detail: string): BackendCheck {
  return { ok: false, refusal: refuse(code, { detail }) }
}
