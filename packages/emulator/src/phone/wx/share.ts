import { openDialog } from '../chrome/dialog.ts'
import { make } from '../chrome/dom.ts'
import { callHook, hasHook } from '../runtime/hooks.ts'
import type { WxParts } from './parts.ts'
import { resourceUrl } from './resources.ts'
import { programName } from './sheet-answers.ts'

interface Card {
  title?: string
  path?: string
  imageUrl?: string
  promise?: Promise<Card>
}

export interface ShareButton {
  id: string
  dataset: Readonly<Record<string, unknown>>
}

export function canShare({ stack }: WxParts): boolean {
  return stack.top !== undefined && hasHook(stack.top.page, 'onShareAppMessage')
}

/** Asks the page what its card says, and shows what WeChat would send. */
export async function share(parts: WxParts, button?: ShareButton): Promise<void> {
  const { stack, handset, report } = parts
  const { words } = handset
  const { top } = stack
  if (!top) return
  const asked = { from: button ? 'button' : 'menu', target: button, webViewUrl: undefined }
  const given = callHook(top.page, 'onShareAppMessage', [asked], report) as Card | undefined // what the page says
  const card = { ...given, ...(await given?.promise?.catch(() => undefined)) }
  const look = { kind: 'sheet', label: words.shareTitle, canDismiss: true } as const
  openDialog(look, (close) => [
    make('p', { class: 'consent-text share-text' }, words.shareText),
    make(
      'div',
      { class: 'share-card' },
      make('strong', {}, card.title ?? programName(parts)),
      ...(card.imageUrl
        ? [make('img', { src: resourceUrl(parts, card.imageUrl, top.route.path), alt: '' })]
        : []),
      make('code', {}, card.path ?? `/${top.route.path}`),
    ),
    make(
      'button',
      { type: 'button', class: 'sheet-row sheet-cancel', onclick: () => close() },
      words.dismiss,
    ),
  ])
}
