import type { PhoneWords } from '../words.ts'
import { openDialog } from './dialog.ts'
import { make } from './dom.ts'

/** Something that this phone does not have, and who asked for it; or a warning, and its place. */
export interface Missing {
  what: string
  place: string
}

export interface MissingChip {
  update(missing: readonly Missing[]): void
}

interface ChipLook {
  kind: 'missing' | 'warnings'
  count(count: number): string
  title: string
  dismiss: string
}

/** A small chip at the edge that says how many there are, and tells which. */
function createChip(strip: HTMLElement, words: ChipLook): MissingChip {
  let all: readonly Missing[] = []
  const open = () => {
    const look = { kind: 'sheet', label: words.title, canDismiss: true } as const
    openDialog(look, (close) => [
      make('h2', { class: 'sheet-title' }, words.title),
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
  const chip = make('button', { type: 'button', class: `notice-chip notice-${words.kind}`, onclick: open })
  chip.hidden = true
  strip.append(chip)
  return {
    update(missing) {
      all = missing
      chip.textContent = words.count(missing.length)
      chip.hidden = missing.length === 0
    },
  }
}

/** What is missing, and what the mini program should be warned of: a chip for each, above the tabs. */
export function createChips(
  layer: HTMLElement,
  words: PhoneWords,
): { missing: MissingChip; warnings: MissingChip } {
  const { dismiss } = words
  const strip = make('div', { class: 'chip-strip' })
  layer.append(strip)
  return {
    missing: createChip(strip, { kind: 'missing', count: words.missing, title: words.missingTitle, dismiss }),
    warnings: createChip(strip, {
      kind: 'warnings',
      count: words.warnings,
      title: words.warningsTitle,
      dismiss,
    }),
  }
}
