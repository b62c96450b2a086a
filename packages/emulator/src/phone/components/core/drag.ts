export interface Drag {
  /** From where the finger was put down, in px. */
  dx: number
  dy: number
  event: PointerEvent
}

export interface DragEvents {
  /** Whether this finger may drag at all. */
  canStart: (event: PointerEvent) => boolean
  /** Along which the first 8 px must go; elsewhere the drag is somebody else's. */
  axis: () => 'x' | 'y' | 'both'
  moved: (drag: Drag) => void
  ended: (drag: Drag) => void
}

/** Less is a tap. */
const SLOP_PX = 8

function isAlong(axis: 'x' | 'y' | 'both', { dx, dy }: { dx: number; dy: number }): boolean {
  if (axis === 'both') return true
  return axis === 'x' ? Math.abs(dx) >= Math.abs(dy) : Math.abs(dy) >= Math.abs(dx)
}

/** Follows a finger, or a mouse with its button down, that drags an element. */
export function followDrag(host: HTMLElement, { canStart, axis, moved, ended }: DragEvents): void {
  let start: PointerEvent | undefined
  let isDragging = false
  const offset = (event: PointerEvent, from: PointerEvent): Drag => ({
    dx: event.clientX - from.clientX,
    dy: event.clientY - from.clientY,
    event,
  })
  host.addEventListener('pointerdown', (event) => {
    start = event.isPrimary && canStart(event) ? event : undefined
    isDragging = false
  })
  host.addEventListener('pointermove', (event) => {
    if (start === undefined || event.pointerId !== start.pointerId) return
    const drag = offset(event, start)
    if (!isDragging && Math.hypot(drag.dx, drag.dy) < SLOP_PX) return
    if (!isDragging && !isAlong(axis(), drag)) {
      start = undefined
      return
    }
    if (!isDragging) host.setPointerCapture(event.pointerId)
    isDragging = true
    moved(drag)
  })
  const end = (event: PointerEvent) => {
    if (start !== undefined && isDragging) ended(offset(event, start))
    start = undefined
    isDragging = false
  }
  host.addEventListener('pointerup', end)
  host.addEventListener('pointercancel', end)
}
