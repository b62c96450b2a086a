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

/** One finger from where it was put down to where it is lifted. */
class Finger {
  private readonly host: HTMLElement
  private readonly events: DragEvents
  private readonly start: PointerEvent
  private readonly done = new AbortController()
  private isDragging = false

  constructor(host: HTMLElement, start: PointerEvent, events: DragEvents) {
    this.host = host
    this.start = start
    this.events = events
    const { signal } = this.done
    // A fast finger is elsewhere before the first move is told, so the window is asked and not the element.
    window.addEventListener('pointermove', (event) => this.moved(event), { signal })
    for (const name of ['pointerup', 'pointercancel'] as const)
      window.addEventListener(name, (event) => this.ended(event), { signal })
  }

  private dragTo(event: PointerEvent): Drag {
    return { dx: event.clientX - this.start.clientX, dy: event.clientY - this.start.clientY, event }
  }

  private moved(event: PointerEvent): void {
    if (event.pointerId !== this.start.pointerId) return
    const drag = this.dragTo(event)
    if (!this.isDragging && Math.hypot(drag.dx, drag.dy) < SLOP_PX) return
    if (!this.isDragging && !isAlong(this.events.axis(), drag)) {
      this.done.abort()
      return
    }
    if (!this.isDragging) this.host.setPointerCapture(event.pointerId)
    this.isDragging = true
    this.events.moved(drag)
  }

  private ended(event: PointerEvent): void {
    if (event.pointerId !== this.start.pointerId) return
    this.done.abort()
    if (this.isDragging) this.events.ended(this.dragTo(event))
  }
}

/** Follows a finger, or a mouse with its button down, that drags an element. */
export function followDrag(host: HTMLElement, events: DragEvents): void {
  host.addEventListener('pointerdown', (event) => {
    if (event.isPrimary && events.canStart(event)) new Finger(host, event, events)
  })
}
