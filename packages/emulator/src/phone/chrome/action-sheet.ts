import type { PhoneWords } from '../words.ts'
import { openDialog } from './dialog.ts'
import { make } from './dom.ts'

export interface SheetChoice {
  alertText?: string | undefined
  items: readonly string[]
  color?: string | undefined
}

/** A choice from below: the index, or undefined where nothing was chosen. */
export function showActionSheet(words: PhoneWords, choice: SheetChoice): Promise<number | undefined> {
  const look = { kind: 'sheet', label: choice.alertText ?? words.menu, canDismiss: true } as const
  const dialog = openDialog<number>(look, (close) => [
    ...(choice.alertText ? [make('p', { class: 'sheet-alert' }, choice.alertText)] : []),
    ...choice.items.map((item, index) => {
      const row = make('button', { class: 'sheet-row', type: 'button', onclick: () => close(index) }, item)
      if (choice.color) row.style.color = choice.color
      return row
    }),
    make('button', { class: 'sheet-row sheet-cancel', type: 'button', onclick: () => close() }, words.cancel),
  ])
  return dialog.closed
}
