import { admit, replacementOf } from '../input-value.ts'
import { make, setAttribute } from './element.ts'
import { anything, flag, number, text } from './property.ts'
import { scopedClass } from './scoped-class.ts'
import type { AnySelf } from './self.ts'

/** What `<input>` and `<textarea>` have in common. */
export const textFieldProperties = {
  value: text(),
  name: text(),
  placeholder: text(),
  placeholderStyle: anything(''),
  placeholderClass: text(),
  disabled: flag(),
  maxlength: number(140),
  focus: flag(),
  autoFocus: flag(),
  cursorSpacing: anything(0),
  cursor: number(-1),
  cursorColor: text(),
  selectionStart: number(-1),
  selectionEnd: number(-1),
  adjustPosition: flag(true),
  holdKeyboard: flag(),
  confirmHold: flag(),
  confirmType: text('done'),
}

export type Control = HTMLInputElement | HTMLTextAreaElement

interface TextField {
  self: AnySelf
  control: Control
  /** What the keyboard of its type lets in. */
  type: () => string
}

function place({ self, control }: TextField): void {
  const { cursor, selectionStart, selectionEnd } = self.data
  const start = Number(selectionStart)
  const end = Number(selectionEnd)
  const at = Number(cursor)
  if (start >= 0 && end >= 0) control.setSelectionRange(start, end)
  else if (at >= 0) control.setSelectionRange(at, at)
}

function focusOn(field: TextField): void {
  if (document.activeElement === field.control) return
  field.control.focus({ preventScroll: true })
  place(field)
}

/** The user typed. The handler may return what is to stand there instead. */
function typed(field: TextField, keyCode: number): void {
  const { self, control, type } = field
  const value = admit(control.value, type(), Number(self.data['maxlength']))
  if (value !== control.value) control.value = value
  if (value === self.data['value']) return
  self.set({ value })
  const cursor = control.selectionStart ?? value.length
  const handleListenerReturn = (result: unknown) => {
    const replacement = replacementOf(result)
    if (replacement === undefined) return undefined
    self.set({ value: replacement.value })
    const at = replacement.cursor ?? replacement.value.length
    control.setSelectionRange(at, at)
    return undefined
  }
  self.emit('input', { value, cursor, keyCode }, { handleListenerReturn })
}

function listen(field: TextField): void {
  const { self, control } = field
  let keyCode = 0
  control.addEventListener('keydown', (event) => {
    keyCode = (event as KeyboardEvent).keyCode
  })
  control.addEventListener('input', (event) => {
    event.stopPropagation() // the mini program hears the component's event of that name alone
    if (!(event as InputEvent).isComposing) typed(field, keyCode)
  })
  control.addEventListener('change', (event) => event.stopPropagation())
  control.addEventListener('compositionend', () => typed(field, keyCode))
  control.addEventListener('focus', () => {
    if (!self.data['focus']) self.set({ focus: true })
    self.emit('focus', { value: control.value, height: 0 })
  })
  control.addEventListener('blur', () => {
    if (self.data['focus']) self.set({ focus: false })
    self.emit('blur', { value: control.value, cursor: control.selectionStart ?? control.value.length })
  })
}

/** The words in an empty field. They have a style and a class of their own, which HTML's placeholder has not. */
function showPlaceholder({ self, control }: TextField, hint: HTMLElement, own: string): void {
  const { placeholder, placeholderStyle, placeholderClass } = self.data
  control.placeholder = String(placeholder)
  hint.textContent = control.value === '' ? String(placeholder) : ''
  hint.setAttribute('style', typeof placeholderStyle === 'string' ? placeholderStyle : '')
  hint.className = `wx-placeholder ${own} ${scopedClass(self, placeholderClass)}`
}

function render(field: TextField): void {
  const { self, control } = field
  const { value, disabled, confirmType, cursorColor } = self.data
  if (control.value !== value) control.value = String(value)
  control.disabled = Boolean(disabled)
  setAttribute(control, 'enterkeyhint', confirmType === 'return' ? 'enter' : String(confirmType))
  control.style.caretColor = String(cursorColor)
}

/** Binds a native field to the properties and events of the component that holds it. */
export function makeTextField(self: AnySelf, control: Control, type: () => string): void {
  const field: TextField = { self, control, type }
  const own = `${self.tag}-placeholder`
  const hint = make('span', '', { 'aria-hidden': 'true' })
  control.dataset['control'] = ''
  control.autocomplete = 'off'
  self.host.append(hint, control)
  listen(field)
  self.watch(() => {
    render(field)
    showPlaceholder(field, hint, own)
  })
  followFocus(field)
  self.abilities.field = { value: () => control.value, reset: () => self.set({ value: '' }) }
  self.abilities.labelTap = () => focusOn(field)
}

/** `focus` of the template gives and takes it, once the field stands on the page. */
function followFocus(field: TextField): void {
  const { self, control } = field
  let wanted = false
  self.watch(() => {
    const isWanted = self.data['focus'] === true || self.data['autoFocus'] === true
    if (isWanted === wanted || !control.isConnected) return
    wanted = isWanted
    if (isWanted) requestAnimationFrame(() => wanted && focusOn(field))
    else if (document.activeElement === control) control.blur()
  })
}
