import type { BarState } from '../chrome/bars.ts'
import type { Screen } from '../chrome/screen.ts'
import type { PageLook } from './page-look.ts'
import type { PageStack } from './page-stack.ts'
import type { Tabs } from './tabs.ts'

interface Drawn {
  stack: PageStack
  tabs: Tabs
  /** Where the mini program begins. */
  firstPage: string
}

function barStateOf({ stack, firstPage }: Drawn): BarState | undefined {
  const { top } = stack
  if (!top) return undefined
  const isFirst = top.route.path === firstPage || stack.isTab(top.route.path)
  const canGoBack = stack.entries.length > 1
  const canGoHome = !canGoBack && !isFirst && !top.look.hidesHome
  return { look: top.look, canGoBack, canGoHome, isLoading: top.look.isLoading }
}

function dress(element: HTMLElement, { background, pullText, cannotScroll }: PageLook): void {
  element.style.setProperty('--page-background', background)
  element.dataset['pullText'] = pullText
  element.classList.toggle('page-still', cannotScroll)
}

/** Brings the bars around the page on top up to date. */
export function redraw(screen: Screen, drawn: Drawn, isDark: boolean): void {
  const { stack, tabs } = drawn
  const state = barStateOf(drawn)
  if (!state || !stack.top) return
  screen.bars.update(state)
  screen.tabBar.update(tabs.state(stack.top.route.path, isDark))
  screen.pages.classList.toggle('phone-pages-custom', state.look.hasCustomBar)
  for (const entry of stack.entries) dress(entry.view.element, entry.look)
}
