import { followDrag } from './core/drag.ts'
import { make } from './core/element.ts'
import { flag, number, text } from './core/property.ts'
import type { AnySelf } from './core/self.ts'

export const refresherProperties = {
  refresherEnabled: flag(),
  refresherThreshold: number(45),
  refresherDefaultStyle: text('black'),
  refresherBackground: text('transparent'),
  refresherTriggered: flag(),
}

/** Pulled further, it follows the finger by half. */
const RESISTANCE = 0.5

/** Height of the place with the three dots, in px. */
const OPEN_PX = 45

class Refresher {
  private readonly self: AnySelf
  private readonly place = make('div', 'wx-refresher', { 'aria-hidden': 'true' })
  private pulledPx = 0
  private isOpen = false

  constructor(self: AnySelf) {
    this.self = self
    self.host.prepend(this.place)
  }

  private show(heightPx: number): void {
    this.place.style.height = `${heightPx}px`
  }

  pull(fingerPx: number): void {
    this.pulledPx = Math.max(0, fingerPx) * RESISTANCE
    this.show(this.pulledPx)
    this.self.emit('refresherpulling', { dy: this.pulledPx })
  }

  letGo(): void {
    if (this.pulledPx === 0) return
    const isFar = this.pulledPx >= Number(this.self.data['refresherThreshold'])
    const dy = this.pulledPx
    this.pulledPx = 0
    if (!isFar) {
      this.show(0)
      this.self.emit('refresherabort', { dy })
      return
    }
    this.self.set({ refresherTriggered: true })
    this.self.emit('refresherrefresh', { dy })
  }

  render(): void {
    const { refresherTriggered, refresherDefaultStyle, refresherBackground } = this.self.data
    this.place.dataset['look'] = String(refresherDefaultStyle)
    this.place.style.background = String(refresherBackground)
    const isOpen = refresherTriggered === true
    if (isOpen === this.isOpen) return
    this.isOpen = isOpen
    this.show(isOpen ? OPEN_PX : 0)
    if (!isOpen) this.self.emit('refresherrestore', {})
  }
}

/** `refresher-enabled`: pull down at the top. Its own three dots alone; a `slot="refresher"` is not there. */
export function makeRefresher(self: AnySelf): void {
  const { host } = self
  const refresher = new Refresher(self)
  followDrag(host, {
    canStart: () => self.data['refresherEnabled'] === true && host.scrollTop <= 0,
    axis: () => 'y',
    moved: ({ dy }) => refresher.pull(dy),
    ended: () => refresher.letGo(),
  })
  self.watch(() => refresher.render())
}
