import { openDialog } from '../chrome/dialog.ts'
import { make } from '../chrome/dom.ts'
import { paintAvatars } from '../chrome/paint-avatar.ts'
import type { Answer } from '../components/index.ts'
import { choosePictures } from './media.ts'
import type { WxParts } from './parts.ts'

type Choice = { kind: 'painted'; bytes: Uint8Array } | { kind: 'album' }

async function choose({ handset }: WxParts): Promise<Choice | undefined> {
  const { words } = handset
  const painted = await paintAvatars()
  const look = { kind: 'sheet', label: words.avatarTitle, canDismiss: true } as const
  const dialog = openDialog<Choice>(look, (close) => [
    make('h2', { class: 'sheet-title' }, words.avatarTitle),
    make(
      'div',
      { class: 'avatar-grid' },
      ...painted.map(({ url, bytes }, index) =>
        make(
          'button',
          { type: 'button', class: 'avatar-choice', onclick: () => close({ kind: 'painted', bytes }) },
          make('img', { src: url, alt: words.avatarName(index + 1) }),
        ),
      ),
    ),
    make(
      'button',
      { type: 'button', class: 'sheet-row', onclick: () => close({ kind: 'album' }) },
      words.avatarUpload,
    ),
    make('button', { type: 'button', class: 'sheet-row sheet-cancel', onclick: () => close() }, words.cancel),
  ])
  return dialog.closed
}

/** Never comes: WeChat tells nothing of a chooser that was closed. */
const SILENCE = new Promise<never>(() => {})

/** `<button open-type="chooseAvatar">`: a temporary file of this phone. */
export async function chooseAvatar(parts: WxParts): Promise<Answer> {
  const choice = await choose(parts)
  if (!choice) return SILENCE
  const errMsg = 'chooseAvatar:ok'
  if (choice.kind === 'painted')
    return { errMsg, avatarUrl: parts.base.phone.addTempFile(choice.bytes, 'png') }
  const [file] = (await choosePictures(parts, { count: 1 })) ?? []
  return file ? { errMsg, avatarUrl: file.tempFilePath } : SILENCE
}
