import { failWith, type Outcome, twoStyles, type WxResult } from '../../lib/wx/callbacks.ts'
import { okay, type WxParts } from './parts.ts'

type Target = { scrollTop?: number; selector?: string; offsetTop?: number; duration?: number }

function topOf(parts: WxParts, { scrollTop, selector, offsetTop = 0 }: Target): number | undefined {
  if (typeof scrollTop === 'number') return scrollTop
  const entry = parts.stack.top
  if (selector === undefined || !entry) return undefined
  const found: unknown = entry.root.getComponent().getShadowRoot()?.querySelector(selector)?.$$
  if (!(found instanceof Element)) return undefined
  const { scroller } = entry.view
  return (
    scroller.scrollTop + found.getBoundingClientRect().top - scroller.getBoundingClientRect().top + offsetTop
  )
}

function scroll(parts: WxParts, target: Target): Outcome<WxResult> {
  const top = topOf(parts, target)
  if (top === undefined) return failWith('pageScrollTo', 'parameter error: scrollTop or selector is required')
  const isStill = target.duration === 0 || matchMedia('(prefers-reduced-motion: reduce)').matches
  parts.stack.top?.view.scroller.scrollTo({ top, behavior: isStill ? 'instant' : 'smooth' })
  return okay('pageScrollTo', {})
}

/** `wx.pageScrollTo` */
export function pageScrollApi(parts: WxParts) {
  return { pageScrollTo: twoStyles<WxResult, Target>(parts.host, async (target) => scroll(parts, target)) }
}
