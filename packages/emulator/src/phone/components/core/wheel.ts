/** Tells when a list that snaps has come to rest, on which row, and when it began to move. */
export interface WheelEvents {
  rowPx: () => number
  rows: () => number
  moved?: () => void
  rested: (index: number) => void
}

const REST_MS = 120

const clamp = (index: number, rows: number): number => Math.max(0, Math.min(rows - 1, index))

const KEYS: Readonly<Record<string, number>> = {
  ArrowDown: 1,
  ArrowUp: -1,
  PageDown: 5,
  PageUp: -5,
  Home: -1e6,
  End: 1e6,
}

/** A column whose row in the middle is chosen: by scrolling, by a press on a row, by the arrow keys. */
export class Wheel {
  private readonly element: HTMLElement
  private readonly events: WheelEvents
  private timer: ReturnType<typeof setTimeout> | undefined
  private isMoving = false
  private atRow = 0

  constructor(element: HTMLElement, events: WheelEvents) {
    this.element = element
    this.events = events
    element.tabIndex = 0
    element.addEventListener('scroll', (event) => {
      event.stopImmediatePropagation()
      this.scrolled()
    })
    element.addEventListener('keydown', (event) => this.pressed(event))
    element.addEventListener('click', (event) => this.clicked(event))
  }

  get index(): number {
    return this.atRow
  }

  /** Turns to a row without telling. */
  turnTo(index: number): void {
    this.atRow = clamp(index, this.events.rows())
    this.element.scrollTop = this.atRow * this.events.rowPx()
  }

  stop(): void {
    clearTimeout(this.timer)
  }

  private rowNow(): number {
    return clamp(Math.round(this.element.scrollTop / this.events.rowPx()), this.events.rows())
  }

  private scrolled(): void {
    clearTimeout(this.timer)
    if (!this.isMoving && this.rowNow() === this.atRow) return
    if (!this.isMoving) this.events.moved?.()
    this.isMoving = true
    this.timer = setTimeout(() => this.rest(this.rowNow()), REST_MS)
  }

  private rest(row: number): void {
    this.isMoving = false
    const before = this.atRow
    this.atRow = row
    if (row !== before) this.events.rested(row)
  }

  private go(row: number): void {
    const target = clamp(row, this.events.rows())
    if (target === this.atRow) return
    this.events.moved?.()
    this.element.scrollTop = target * this.events.rowPx()
    this.rest(target)
  }

  private pressed(event: KeyboardEvent): void {
    const step = KEYS[event.key]
    if (step === undefined) return
    event.preventDefault()
    event.stopPropagation()
    this.go(this.atRow + step)
  }

  private clicked(event: MouseEvent): void {
    const { top, height } = this.element.getBoundingClientRect()
    const fromMiddle = event.clientY - top - height / 2
    this.go(this.atRow + Math.round(fromMiddle / this.events.rowPx()))
  }
}
