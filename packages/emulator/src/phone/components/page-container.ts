import { builtIn } from './core/built-in.ts'
import { make } from './core/element.ts'
import { flag, number, text } from './core/property.ts'
import type { AnySelf } from './core/self.ts'

const properties = {
  show: flag(),
  duration: number(300),
  zIndex: number(100),
  overlay: flag(true),
  position: text('bottom'),
  round: flag(),
  closeOnSlideDown: flag(),
  overlayStyle: text(),
  customStyle: text(),
}

function lasting(self: AnySelf, isOpen: boolean): string {
  const { zIndex, customStyle, duration } = self.data
  const state = isOpen ? '' : '; visibility: hidden; pointer-events: none'
  return `z-index: ${Number(zIndex)}; --slide: ${Number(duration)}ms; ${String(customStyle)}${state}`
}

/** A layer over its page. Closing it by the phone's back button is not there. */
export const pageContainer = builtIn('page-container', properties, (self) => {
  const any = self as unknown as AnySelf
  const { host } = self
  const shade = make('div', 'wx-shade', { 'aria-hidden': 'true' })
  host.append(shade)
  let isOpen = false
  let timer: ReturnType<typeof setTimeout> | undefined
  shade.addEventListener('click', () => {
    self.emit('clickoverlay', {})
    self.set({ show: false })
  })
  const tell = (kind: 'enter' | 'leave') => {
    clearTimeout(timer)
    self.emit(`before${kind}`, {})
    self.emit(kind, {})
    timer = setTimeout(() => self.emit(`after${kind}`, {}), self.data.duration)
  }
  self.watch(() => {
    const { show, overlay, overlayStyle, position, round } = self.data
    host.dataset['position'] = position
    host.toggleAttribute('data-round', round)
    host.toggleAttribute('data-open', show)
    host.toggleAttribute('inert', !show)
    shade.setAttribute('style', overlayStyle)
    shade.toggleAttribute('hidden', !overlay)
    self.style(lasting(any, show))
    if (show === isOpen) return
    isOpen = show
    tell(show ? 'enter' : 'leave')
  })
  self.detached(() => clearTimeout(timer))
})
