import { builtIn } from './core/built-in.ts'
import { followDrag } from './core/drag.ts'
import { lengthOf, make } from './core/element.ts'
import { flag, length, number, text } from './core/property.ts'
import { type AnySelf, around, within } from './core/self.ts'
import { currentOf, placeOf, restAfter, type Swiping } from './swiper-place.ts'

const properties = {
  indicatorDots: flag(),
  indicatorColor: text('rgba(0, 0, 0, .3)'),
  indicatorActiveColor: text('#000000'),
  autoplay: flag(),
  current: number(0),
  currentItemId: text(),
  interval: number(5000),
  duration: number(500),
  circular: flag(),
  vertical: flag(),
  previousMargin: length('0px'),
  nextMargin: length('0px'),
  snapToEdge: flag(),
  displayMultipleItems: number(1),
  easingFunction: text('default'),
  cacheExtent: number(0),
}

type Source = 'autoplay' | 'touch' | ''

const EASING: Readonly<Record<string, string>> = {
  default: 'ease',
  linear: 'linear',
  easeInCubic: 'cubic-bezier(0.32, 0, 0.67, 0)',
  easeOutCubic: 'cubic-bezier(0.33, 1, 0.68, 1)',
  easeInOutCubic: 'cubic-bezier(0.65, 0, 0.35, 1)',
}

class Slides {
  private readonly self: AnySelf
  private readonly dots = make('div', 'wx-dots', { 'aria-hidden': 'true' })
  private shownAt = Number.NaN
  private told = -1
  private autoplay: ReturnType<typeof setInterval> | undefined
  private settled: ReturnType<typeof setTimeout> | undefined
  /** Who asked for the change that is under way. */
  private source: Source = ''

  constructor(self: AnySelf) {
    this.self = self
    self.host.append(this.dots)
  }

  items(): AnySelf[] {
    return within(this.self, 'swiper-item')
  }

  swiping(): Swiping {
    const { circular, displayMultipleItems } = this.self.data
    return {
      count: this.items().length,
      isCircular: circular === true,
      shown: Math.max(1, Number(displayMultipleItems)),
    }
  }

  current(): number {
    return currentOf(Number(this.self.data['current']), this.swiping())
  }

  private itemId(current: number): string {
    return String(this.items()[current]?.data['itemId'] ?? '')
  }

  /** Shows the slides as they lie at a place, at once or by gliding there. */
  place(at: number, durationMs: number): void {
    const { previousMargin, nextMargin, vertical, easingFunction } = this.self.data
    const swiping = this.swiping()
    const margins = `${lengthOf(previousMargin)} - ${lengthOf(nextMargin)}`
    const size = `calc((100% - ${margins}) / ${swiping.shown})`
    const easing = EASING[String(easingFunction)] ?? 'ease'
    for (const [index, item] of this.items().entries()) {
      const place = placeOf(index, at, swiping)
      const before = Number.isNaN(this.shownAt) ? place : placeOf(index, this.shownAt, swiping)
      const ms = Math.abs(place - before) > swiping.shown + 0.5 ? 0 : durationMs
      const [x, y] = vertical === true ? ['0', `${place * 100}%`] : [`${place * 100}%`, '0']
      const box =
        vertical === true
          ? `height: ${size}; top: ${lengthOf(previousMargin)}`
          : `width: ${size}; left: ${lengthOf(previousMargin)}`
      item.style(`${box}; transform: translate(${x}, ${y}); transition: transform ${ms}ms ${easing}`)
      const isSeen = place > -1 && place < swiping.shown
      item.host.toggleAttribute('inert', !isSeen)
      item.host.setAttribute('aria-hidden', String(!isSeen))
    }
    this.shownAt = at
  }

