import { createHmac, randomBytes } from 'node:crypto'

export interface Random {
  bytes(length: number): Buffer
}

export const systemRandom: Random = { bytes: (length) => randomBytes(length) }

/** The same seed gives the same stream on every machine: HMAC-SHA-256 over a counter. For tests, not for secrets. */
export function seededRandom(seed: string): Random {
  let counter = 0
  let left: Buffer = Buffer.alloc(0)
  return {
    bytes(length) {
      while (left.length < length) {
        left = Buffer.concat([left, createHmac('sha256', seed).update(String(counter)).digest()])
        counter += 1
      }
      const taken = left.subarray(0, length)
      left = left.subarray(length)
      return Buffer.from(taken)
    },
  }
}

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

export function randomBase62(random: Random, length: number): string {
  let text = ''
  while (text.length < length) {
    for (const byte of random.bytes(length - text.length)) {
      // 248 is the largest multiple of 62 in a byte: without this the first letters would come up more often.
      if (byte < 248) text += BASE62.charAt(byte % 62)
    }
  }
  return text
}
