import { make } from './dom.ts'

export interface Dialog<R> {
  readonly element: HTMLDialogElement
  /** What was chosen; undefined where it was closed otherwise. */
  readonly closed: Promise<R | undefined>
  close(result?: R): void
}

export interface DialogLook {
  /** `modal` in the middle, `sheet` from below, `full` over all. */
  kind: 'modal' | 'sheet' | 'full'
  label: string
  /** Whether Escape or a tap beside it closes it. */
  canDismiss: boolean
}

let lastId = 0

/** An id for `aria-labelledby` and its like. */
export function freshId(): string {
  lastId += 1
  return `phone-id-${lastId}`
}

/** A window above the mini program; the focus stays in it and goes back where it was. */
export function openDialog<R>(
  look: DialogLook,
  fill: (close: (result?: R) => void) => (Node | string)[],
): Dialog<R> {
  let resolve: (result: R | undefined) => void = () => {}
  const closed = new Promise<R | undefined>((settle) => {
    resolve = settle
  })
  const element = make('dialog', { class: `phone-dialog phone-${look.kind}`, 'aria-label': look.label })
  const close = (result?: R) => {
    element.close()
    element.remove()
    resolve(result)
  }
  const dismiss = (event: Event) => {
    event.preventDefault()
    if (look.canDismiss) close()
  }
  element.addEventListener('cancel', dismiss)
  element.addEventListener('click', (event) => {
    if (event.target === element) dismiss(event)
  })
  element.append(make('div', { class: 'phone-dialog-body' }, ...fill(close)))
  document.body.append(element)
  element.showModal()
  return { element, closed, close }
}

/** All of them go, chosen by nobody: the mini program has ended. */
export function closeAllDialogs(): void {
  for (const element of document.querySelectorAll<HTMLDialogElement>('dialog.phone-dialog')) {
    element.close()
    element.remove()
  }
}
