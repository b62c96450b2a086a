import type { Random } from '../../packages/server/src/lib/random.ts'
import { createSeededRandom } from '../../packages/server/src/testing/seeded-random.ts'

/** Choices that come again with the same seed. */
export interface Draw {
  readonly seed: string
  /** A whole number from `min` to `max`, both included. */
  whole(min: number, max: number): number
  chance(probability: number): boolean
  pick<Item>(items: readonly Item[]): Item
}

export function createDraw(seed: string): Draw {
  const random: Random = createSeededRandom(seed)
  const whole = (min: number, max: number) =>
    min + (Buffer.from(random.bytes(6)).readUIntBE(0, 6) % (max - min + 1))
  return {
    seed,
    whole,
    chance: (probability) => whole(0, 999_999) < probability * 1_000_000,
    pick: (items) => {
      const item = items[whole(0, items.length - 1)]
      if (item === undefined) throw new Error('There is nothing to pick from')
      return item
    },
  }
}
