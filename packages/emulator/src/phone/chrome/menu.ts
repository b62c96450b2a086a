import type { WxParts } from '../wx/parts.ts'
import { canShare, share } from '../wx/share.ts'
import { showActionSheet } from './action-sheet.ts'

interface Choice {
  text: string
  run(): void
}

function choicesOf(parts: WxParts): Choice[] {
  const { words } = parts.handset
  const choices: Choice[] = [
    { text: words.toBackground, run: () => parts.exit() },
    { text: words.restart, run: () => parts.restart('') },
  ]
  if (canShare(parts)) choices.unshift({ text: words.share, run: () => void share(parts) })
  return choices
}

/** The menu behind the capsule's dots. */
export async function openMenu(parts: WxParts): Promise<void> {
  const choices = choicesOf(parts)
  const index = await showActionSheet(parts.handset.words, { items: choices.map(({ text }) => text) })
  if (index !== undefined) choices[index]?.run()
}
