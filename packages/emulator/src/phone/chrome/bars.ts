import type { PageLook } from '../runtime/page-look.ts'
import type { PhoneWords } from '../words.ts'
import { ICONS, icon, make } from './dom.ts'

/** Pixels, as on a phone of today. */
export const STATUS_BAR_HEIGHT = 44
export const NAVIGATION_BAR_HEIGHT = 44
/** The capsule, from the frame's right edge and the status bar. */
export const CAPSULE = { width: 87, height: 32, right: 7, gap: 6 } as const

export interface BarState {
  look: PageLook
  canGoBack: boolean
  /** Not the first page, and nothing below it: a way home. */
  canGoHome: boolean
  isLoading: boolean
}

export interface BarActions {
  back(): void
  home(): void
  menu(): void
  close(): void
}

export interface Bars {
  readonly element: HTMLElement
  update(state: BarState): void
}

function statusBar(): HTMLElement {
  const time = make('span', { class: 'status-time' })
  const tell = () => {
    time.textContent = new Date().toLocaleTimeString('zh-CN', {
      hour: '2-digit',
      minute: '2-digit',
      hour12: false,
    })
  }
  tell()
  setInterval(tell, 10_000)
  const signs = make(
    'span',
    { class: 'status-signs' },
    icon('M3 18v-3M8 18v-6M13 18V8M18 18V5', 'status-sign status-signal'),
    icon('M3 9.5a13 13 0 0 1 18 0M6.5 13.5a8 8 0 0 1 11 0M12 18v.3', 'status-sign'),
    make('span', { class: 'status-battery' }),
  )
  return make('div', { class: 'status-bar', 'aria-hidden': 'true' }, time, signs)
}

function capsule(words: PhoneWords, actions: BarActions): HTMLElement {
  const dots = make('span', { class: 'capsule-dots' })
  const ring = make('span', { class: 'capsule-ring' })
  const button = (label: string, onclick: () => void, picture: Node) =>
    make(
      'button',
      { type: 'button', class: 'capsule-button', 'aria-label': label, title: label, onclick },
      picture,
    )
  return make(
    'div',
    { class: 'capsule', role: 'group', 'aria-label': words.capsule },
    button(words.menu, actions.menu, dots),
    button(words.close, actions.close, ring),
  )
}

/** The status bar and the navigation bar, with WeChat's capsule. */
export function createBars(words: PhoneWords, actions: BarActions): Bars {
  const corner = (label: string, path: string, onclick: () => void) =>
    make('button', { type: 'button', class: 'nav-button', 'aria-label': label, onclick }, icon(path))
  const back = corner(words.back, ICONS.back, actions.back)
  const home = corner(words.home, ICONS.home, actions.home)
  const spinner = make('span', { class: 'nav-spinner', role: 'img', 'aria-label': words.loading })
  const title = make('h1', { class: 'nav-title' })
  const heading = make('div', { class: 'nav-heading' }, spinner, title)
  const bar = make('div', { class: 'nav-bar' }, make('div', { class: 'nav-left' }, back, home), heading)
  const element = make('header', { class: 'phone-bars' }, statusBar(), bar, capsule(words, actions))
  return {
    element,
    update({ look, canGoBack, canGoHome, isLoading }) {
      title.textContent = look.title
      if (look.title !== '') document.title = look.title
      title.hidden = look.title === ''
      back.hidden = !canGoBack
      home.hidden = !canGoHome
      spinner.hidden = !isLoading
      element.dataset['text'] = look.navText
      element.classList.toggle('phone-bars-custom', look.hasCustomBar)
      element.style.setProperty('--nav-background', look.hasCustomBar ? 'transparent' : look.navBackground)
    },
  }
}
