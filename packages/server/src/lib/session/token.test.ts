import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { createSeededRandom } from '../../testing/seeded-random.ts'
import { systemRandom } from '../random.ts'
import { deriveSecret, formatToken, hashToken, isTokenOf, parseToken, selectorIn } from './token.ts'

const SHAPE = /^yp1_[A-Za-z0-9_-]{52}[0-9A-Za-z]{6}$/
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const anySelector = fc.maxSafeNat()
const anySecret = fc.uint8Array({ minLength: 32, maxLength: 32 })

/** Bit by bit, from the definition of CRC-32 (IEEE 802.3): shares nothing with the code under test. */
function crc32BitByBit(text: string): number {
  let crc = 0xffffffff
  for (const byte of Buffer.from(text, 'latin1')) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1
  }
  return ~crc >>> 0
}

function inBase62(value: number): string {
  let rest = value
  let text = ''
  while (text.length < 6) {
    text = BASE62.charAt(rest % 62) + text
    rest = Math.floor(rest / 62)
  }
  return text
}

function withChecksum(unsigned: string): string {
  return unsigned + inBase62(crc32BitByBit(unsigned))
}

function tokenByHand(selector: number, secret: Uint8Array): string {
  const raw = Buffer.from(
    selector.toString(16).padStart(14, '0') + Buffer.from(secret).toString('hex'),
    'hex',
  )
  return withChecksum(`yp1_${raw.toString('base64url')}`)
}

function sampleToken(): string {
  return formatToken('yp1_', 0x19b76da4000abc, createSeededRandom('token').bytes(32))
}

test('[F2] tokens made elsewhere by the same rule are ours to the letter', () => {
  const counting = Uint8Array.from({ length: 32 }, (_, place) => place)
  const golden = [
    ['yp1_', 0, new Uint8Array(32), 'yp1_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA0pzeY4'],
    [
      'yp1_',
      2 ** 53 - 1,
      new Uint8Array(32).fill(255),
      'yp1_H___________________________________________________3bhCAZ',
    ],
    ['yk1_', 0x19b76da4000abc, counting, 'yk1_GbdtpAAKvAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f0eBqpm'],
  ] as const
  for (const [prefix, selector, secret, token] of golden) {
    assert.equal(formatToken(prefix, selector, secret), token)
    assert.deepEqual(parseToken(prefix, token), { selector })
  }
})

test('[F2][T12] every token has the shape, the checksum and gives its selector back, over all 53 bits', () => {
  fc.assert(
    fc.property(anySelector, anySecret, (selector, secret) => {
      const token = formatToken('yp1_', selector, secret)
      assert.match(token, SHAPE)
      assert.equal(token, tokenByHand(selector, secret))
      assert.deepEqual(parseToken('yp1_', token), { selector })
    }),
    { numRuns: 4_000 },
  )
  for (let bit = 0; bit <= 53; bit += 1) {
    for (const selector of [2 ** bit - 1, Math.min(2 ** bit, Number.MAX_SAFE_INTEGER)]) {
      const token = formatToken('yp1_', selector, new Uint8Array(32))
      assert.deepEqual(parseToken('yp1_', token), { selector })
    }
  }
})

test('[T12] the selector of a token is had without judging it; a text of another length or kind has none', () => {
  fc.assert(
    fc.property(anySelector, anySecret, (selector, secret) => {
      assert.equal(selectorIn('yp1_', formatToken('yp1_', selector, secret)), selector)
    }),
  )
  for (const text of [
    '',
    'yp1_',
    `${sampleToken()}0`,
    sampleToken().slice(1),
    sampleToken().replace('yp1_', 'yk1_'),
  ])
    assert.equal(selectorIn('yp1_', text), null, text)
})

test('[T12] a selector beyond 53 bits is refused, though its checksum is right', () => {
  const token = 'yp1_IAAAAAAAAAEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEB3z0X99'
  assert.equal(withChecksum(token.slice(0, -6)), token)
  assert.equal(parseToken('yp1_', token), null)
  for (let bit = 53; bit < 56; bit += 1) {
    const raw = Buffer.alloc(39, 1)
    raw.writeUIntBE(2 ** (bit - 32), 0, 3)
    assert.equal(parseToken('yp1_', withChecksum(`yp1_${raw.toString('base64url')}`)), null)
  }
})

