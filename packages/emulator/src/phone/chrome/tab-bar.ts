import type { PhoneWords } from '../words.ts'
import { make } from './dom.ts'

export interface Tab {
  path: string
  text: string
  /** Addresses; empty: words alone. */
  icon: string
  selectedIcon: string
  badge: string
  hasRedDot: boolean
}

export interface TabBarState {
  isShown: boolean
  selected: number
  colour: string
  selectedColour: string
  background: string
  border: 'black' | 'white'
  tabs: readonly Tab[]
}

export interface TabBar {
  readonly element: HTMLElement
  update(state: TabBarState): void
}

function tabButton(state: TabBarState, tab: Tab, index: number, words: PhoneWords): HTMLButtonElement {
  const isSelected = index === state.selected
  const picture = isSelected ? tab.selectedIcon || tab.icon : tab.icon
  const button = make('button', { type: 'button', class: 'tab', 'data-index': String(index) })
  if (isSelected) button.setAttribute('aria-current', 'page')
  button.style.color = isSelected ? state.selectedColour : state.colour
  if (picture !== '') button.append(make('img', { class: 'tab-icon', src: picture, alt: '' }))
  button.append(make('span', { class: 'tab-text' }, tab.text))
  if (tab.badge !== '') button.append(make('span', { class: 'tab-badge' }, tab.badge))
  else if (tab.hasRedDot)
    button.append(make('span', { class: 'tab-dot', role: 'img', 'aria-label': words.newHere }))
  return button
}

/** The tabs at the foot. What is drawn once is drawn anew with each change: there are five of them at most. */
export function createTabBar(words: PhoneWords, onTap: (index: number) => void): TabBar {
  const element = make('nav', { class: 'tab-bar', 'aria-label': words.switchTab })
  element.hidden = true
  element.addEventListener('click', (event) => {
    const tab = event.target instanceof Element ? event.target.closest<HTMLElement>('.tab') : null
    if (tab) onTap(Number(tab.dataset['index']))
  })
  return {
    element,
    update(state) {
      element.hidden = !state.isShown
      element.style.background = state.background
      element.dataset['border'] = state.border
      element.replaceChildren(...state.tabs.map((tab, index) => tabButton(state, tab, index, words)))
    },
  }
}
