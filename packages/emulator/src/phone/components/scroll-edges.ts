export interface ScrollState {
  /** Distance that is scrolled, what can be seen, and what there is of it, in px. */
  offset: number
  view: number
  whole: number
}

/** Whether the start or the end came within its threshold, in px, by a scroll from one state to the next. */
export function edgesReached(
  before: ScrollState,
  now: ScrollState,
  { upper, lower }: { upper: number; lower: number },
): { start: boolean; end: boolean } {
  const left = (state: ScrollState) => state.whole - state.view - state.offset
  return {
    start: now.offset < before.offset && now.offset <= upper && before.offset > upper,
    end: now.offset > before.offset && left(now) <= lower && left(before) > lower,
  }
}