test('no token is made of a selector or a secret that does not fit', () => {
  const secret = new Uint8Array(32)
  for (const selector of [-1, 0.5, 2 ** 53, 2 ** 55, Number.NaN, Number.POSITIVE_INFINITY])
    assert.throws(() => formatToken('yp1_', selector, secret), RangeError)
  for (const length of [0, 31, 33]) {
    assert.throws(() => formatToken('yp1_', 1, new Uint8Array(length)), {
      name: 'RangeError',
      message: "A token's secret must have 32 bytes",
    })
  }
})

test('[T12][F2] no single-character edit of a token passes', () => {
  const token = sampleToken()
  const others = [...ALPHABET, '=', '+', '/', '.', ' ', '\n', '\0', '０', '٣', 'Ａ', 'ı', 'K', 'é']
  let edits = 0
  for (let place = 0; place < token.length; place += 1) {
    for (const other of others) {
      if (other === token[place]) continue
      const changed = token.slice(0, place) + other + token.slice(place + 1)
      const inserted = token.slice(0, place) + other + token.slice(place)
      assert.equal(parseToken('yp1_', changed), null, changed)
      assert.equal(parseToken('yp1_', inserted), null, inserted)
      edits += 2
    }
    const removed = token.slice(0, place) + token.slice(place + 1)
    assert.equal(parseToken('yp1_', removed), null)
  }
  assert.ok(edits > 9_000)
})

test('[T12] neither truncation, concatenation, case, padding nor another kind of token passes', () => {
  const token = sampleToken()
  const key = formatToken('yk1_', 0x19b76da4000abc, new Uint8Array(32))
  const wrong = [
    '',
    ...Array.from({ length: token.length }, (_, length) => token.slice(0, length)),
    ...Array.from({ length: token.length - 1 }, (_, start) => token.slice(start + 1)),
    token + token,
    `${token},${token}`,
    token.toLowerCase(),
    token.toUpperCase(),
    `${token}=`,
    `${token}\n`,
    `\n${token}`,
    ` ${token}`,
    `Bearer ${token}`,
    encodeURIComponent(`${token} `),
    Buffer.from(token).toString('base64'),
    token.replace('yp1_', 'yp2_'),
    token.replace('yp1_', 'yk1_'),
    token.replace('yp1_', 'YP1_'),
    key,
  ]
  for (const text of wrong) assert.equal(parseToken('yp1_', text), null, JSON.stringify(text))
  assert.equal(parseToken('yk1_', token), null)
  assert.notEqual(parseToken('yk1_', key), null)
  assert.notEqual(parseToken('yp1_', token), null)
})

test('[T12] random well-formed text with no right checksum is refused without a look-up', () => {
  const body = fc.string({ unit: fc.constantFrom(...ALPHABET), minLength: 52, maxLength: 52 })
  const tail = fc.string({ unit: fc.constantFrom(...BASE62), minLength: 6, maxLength: 6 })
  fc.assert(
    fc.property(body, tail, (middle, checksum) => {
      const right = withChecksum(`yp1_${middle}`)
      fc.pre(right !== `yp1_${middle}${checksum}`)
      assert.equal(parseToken('yp1_', `yp1_${middle}${checksum}`), null)
    }),
    { numRuns: 4_000 },
  )
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (text) => {
      assert.equal(parseToken('yp1_', text), null)
    }),
    { numRuns: 4_000 },
  )
})

