import { sign } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import type { Clock } from './clock.ts'
import type { MasterKey } from './config.ts'
import type { StoredSession } from './records.ts'
import { sessionIdOf } from './session/selector.ts'
import { deriveSigningKey, type PublicJwk, type SigningKey } from './signing-keys.ts'

export const ASSERTION_ISSUER = 'yaopai'
/** Who verifies locally hears of a revocation after at most this time. */
export const ASSERTION_LIFE_SECONDS = 60
/** One signature serves a session's requests for this time: it costs more than all the rest of a request. */
const REUSE_MS = 30_000
/** About 20 MB; beyond it the ones longest unused are signed anew. */
const MAX_KEPT = 20_000

type Subject = Pick<StoredSession, 'selector' | 'userId' | 'appid' | 'idleDeadlineMs' | 'absoluteDeadlineMs'>

export interface Assertions {
  /** A JWT that says to `audience` who calls. The session must have been found good just now. */
  assertionFor(session: Subject, audience: string): string
  /** The answer of `GET /.well-known/jwks.json`: a key for every master key, the one that signs first. */
  jwks(): { readonly keys: readonly PublicJwk[] }
}

interface Kept {
  readonly jwt: string
  readonly issuedAtMs: number
  /** A session that was given to another user (a merge) is not told as the old one's. */
  readonly userId: string
}

/** @throws RangeError when there is no master key */
export function createAssertions(masterKeys: readonly MasterKey[], clock: Clock): Assertions {
  const keys = masterKeys.map(deriveSigningKey)
  const [signing] = keys
  if (signing === undefined) throw new RangeError('Assertions need at least one master key')
  // Unlike `max` this takes no memory beforehand.
  const kept = new LRUCache<string, Kept>({ maxSize: MAX_KEPT, sizeCalculation: () => 1 })
  const jwks = { keys: keys.map(({ jwk }) => jwk) }

  return {
    assertionFor(session, audience) {
      const nowMs = clock.nowMs()
      const name = `${session.selector} ${audience}`
      const before = kept.get(name)
      if (before !== undefined && isReusable(before, session, nowMs)) return before.jwt
      const jwt = signJwt(signing, claimsOf(session, audience, nowMs))
      kept.set(name, { jwt, issuedAtMs: nowMs, userId: session.userId })
      return jwt
    },
    jwks: () => jwks,
  }
}

/** By node:crypto: WebCrypto's way through another thread takes over three times as long. */
function signJwt({ kid, privateKey }: SigningKey, claims: object): string {
  const input = `${encode({ alg: 'ES256', typ: 'JWT', kid })}.${encode(claims)}`
  const signature = sign('sha256', Buffer.from(input, 'ascii'), {
    key: privateKey,
    dsaEncoding: 'ieee-p1363',
  })
  return `${input}.${signature.toString('base64url')}`
}

/** A clock that was set back makes nothing last longer. */
function isReusable({ issuedAtMs, userId }: Kept, session: Subject, nowMs: number): boolean {
  return userId === session.userId && nowMs >= issuedAtMs && nowMs - issuedAtMs < REUSE_MS
}

/** No openid, and nothing of the profile: back ends that need more ask for it. */
function claimsOf(session: Subject, audience: string, nowMs: number): object {
  const issuedAt = Math.floor(nowMs / 1000)
  const sessionEnd = Math.floor(Math.min(session.idleDeadlineMs, session.absoluteDeadlineMs) / 1000)
  return {
    iss: ASSERTION_ISSUER,
    aud: audience,
    sub: session.userId,
    sid: sessionIdOf(session.selector),
    client_id: session.appid,
    iat: issuedAt,
    exp: Math.max(issuedAt + 1, Math.min(issuedAt + ASSERTION_LIFE_SECONDS, sessionEnd)),
  }
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value), 'utf8').toString('base64url')
}
