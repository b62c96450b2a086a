/** From where to where it may be moved, in px; `max` may be less than `min` where the view is larger than its area. */
export interface Bounds {
  min: number
  max: number
}

/** How far a view may go in its area, along one axis. */
export function boundsOf(areaPx: number, viewPx: number): Bounds {
  const room = areaPx - viewPx
  return room >= 0 ? { min: 0, max: room } : { min: room, max: 0 }
}

/** A place held within its bounds; one that may leave them gives way by half, and comes back when it is let go. */
export function held(place: number, { min, max }: Bounds, canLeave: boolean): number {
  const inside = Math.max(min, Math.min(max, place))
  return canLeave ? inside + (place - inside) / 2 : inside
}
