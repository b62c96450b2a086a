/** What of a swiper decides where its slides lie. */
export interface Swiping {
  count: number
  isCircular: boolean
  /** Slides that are seen at once. */
  shown: number
}

/** The last slide that can stand first. */
export function lastCurrent({ count, isCircular, shown }: Swiping): number {
  return Math.max(0, isCircular ? count - 1 : count - shown)
}

/** `current` brought within what there is: around its ends where it is circular. */
export function currentOf(wanted: number, swiping: Swiping): number {
  const { count, isCircular } = swiping
  if (count === 0 || !Number.isFinite(wanted)) return 0
  const whole = Math.trunc(wanted)
  if (isCircular) return ((whole % count) + count) % count
  return Math.max(0, Math.min(lastCurrent(swiping), whole))
}

/** How many slides a slide lies after the first that is seen, while the swiper stands at `at` (1.5: between 1 and 2). */
export function placeOf(index: number, at: number, { count, isCircular, shown }: Swiping): number {
  const place = index - at
  if (!isCircular || count <= shown) return place
  const half = count / 2
  const wrapped = (((place + half) % count) + count) % count
  return wrapped - half
}

/** Where a swiper that was dragged by this many slides comes to rest: a fifth of a slide is enough to go on. */
export function restAfter(current: number, draggedBy: number, swiping: Swiping): number {
  const step =
    Math.abs(draggedBy) < 0.2 ? 0 : Math.sign(draggedBy) * Math.max(1, Math.round(Math.abs(draggedBy)))
  return currentOf(current + step, swiping)
}
