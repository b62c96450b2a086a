import { callHook } from './hooks.ts'
import type { PageEntry } from './page-entry.ts'
import type { ReportError } from './problems.ts'

/** How far a page is pulled before letting go refreshes it, and where it then waits. */
const ENOUGH_PX = 56
const FURTHEST_PX = 120

function moveTo(entry: PageEntry, px: number): void {
  entry.view.element.style.setProperty('--pulled', `${px}px`)
}

/** As if the page had been pulled: the dots show, and the page is asked to refresh. */
export function startRefresh(entry: PageEntry, report: ReportError): void {
  if (entry.isRefreshing) return
  entry.isRefreshing = true
  entry.view.element.classList.add('page-refreshing')
  moveTo(entry, ENOUGH_PX)
  callHook(entry.page, 'onPullDownRefresh', [], report)
}

export function stopRefresh(entry: PageEntry): void {
  entry.isRefreshing = false
  entry.view.element.classList.remove('page-refreshing')
  moveTo(entry, 0)
}

interface Pull {
  startY: number
  px: number
}

function pulledPx(pull: Pull, y: number): number {
  return Math.max(0, Math.min(FURTHEST_PX, (y - pull.startY) / 2))
}

/** Lets a finger or the mouse pull the page where its .json allows it. */
export function watchPulling(entry: PageEntry, report: ReportError): void {
  const { element, scroller } = entry.view
  let pull: Pull | undefined
  const begin = (y: number) => {
    const canPull = entry.look.canPull && !entry.isRefreshing && scroller.scrollTop <= 0
    pull = canPull ? { startY: y, px: 0 } : undefined
  }
  const move = (y: number, event: Event) => {
    if (!pull) return
    pull.px = scroller.scrollTop > 0 ? 0 : pulledPx(pull, y)
    if (pull.px === 0) return
    if (event.cancelable) event.preventDefault()
    element.classList.add('page-pulling')
    moveTo(entry, pull.px)
  }
  const end = () => {
    const px = pull?.px ?? 0
    pull = undefined
    element.classList.remove('page-pulling')
    if (px >= ENOUGH_PX) startRefresh(entry, report)
    else if (px > 0) stopRefresh(entry)
  }
  scroller.addEventListener('touchstart', (event) => begin(event.touches[0]?.clientY ?? 0), { passive: true })
  scroller.addEventListener('touchmove', (event) => move(event.touches[0]?.clientY ?? 0, event), {
    passive: false,
  })
  scroller.addEventListener('touchend', end)
  scroller.addEventListener('touchcancel', end)
  scroller.addEventListener('mousedown', (event) => {
    if (event.button !== 0) return
    begin(event.clientY)
    const onMove = (moved: MouseEvent) => move(moved.clientY, moved)
    const onUp = () => {
      removeEventListener('mousemove', onMove)
      end()
    }
    addEventListener('mousemove', onMove)
    addEventListener('mouseup', onUp, { once: true })
  })
}
