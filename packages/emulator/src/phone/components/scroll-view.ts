import { builtIn } from './core/built-in.ts'
import { anything, flag, length, number, text } from './core/property.ts'
import type { AnySelf } from './core/self.ts'
import { edgesReached, type ScrollState } from './scroll-edges.ts'
import { makeRefresher, refresherProperties } from './scroll-refresher.ts'

const properties = {
  scrollX: flag(),
  scrollY: flag(),
  upperThreshold: length(50),
  lowerThreshold: length(50),
  scrollTop: anything(),
  scrollLeft: anything(),
  scrollIntoView: text(),
  scrollIntoViewOffset: number(0),
  scrollWithAnimation: flag(),
  enableBackToTop: flag(),
  enableFlex: flag(),
  enablePassive: flag(),
  scrollAnchoring: flag(),
  enhanced: flag(),
  bounces: flag(true),
  showScrollbar: flag(true),
  pagingEnabled: flag(),
  fastDeceleration: flag(),
  usingSticky: flag(),
  type: text('list'),
  ...refresherProperties,
}

interface Position {
  scrollTop: number
  scrollLeft: number
}

const along = (host: HTMLElement, position: Position, axis: 'x' | 'y'): ScrollState =>
  axis === 'y'
    ? { offset: position.scrollTop, view: host.clientHeight, whole: host.scrollHeight }
    : { offset: position.scrollLeft, view: host.clientWidth, whole: host.scrollWidth }

function tellEdges(self: AnySelf, before: Position, now: Position): void {
  const { host, data } = self
  const thresholds = {
    upper: parseFloat(String(data['upperThreshold'])),
    lower: parseFloat(String(data['lowerThreshold'])),
  }
  for (const axis of ['y', 'x'] as const) {
    if (data[axis === 'y' ? 'scrollY' : 'scrollX'] !== true) continue
    const reached = edgesReached(along(host, before, axis), along(host, now, axis), thresholds)
    if (reached.start) self.emit('scrolltoupper', { direction: axis === 'y' ? 'top' : 'left' })
    if (reached.end) self.emit('scrolltolower', { direction: axis === 'y' ? 'bottom' : 'right' })
  }
}

function listen(self: AnySelf): void {
  const { host } = self
  let before: Position = { scrollTop: 0, scrollLeft: 0 }
  host.addEventListener('scroll', (event) => {
    event.stopImmediatePropagation() // the mini program hears the component's event of that name alone
    const { scrollTop, scrollLeft, scrollHeight, scrollWidth } = host
    const deltaX = before.scrollLeft - scrollLeft
    const deltaY = before.scrollTop - scrollTop
    if (deltaX === 0 && deltaY === 0) return
    self.emit('scroll', { scrollLeft, scrollTop, scrollHeight, scrollWidth, deltaX, deltaY })
    tellEdges(self, before, { scrollTop, scrollLeft })
    before = { scrollTop, scrollLeft }
  })
}

function scrollIntoView(self: AnySelf, id: string, behavior: ScrollBehavior): void {
  const target = self.component.ownerShadowRoot?.getElementById(id)?.$$
  if (!(target instanceof Element)) return
  const outer = self.host.getBoundingClientRect()
  const inner = target.getBoundingClientRect()
  const offset = Number(self.data['scrollIntoViewOffset'])
  const top = self.data['scrollY'] === true ? inner.top - outer.top + offset : 0
  const left = self.data['scrollX'] === true ? inner.left - outer.left + offset : 0
  self.host.scrollBy({ top, left, behavior })
}

/** Scrolls to what the template says, whenever it says something new. */
function follow(self: AnySelf): () => void {
  let told: Readonly<Record<string, unknown>> = {}
  return () => {
    const { scrollTop, scrollLeft, scrollIntoView: id, scrollWithAnimation } = self.data
    if (!self.host.isConnected) return
    const behavior = scrollWithAnimation === true ? 'smooth' : 'instant'
    const now = { scrollTop, scrollLeft, id }
    const before = told
    told = now
    if (scrollTop !== before['scrollTop'] && scrollTop !== null)
      self.host.scrollTo({ top: parseFloat(String(scrollTop)), behavior })
    if (scrollLeft !== before['scrollLeft'] && scrollLeft !== null)
      self.host.scrollTo({ left: parseFloat(String(scrollLeft)), behavior })
    if (id !== before['id'] && id !== '') scrollIntoView(self, String(id), behavior)
  }
}

export const scrollView = builtIn('scroll-view', properties, (self) => {
  const any = self as unknown as AnySelf
  const { host } = self
  listen(any)
  makeRefresher(any)
  const scroll = follow(any)
  self.watch(() => {
    const { scrollX, scrollY, enableFlex, showScrollbar, pagingEnabled } = self.data
    host.toggleAttribute('data-x', scrollX)
    host.toggleAttribute('data-y', scrollY)
    host.toggleAttribute('data-flex', enableFlex)
    host.toggleAttribute('data-bare', !showScrollbar)
    host.toggleAttribute('data-paging', pagingEnabled)
    if (scrollX || scrollY) host.tabIndex = 0
    else host.removeAttribute('tabindex')
    if (host.isConnected) requestAnimationFrame(scroll)
  })
})
