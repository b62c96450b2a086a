import type { PhoneWords } from '../words.ts'
import { openDialog } from './dialog.ts'
import { make } from './dom.ts'

/** Something that this phone does not have, and who asked for it. */
export interface Missing {
  what: string
  place: string
}

export interface MissingChip {
  update(missing: readonly Missing[]): void
}

/** A small chip at the edge that says how much is missing, and tells what. */
export function createMissingChip(layer: HTMLElement, words: PhoneWords): MissingChip {
  let all: readonly Missing[] = []
  const open = () => {
    const look = { kind: 'sheet', label: words.missingTitle, canDismiss: true } as const
    openDialog(look, (close) => [
      make('h2', { class: 'sheet-title' }, words.missingTitle),
      make(
        'ul',
        { class: 'missing-list' },
        ...all.map(({ what, place }) => make('li', {}, make('code', {}, what), make('span', {}, place))),
      ),
      make(
        'button',
        { class: 'sheet-row sheet-cancel', type: 'button', onclick: () => close() },
        words.dismiss,
      ),
    ])
  }
  const chip = make('button', { type: 'button', class: 'missing-chip', onclick: open })
  chip.hidden = true
  layer.append(chip)
  return {
    update(missing) {
      all = missing
      chip.textContent = words.missing(missing.length)
      chip.hidden = missing.length === 0
    },
  }
}
