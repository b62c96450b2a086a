import type * as glassEasel from 'glass-easel'
import { componentOf, viewOf } from './selector-query.ts'

interface Options {
  thresholds?: number[]
  initialRatio?: number
  observeAll?: boolean
}

type Margins = Partial<Record<'left' | 'top' | 'right' | 'bottom', number>>

type Listener = (seen: Record<string, unknown>) => void

function nodeOf(element: glassEasel.Element | null | undefined): Element | undefined {
  const node: unknown = element?.$$
  return node instanceof Element ? node : undefined
}

function marginText({ top = 0, right = 0, bottom = 0, left = 0 }: Margins): string {
  return `${top}px ${right}px ${bottom}px ${left}px`
}

function boxOf({ left, top, right, bottom, width, height }: DOMRectReadOnly, view: DOMRect) {
  return {
    left: left - view.left,
    top: top - view.top,
    right: right - view.left,
    bottom: bottom - view.top,
    width,
    height,
  }
}

function seenOf(entry: IntersectionObserverEntry, element: glassEasel.Element): Record<string, unknown> {
  const view = viewOf(entry.target)
  return {
    id: element.id,
    dataset: { ...element.dataset },
    intersectionRatio: entry.intersectionRatio,
    intersectionRect: boxOf(entry.intersectionRect, view),
    boundingClientRect: boxOf(entry.boundingClientRect, view),
    relativeRect: boxOf(entry.rootBounds ?? view, view),
    time: Date.now(),
  }
}

/** `createIntersectionObserver` of `wx` and of components: against the page's view, or an element around. */
export function createIntersectionObserver(owner: object | undefined, options: Options = {}) {
  const { thresholds = [0], initialRatio = 0, observeAll = false } = options
  const root = () => componentOf(owner)?.getShadowRoot()
  const observers: IntersectionObserver[] = []
  let around: { selector: string | null; margins: Margins } = { selector: null, margins: {} }
  const elementsOf = (selector: string): glassEasel.Element[] => {
    if (observeAll) return root()?.querySelectorAll(selector) ?? []
    const one = root()?.querySelector(selector)
    return one ? [one] : []
  }
  const watch = (element: glassEasel.Element, listener: Listener) => {
    const node = nodeOf(element)
    if (!node) return
    const frame =
      around.selector === null ? node.closest('.page-scroll') : nodeOf(root()?.querySelector(around.selector))
    let last = initialRatio
    const see = (entries: IntersectionObserverEntry[]) => {
      for (const entry of entries) {
        // The first look counts only where it differs from what was expected.
        if (entry.intersectionRatio !== last || entry.isIntersecting) listener(seenOf(entry, element))
        last = entry.intersectionRatio
      }
    }
    const settings = { root: frame ?? null, rootMargin: marginText(around.margins), threshold: thresholds }
    const observer = new IntersectionObserver(see, settings)
    observer.observe(node)
    observers.push(observer)
  }
  const self = {
    relativeTo(selector: string, margins: Margins = {}) {
      around = { selector, margins }
      return self
    },
    relativeToViewport(margins: Margins = {}) {
      around = { selector: null, margins }
      return self
    },
    observe(selector: string, listener: Listener) {
      for (const element of elementsOf(selector)) watch(element, listener)
    },
    disconnect() {
      for (const observer of observers.splice(0)) observer.disconnect()
    },
  }
  return self
}
