/** Where one arrow stands on the vertical axis, in pixels from the top. */
export interface Placement {
  /** Of its line. */
  y: number
  /** Where its moment truly is. `y` is further down where arrows came faster than they can be read. */
  trueY: number
}

/** A long silence that was drawn short. */
export interface Break {
  y: number
  /** How long it was, in real milliseconds. */
  lastedMs: number
}

export interface Placements {
  rows: Placement[]
  breaks: Break[]
  height: number
}

/** A line and its label fit into this. */
export const ROW_HEIGHT = 38
/** Space above the first line. */
export const TOP = 34
const BREAK_HEIGHT = 44
const BOTTOM = 40
/** A silence that is longer is a break. To scale it would fill the screen much sooner. */
export const BREAK_AFTER_MS = { order: 2500, time: 900 }

interface Step {
  placement: Placement
  gap?: Break | undefined
}

type Next = (before: Placement, passedMs: number) => Placement

function walk(momentsMs: readonly number[], breakAfterMs: number, next: Next): Placements {
  const steps: Step[] = []
  momentsMs.forEach((moment, index) => {
    const before = steps[index - 1]?.placement
    if (before === undefined) steps.push({ placement: { y: TOP, trueY: TOP } })
    else {
      const passedMs = Math.max(0, moment - (momentsMs[index - 1] ?? 0))
      steps.push(
        passedMs > breakAfterMs ? afterBreak(before, passedMs) : { placement: next(before, passedMs) },
      )
    }
  })
  const rows = steps.map((step) => step.placement)
  return {
    rows,
    breaks: steps.flatMap((step) => (step.gap === undefined ? [] : [step.gap])),
    height: (rows.at(-1)?.y ?? 0) + BOTTOM,
  }
}

function afterBreak(before: Placement, passedMs: number): Step {
  const y = before.y + ROW_HEIGHT + BREAK_HEIGHT
  return {
    placement: { y, trueY: y },
    gap: { y: before.y + (y - before.y) / 2 - ROW_HEIGHT / 4, lastedMs: passedMs },
  }
}

/** One after the other, with a little air where nothing happened for a while. */
export function placeInOrder(momentsMs: readonly number[]): Placements {
  return walk(momentsMs, BREAK_AFTER_MS.order, (before, passedMs) => {
    const y = before.y + ROW_HEIGHT + (passedMs > 400 ? 12 : 0)
    return { y, trueY: y }
  })
}

/**
 * To scale: a line stands at its moment, or below it where the one before leaves no room; after that it catches up. Long
 * silences become breaks.
 */
export function placeInTime(momentsMs: readonly number[], pixelsPerMs: number): Placements {
  return walk(momentsMs, BREAK_AFTER_MS.time, (before, passedMs) => {
    const trueY = before.trueY + passedMs * pixelsPerMs
    return { y: Math.max(trueY, before.y + ROW_HEIGHT), trueY }
  })
}