  private drawDots(current: number): void {
    const { indicatorDots, indicatorColor, indicatorActiveColor, vertical } = this.self.data
    this.dots.toggleAttribute('data-vertical', vertical === true)
    const { count } = this.swiping()
    this.dots.replaceChildren(
      ...Array.from({ length: indicatorDots === true ? count : 0 }, (_, index) => {
        const dot = make('i')
        dot.style.backgroundColor = String(index === current ? indicatorActiveColor : indicatorColor)
        return dot
      }),
    )
  }

  /** Brings the slides to where the template wants them. The first time nothing glides and nothing is told. */
  render(): void {
    const current = this.current()
    const isFirst = this.told < 0
    const durationMs = isFirst ? 0 : Number(this.self.data['duration'])
    this.place(current, durationMs)
    this.drawDots(current)
    this.schedule()
    if (this.swiping().count === 0 || current === this.told) return
    this.told = current
    if (!isFirst) this.tell(current, durationMs)
  }

  private tell(current: number, durationMs: number): void {
    const detail = { current, currentItemId: this.itemId(current), source: this.source }
    this.self.emit('change', detail)
    clearTimeout(this.settled)
    this.settled = setTimeout(() => this.self.emit('animationfinish', { ...detail }), durationMs)
  }

  go(to: number, source: Source): void {
    this.source = source
    this.self.set({ current: currentOf(to, this.swiping()) })
    this.source = ''
  }

  private schedule(): void {
    const { autoplay, interval } = this.self.data
    clearInterval(this.autoplay)
    if (autoplay !== true || this.swiping().count < 2) return
    this.autoplay = setInterval(() => this.forward(), Math.max(100, Number(interval)))
  }

  private forward(): void {
    const next = restAfter(this.current(), 1, this.swiping())
    this.go(next === this.current() ? 0 : next, 'autoplay')
  }

  stop(): void {
    clearInterval(this.autoplay)
    clearTimeout(this.settled)
  }
}

/** One slide's size along the swiper, in px. */
function slidePx(self: AnySelf, slides: Slides): number {
  const item = slides.items()[0]?.host
  const px = self.data['vertical'] === true ? item?.offsetHeight : item?.offsetWidth
  return px !== undefined && px > 0 ? px : 1
}

function drag(self: AnySelf, slides: Slides): void {
  const along = ({ dx, dy }: { dx: number; dy: number }) => (self.data['vertical'] === true ? dy : dx)
  followDrag(self.host, {
    canStart: () => slides.swiping().count > 0,
    axis: () => (self.data['vertical'] === true ? 'y' : 'x'),
    moved: (to) => {
      slides.stop()
      slides.place(slides.current() - along(to) / slidePx(self, slides), 0)
      self.emit('transition', self.data['vertical'] === true ? { dx: 0, dy: -to.dy } : { dx: -to.dx, dy: 0 })
    },
    ended: (to) => {
      const by = -along(to) / slidePx(self, slides)
      slides.go(restAfter(slides.current(), by, slides.swiping()), 'touch')
    },
  })
}

export const swiper = builtIn('swiper', properties, (self) => {
  const any = self as unknown as AnySelf
  const { host } = self
  const slides = new Slides(any)
  host.setAttribute('role', 'group')
  host.tabIndex = 0
  drag(any, slides)
  host.addEventListener('keydown', ({ key, target }) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[key]
    if (step !== undefined && target === host) slides.go(slides.current() + step, 'touch')
  })
  self.abilities.childChanged = () => slides.render()
  self.watch(() => {
    host.toggleAttribute('data-vertical', self.data.vertical)
    if (host.isConnected) slides.render()
  })
  self.detached(() => slides.stop())
})

export const swiperItem = builtIn('swiper-item', { itemId: text(), skipHiddenItemLayout: flag() }, (self) => {
  let parent: AnySelf | undefined
  const tell = () => queueMicrotask(() => parent?.abilities.childChanged?.())
  self.attached(() => {
    parent = around(self, 'swiper')
    tell()
  })
  self.detached(tell)
})
