import type { PhoneWords } from '../words.ts'
import { make } from './dom.ts'

export interface HomeScreen {
  show(name: string): void
  hide(): void
}

/** What lies in front while the mini program is in the background: its icon, to go back. */
export function createHomeScreen(layer: HTMLElement, words: PhoneWords, onReturn: () => void): HomeScreen {
  const letter = make('span', { class: 'home-letter', 'aria-hidden': 'true' })
  const name = make('span', { class: 'home-name' })
  const button = make('button', { type: 'button', class: 'home-icon', onclick: onReturn }, letter, name)
  const element = make(
    'section',
    { class: 'home-screen', 'aria-label': words.recents },
    make('h2', { class: 'home-title' }, words.recents),
    button,
    make('p', { class: 'home-hint' }, words.tapToReturn),
  )
  element.hidden = true
  layer.append(element)
  return {
    show(title) {
      letter.textContent = Array.from(title)[0] ?? '·'
      name.textContent = title
      element.hidden = false
      button.focus()
    },
    hide() {
      element.hidden = true
    },
  }
}
