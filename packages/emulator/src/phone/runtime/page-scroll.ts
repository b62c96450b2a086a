import { callHook, hasHook } from './hooks.ts'
import type { PageEntry } from './page-entry.ts'
import type { ReportError } from './problems.ts'

function distanceToBottom({ scrollHeight, scrollTop, clientHeight }: HTMLElement): number {
  return scrollHeight - scrollTop - clientHeight
}

/** Tells a page of its scrolling, and once each time that its end comes near. */
export function watchScrolling(entry: PageEntry, report: ReportError): void {
  const { scroller } = entry.view
  let wasNear = false
  let lastTop = scroller.scrollTop
  scroller.addEventListener('scroll', () => {
    const { scrollTop } = scroller
    if (hasHook(entry.page, 'onPageScroll')) callHook(entry.page, 'onPageScroll', [{ scrollTop }], report)
    const isNear = distanceToBottom(scroller) <= entry.look.reachBottomPx
    if (isNear && !wasNear && scrollTop > lastTop) callHook(entry.page, 'onReachBottom', [], report)
    wasNear = isNear
    lastTop = scrollTop
  })
}
