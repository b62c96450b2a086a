import { createHash } from 'node:crypto'
import type { Random } from '../lib/random.ts'

/** Bytes that look random and come again with the same seed. For tests alone. */
export function createSeededRandom(seed = 'yaopai'): Random {
  let drawn = 0
  return {
    bytes(size) {
      const blocks: Buffer[] = []
      for (let length = 0; length < size; length += 32) {
        blocks.push(createHash('sha256').update(`${seed} ${drawn}`).digest())
        drawn += 1
      }
      return Buffer.concat(blocks).subarray(0, size)
    },
  }
}
