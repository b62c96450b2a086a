import type { PhoneWords } from '../words.ts'
import { openDialog } from './dialog.ts'
import { make } from './dom.ts'

export interface ModalOptions {
  title?: string
  content?: string
  showCancel?: boolean
  cancelText?: string
  cancelColor?: string
  confirmText?: string
  confirmColor?: string
  editable?: boolean
  placeholderText?: string
}

export interface ModalResult {
  confirm: boolean
  cancel: boolean
  /** Of an editable one; null where it was not confirmed. */
  content: string | null
}

function button(text: string, className: string, color: string | undefined, onclick: () => void) {
  const element = make('button', { class: `modal-button ${className}`, type: 'button', onclick }, text)
  if (color !== undefined) element.style.color = color
  return element
}

/** `wx.showModal` */
export async function showModal(words: PhoneWords, options: ModalOptions): Promise<ModalResult> {
  const { title = '', content = '', showCancel = true, editable = false, placeholderText = '' } = options
  const field = make('textarea', {
    class: 'modal-field',
    'aria-label': placeholderText || title || words.confirm,
    placeholder: placeholderText,
  })
  field.value = content
  const look = { kind: 'modal', label: title || content, canDismiss: false } as const
  const dialog = openDialog<boolean>(look, (close) => [
    ...(title === '' ? [] : [make('h2', { class: 'modal-title' }, title)]),
    editable
      ? field
      : make('p', { class: title === '' ? 'modal-text modal-text-alone' : 'modal-text' }, content),
    make(
      'div',
      { class: 'modal-buttons' },
      ...(showCancel
        ? [button(options.cancelText ?? words.cancel, '', options.cancelColor, () => close(false))]
        : []),
      button(options.confirmText ?? words.confirm, 'modal-confirm', options.confirmColor, () => close(true)),
    ),
  ])
  const confirm = (await dialog.closed) === true
  return { confirm, cancel: !confirm, content: editable && confirm ? field.value : null }
}