test('[F5] only the very token matches its hash, also not one of look-alike letters', () => {
  const token = sampleToken()
  const kept = hashToken(token)
  assert.deepEqual(kept, createHash('sha256').update(token).digest())
  assert.equal(isTokenOf(token, kept), true)
  assert.equal(isTokenOf(formatToken('yp1_', 1, new Uint8Array(32)), kept), false)
  const sameLowBytes = [...token].map((letter) => String.fromCharCode(letter.charCodeAt(0) + 0x100)).join('')
  assert.equal(isTokenOf(sameLowBytes, kept), false)
  for (const length of [0, 31, 33]) assert.equal(isTokenOf(token, Buffer.alloc(length)), false)
  assert.equal(isTokenOf(kept.toString('hex'), kept), false)
})

test('[T03][F4] a million secrets hold no duplicate, and no bit leans to one side', () => {
  const count = 1_000_000
  const histogram = Array.from({ length: 32 }, () => new Uint32Array(256))
  const seen = new Set<bigint>()
  for (let drawn = 0; drawn < count; drawn += 1) {
    const secret = systemRandom.bytes(32)
    // 64 bits stand for 256: were two secrets equal these would be, and by chance one run in 37 million sees that.
    seen.add(secret.readBigUInt64LE(8))
    histogram.forEach((bytes, place) => {
      const byte = secret[place] ?? 0
      bytes[byte] = (bytes[byte] ?? 0) + 1
    })
  }
  assert.equal(seen.size, count)
  const leanings = histogram.flatMap((bytes) => leaningsOf(bytes, count))
  assert.equal(leanings.length, 256)
  // A million draws of one bit deviate by 0.05 %: six times that is what chance never shows.
  const worst = Math.max(...leanings.map(Math.abs))
  assert.ok(worst < 0.003, `a bit leans by ${worst}`)
  const overall = leanings.reduce((sum, one) => sum + one, 0) / leanings.length
  assert.ok(Math.abs(overall) < 0.0002, `all bits lean by ${overall}`)
})

/** How far each of a byte's eight bits is from being one half of the time. */
function leaningsOf(histogram: Uint32Array, count: number): number[] {
  return Array.from({ length: 8 }, (_, bit) => {
    const ones = histogram.reduce((sum, n, byte) => sum + ((byte >> bit) & 1) * n, 0)
    return ones / count - 0.5
  })
}

test('[F3][T09] a derived secret is HMAC-SHA-256 over length-prefixed parts, so a retry gives it again', () => {
  const seed = new Uint8Array(32).fill(5)
  const expected = 'e413967a124bd7eaa4d022cf94983736999d36f96cecff4297037e128a2ffa8d'
  assert.equal(deriveSecret(seed, ['wxa', '码', 'n']).toString('hex'), expected)
  const anyParts = fc.array(fc.string({ unit: 'binary' }), { maxLength: 4 })
  fc.assert(
    fc.property(anySecret, anyParts, (anySeed, parts) => {
      assert.deepEqual(deriveSecret(anySeed, parts), deriveSecret(Uint8Array.from(anySeed), [...parts]))
    }),
    { numRuns: 1_000 },
  )
})

test('[T03] no other list of parts and no other seed gives the same secret, wherever the parts are cut', () => {
  const seed = new Uint8Array(32).fill(9)
  fc.assert(
    fc.property(fc.string({ minLength: 1, maxLength: 12 }), fc.nat(), fc.nat(), (text, one, other) => {
      const cut = (at: number) => [text.slice(0, at % (text.length + 1)), text.slice(at % (text.length + 1))]
      const isSameCut = one % (text.length + 1) === other % (text.length + 1)
      const isSameSecret = deriveSecret(seed, cut(one)).equals(deriveSecret(seed, cut(other)))
      assert.equal(isSameSecret, isSameCut)
      assert.equal(deriveSecret(seed, [text]).equals(deriveSecret(seed, [text, ''])), false)
    }),
    { numRuns: 2_000 },
  )
  const derived = deriveSecret(seed, ['a', 'b'])
  for (let bit = 0; bit < 256; bit += 1) {
    const flipped = Uint8Array.from(seed, (byte, place) =>
      place === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte,
    )
    assert.equal(deriveSecret(flipped, ['a', 'b']).equals(derived), false)
  }
  assert.equal(deriveSecret(seed, ['b', 'a']).equals(derived), false)
})
