import type { Kept } from './sighting.ts'

/** The newest arrows, within two limits. */
export interface KeptArrows {
  add(kept: Kept): void
  after(seq: number): Kept[]
  all(): readonly Kept[]
  dropped(): number
  clear(): void
}

export const KEPT_ARROWS = 2000
/** What all their addresses and bodies may weigh. */
export const KEPT_TOTAL_BYTES = 33_554_432

export function createKeptArrows(onDrop: (kept: Kept) => void, length = KEPT_ARROWS): KeptArrows {
  let arrows: Kept[] = []
  let first = 0
  let [sizeBytes, droppedCount] = [0, 0]

  const dropFirst = () => {
    const oldest = arrows[first]
    if (!oldest) return
    onDrop(oldest)
    first += 1
    droppedCount += 1
    sizeBytes -= oldest.sizeBytes
    // Cut off in big steps: shifting one by one would cost the whole list each time.
    if (first < length) return
    arrows = arrows.slice(first)
    first = 0
  }
  const all = () => (first === 0 ? arrows : arrows.slice(first))
  return {
    add(kept) {
      arrows.push(kept)
      sizeBytes += kept.sizeBytes
      while (arrows.length - first > length || (sizeBytes > KEPT_TOTAL_BYTES && arrows.length - first > 1))
        dropFirst()
    },
    all,
    after(seq) {
      const newest = all()
      const start = newest.findLastIndex((kept) => kept.seq <= seq)
      return newest.slice(start + 1)
    },
    dropped: () => droppedCount,
    clear() {
      arrows = []
      first = 0
      sizeBytes = 0
      droppedCount = 0
    },
  }
}
