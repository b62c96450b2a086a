import type { PhoneWords } from '../words.ts'
import { openDialog } from './dialog.ts'
import { ICONS, icon, make } from './dom.ts'

/** Pictures over all of the screen; a tap on one shows the next. */
export function showPictures(words: PhoneWords, urls: readonly string[], start: number): void {
  let at = start
  const picture = make('img', { class: 'preview-picture', alt: words.preview })
  const count = make('p', { class: 'preview-count', 'aria-live': 'polite' })
  const show = () => {
    picture.src = urls[at] ?? ''
    count.textContent = urls.length > 1 ? `${at + 1} / ${urls.length}` : ''
  }
  const next = () => {
    at = (at + 1) % urls.length
    show()
  }
  show()
  const look = { kind: 'full', label: words.preview, canDismiss: true } as const
  openDialog(look, (close) => [
    make(
      'button',
      { type: 'button', class: 'preview-next', onclick: next, 'aria-label': words.preview },
      picture,
    ),
    count,
    make(
      'button',
      { type: 'button', class: 'preview-close', 'aria-label': words.close, onclick: () => close() },
      icon(ICONS.close),
    ),
  ])
}
