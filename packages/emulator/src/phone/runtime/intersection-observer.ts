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

interface Watch {
  /** What the element is seen through; null: the window. */
  frame: Element | null
  margins: Margins
  thresholds: number[]
  initialRatio: number
}

function watchElement(element: glassEasel.Element, node: Element, watch: Watch, listener: Listener) {
  let last = watch.initialRatio
  const see = (entries: IntersectionObserverEntry[]) => {
    for (const entry of entries) {
      // The first look counts only where it differs from what was expected.
      if (entry.intersectionRatio !== last || entry.isIntersecting) listener(seenOf(entry, element))
      last = entry.intersectionRatio
    }
  }
  const rootMargin = marginText(watch.margins)
  const observer = new IntersectionObserver(see, {
    root: watch.frame,
    rootMargin,
    threshold: watch.thresholds,
  })
  observer.observe(node)
  return observer
}

/** `createIntersectionObserver` of `wx` and of components: against the page's view, or an element around. */
export function createIntersectionObserver(owner: object | undefined, options: Options = {}) {
  const { thresholds = [0], initialRatio = 0, observeAll = false } = options
  const observers: IntersectionObserver[] = []
  let around: { selector: string | null; margins: Margins } = { selector: null, margins: {} }
  const find = (selector: string) => componentOf(owner)?.getShadowRoot()?.querySelector(selector)
  const findAll = (selector: string) => componentOf(owner)?.getShadowRoot()?.querySelectorAll(selector) ?? []
  const frameOf = (node: Element) => {
    return around.selector === null ? node.closest('.page-scroll') : (nodeOf(find(around.selector)) ?? null)
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
      for (const element of observeAll ? findAll(selector) : [find(selector)]) {
        const node = nodeOf(element)
        if (!element || !node) continue
        const watch = { frame: frameOf(node), margins: around.margins, thresholds, initialRatio }
        observers.push(watchElement(element, node, watch, listener))
      }
    },
    disconnect() {
      for (const observer of observers.splice(0)) observer.disconnect()
    },
  }
  return self
}
