import { phoneTimeout } from '../runtime/timers.ts'
import type { PhoneWords } from '../words.ts'
import { type BarActions, type Bars, createBars } from './bars.ts'
import { make } from './dom.ts'
import { createHomeScreen, type HomeScreen } from './home-screen.ts'
import { createChips, type MissingChip } from './missing-chip.ts'
import { createProblemOverlay, type ProblemOverlay } from './problem-overlay.ts'
import { createTabBar, type TabBar } from './tab-bar.ts'
import { createToasts, type Toasts } from './toast.ts'

/** All that the phone shows around, below and above a mini program. */
export interface Screen {
  readonly bars: Bars
  readonly tabBar: TabBar
  /** Pages are drawn in it. */
  readonly pages: HTMLElement
  /** For the sheets of components. */
  readonly overlay: HTMLElement
  readonly toasts: Toasts
  readonly problems: ProblemOverlay
  readonly missing: MissingChip
  readonly warnings: MissingChip
  readonly homeScreen: HomeScreen
  /** While nothing runs: what is going on, or why nothing is. */
  say(text: string): void
}

export interface ScreenActions extends BarActions {
  tapTab(index: number): void
  toForeground(): void
}

export function createScreen(words: PhoneWords, actions: ScreenActions): Screen {
  const bars = createBars(words, actions)
  const tabBar = createTabBar(words, actions.tapTab)
  const splash = make('p', { class: 'phone-splash', role: 'status' })
  const pages = make('main', { class: 'phone-pages' })
  const overlay = make('div', { class: 'phone-overlay' })
  const layer = make('div', { class: 'phone-layer' })
  const phone = make('div', { class: 'phone' }, bars.element, pages, tabBar.element, splash, overlay, layer)
  document.body.replaceChildren(phone)
  return {
    bars,
    tabBar,
    pages,
    overlay,
    toasts: createToasts(layer, phoneTimeout),
    problems: createProblemOverlay(layer, words),
    ...createChips(layer, words),
    homeScreen: createHomeScreen(layer, words, actions.toForeground),
    say(text) {
      splash.textContent = text
      splash.hidden = text === ''
    },
  }
}
