import { createHmac, hash, timingSafeEqual } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { HASH_BYTES, isHashOf } from '../hash-text.ts'
import { base62, numberOfBase62 } from '../ids.ts'

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
  if (crc32(token.slice(0, unsignedLength)) !== numberOfBase62(token.slice(unsignedLength))) return null
  const selector = selectorAt(token, prefix.length)
  return selector <= MAX_SELECTOR ? { selector } : null
}

/**
 * Where a token's session would be, at a tenth of what `parseToken` costs: of a text that is no token it may name one
 * too, so whoever asks compares the hash of all of it.
 */
export function selectorIn(prefix: TokenPrefix, token: string): number | null {
  if (token.length !== prefix.length + BODY_LENGTH + CHECKSUM_LENGTH || !token.startsWith(prefix)) return null
  return selectorAt(token, prefix.length)
}

/** The first 56 bits of a base64url text, read without a Buffer: this is done for every request. */
function selectorAt(text: string, at: number): number {
  let high = 0
  for (let place = at; place < at + 4; place += 1) high = high * 64 + sixBitsOf(text.charCodeAt(place))
  let low = 0
  for (let place = at + 4; place < at + 9; place += 1) low = low * 64 + sixBitsOf(text.charCodeAt(place))
  return high * 2 ** 32 + low * 4 + (sixBitsOf(text.charCodeAt(at + 9)) >> 4)
}

const SIX_BITS = new Uint8Array(128)
for (const [value, letter] of Buffer.from(
  'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_',
).entries()) {
  SIX_BITS[letter] = value
}

function sixBitsOf(letter: number): number {
  return SIX_BITS[letter] ?? 0
}

/** SHA-256 of the whole token: all that is kept of it. */
export function hashToken(token: string): Buffer {
  return hash('sha256', token, 'buffer')
}

/** The same as a text of one letter a byte: it costs half of a Buffer. */
export function hashText(token: string): string {
  return hash('sha256', token, 'binary')
}

/** In constant time: whether the token is the one whose hash was kept. */
export function isTokenOf(token: string, tokenHash: Uint8Array): boolean {
  return tokenHash.length === HASH_BYTES && isHashOf(hashText(token), tokenHash, 0)
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
  const prefixed = parts.flatMap((part) => {
    const bytes = Buffer.from(part, 'utf8')
    const length = Buffer.alloc(4)
    length.writeUInt32BE(bytes.length)
    return [length, bytes]
  })
  return createHmac('sha256', seed).update(Buffer.concat(prefixed)).digest()
}

function checksum(unsigned: string): string {
  return base62(BigInt(crc32(unsigned)), CHECKSUM_LENGTH)
}
