import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { base62 } from '../ids.ts'

/** `yp1_` names a session, `yk1_` a back end's API key. Both have one shape. */
export type TokenPrefix = 'yp1_' | 'yk1_'

const SELECTOR_BYTES = 7
const SECRET_BYTES = 32
const BODY_LENGTH = 52
const CHECKSUM_LENGTH = 6
const PATTERN = /^y[pk]1_[A-Za-z0-9_-]{52}[0-9A-Za-z]{6}$/
const MAX_SELECTOR = Number.MAX_SAFE_INTEGER

/**
 * @param selector a whole number of at most 53 bits
 * @param secret 32 bytes
 * @throws RangeError when either is not
 */
export function formatToken(prefix: TokenPrefix, selector: number, secret: Uint8Array): string {
  if (secret.length !== SECRET_BYTES) throw new RangeError(`A token's secret must have ${SECRET_BYTES} bytes`)
  if (!Number.isSafeInteger(selector) || selector < 0)
    throw new RangeError("A token's selector must have 53 bits")
  const raw = Buffer.alloc(SELECTOR_BYTES + SECRET_BYTES)
  raw.writeUIntBE(Math.floor(selector / 2 ** 32), 0, 3)
  raw.writeUInt32BE(selector % 2 ** 32, 3)
  raw.set(secret, SELECTOR_BYTES)
  const unsigned = prefix + raw.toString('base64url')
  return unsigned + checksum(unsigned)
}

/**
 * The selector inside a well-formed token, or null: pattern and checksum are judged here, so that garbage costs
 * no look-up. A selector beyond 53 bits was never issued.
 */
export function parseToken(prefix: TokenPrefix, token: string): { selector: number } | null {
  if (!token.startsWith(prefix) || !PATTERN.test(token)) return null
  const unsignedLength = prefix.length + BODY_LENGTH
  if (checksum(token.slice(0, unsignedLength)) !== token.slice(unsignedLength)) return null
  const raw = Buffer.from(token.slice(prefix.length, prefix.length + 12), 'base64url')
  const selector = raw.readUIntBE(0, 3) * 2 ** 32 + raw.readUInt32BE(3)
  return selector <= MAX_SELECTOR ? { selector } : null
}

/** SHA-256 of the whole token: all that is kept of it. */
export function hashToken(token: string): Buffer {
  return createHash('sha256').update(token, 'utf8').digest()
}

/** In constant time: whether the token is the one whose hash was kept. */
export function isTokenOf(token: string, tokenHash: Uint8Array): boolean {
  return isSameHash(hashToken(token), tokenHash)
}

/** In constant time. */
export function isSameHash(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && timingSafeEqual(one, other)
}

/**
 * A secret that the same inputs give again, so that a retried login or renewal gets its token once more although
 * only a hash was kept. Parts are length-prefixed: no two lists of parts read alike.
 * @param seed 32 random bytes, kept beside the code's or session's row and wiped when the time for retries is over
 */
export function deriveSecret(seed: Uint8Array, parts: readonly string[]): Buffer {
  const mac = createHmac('sha256', seed)
  for (const part of parts) {
    const bytes = Buffer.from(part, 'utf8')
    const length = Buffer.alloc(4)
    length.writeUInt32BE(bytes.length)
    mac.update(length).update(bytes)
  }
  return mac.digest()
}

function checksum(unsigned: string): string {
  return base62(BigInt(crc32(unsigned)), CHECKSUM_LENGTH)
}
