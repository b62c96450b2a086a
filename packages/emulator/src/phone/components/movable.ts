import { builtIn } from './core/built-in.ts'
import { followDrag } from './core/drag.ts'
import { anything, flag, number, text } from './core/property.ts'
import { type AnySelf, around } from './core/self.ts'
import { boundsOf, held } from './movable-place.ts'

export const movableArea = builtIn('movable-area', { scaleArea: flag() }, () => {})

const properties = {
  direction: text('none'),
  inertia: flag(),
  outOfBounds: flag(),
  x: anything(0),
  y: anything(0),
  damping: number(20),
  friction: number(2),
  disabled: flag(),
  scale: flag(),
  scaleMin: number(0.5),
  scaleMax: number(10),
  scaleValue: number(1),
  animation: flag(true),
}

interface Place {
  x: number
  y: number
}

const px = (value: unknown): number => parseFloat(String(value)) || 0

class Movable {
  private readonly self: AnySelf
  private at: Place = { x: 0, y: 0 }
  private from: Place | undefined

  constructor(self: AnySelf) {
    this.self = self
  }

  private held({ x, y }: Place, canLeave: boolean): Place {
    const area = around(this.self, 'movable-area')?.host
    const { host } = this.self
    if (area === undefined) return { x, y }
    return {
      x: held(x, boundsOf(area.clientWidth, host.offsetWidth), canLeave),
      y: held(y, boundsOf(area.clientHeight, host.offsetHeight), canLeave),
    }
  }

  private show(isGliding: boolean): void {
    const { scale, scaleValue, scaleMin, scaleMax } = this.self.data
    const by = scale === true ? Math.max(Number(scaleMin), Math.min(Number(scaleMax), Number(scaleValue))) : 1
    const glide = isGliding ? '; transition: transform 0.3s ease-out' : ''
    this.self.style(`transform: translate(${this.at.x}px, ${this.at.y}px) scale(${by})${glide}`)
  }

  private move(to: Place, source: string): void {
    if (to.x === this.at.x && to.y === this.at.y) return
    this.at = to
    this.self.emit('change', { ...to, source })
  }

  /** Where the template wants it. */
  follow(): void {
    if (!this.self.host.isConnected || this.from !== undefined) return
    const { x, y, animation } = this.self.data
    this.move(this.held({ x: px(x), y: px(y) }, false), '')
    this.show(animation === true)
  }

  drag(dx: number, dy: number): void {
    const { direction, outOfBounds } = this.self.data
    this.from ??= this.at
    const x = direction === 'all' || direction === 'horizontal' ? this.from.x + dx : this.at.x
    const y = direction === 'all' || direction === 'vertical' ? this.from.y + dy : this.at.y
    const inside = this.held({ x, y }, false)
    const place = this.held({ x, y }, outOfBounds === true)
    this.move(place, place.x === inside.x && place.y === inside.y ? 'touch' : 'touch-out-of-bounds')
    this.show(false)
  }

  drop(): void {
    this.from = undefined
    this.move(this.held(this.at, false), 'out-of-bounds')
    this.self.set({ x: this.at.x, y: this.at.y })
    this.show(true)
  }
}

const STEP_PX = 10

const STEPS: Readonly<Record<string, [number, number]>> = {
  ArrowLeft: [-STEP_PX, 0],
  ArrowRight: [STEP_PX, 0],
  ArrowUp: [0, -STEP_PX],
  ArrowDown: [0, STEP_PX],
}

export const movableView = builtIn('movable-view', properties, (self) => {
  const { host } = self
  const movable = new Movable(self as unknown as AnySelf)
  followDrag(host, {
    canStart: () => !self.data.disabled && self.data.direction !== 'none',
    axis: () => ({ horizontal: 'x' as const, vertical: 'y' as const })[self.data.direction] ?? 'both',
    moved: ({ dx, dy }) => movable.drag(dx, dy),
    ended: () => movable.drop(),
  })
  host.addEventListener('keydown', ({ key, target }) => {
    const step = STEPS[key]
    if (step === undefined || target !== host || self.data.disabled) return
    movable.drag(...step)
    movable.drop()
  })
  self.watch(() => {
    if (self.data.disabled || self.data.direction === 'none') host.removeAttribute('tabindex')
    else host.tabIndex = 0
    movable.follow()
  })
  self.attached(() => requestAnimationFrame(() => movable.follow()))
})
