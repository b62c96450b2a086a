import { builtIn } from './core/built-in.ts'
import { make } from './core/element.ts'
import { flag, text } from './core/property.ts'
import type { AnySelf } from './core/self.ts'
import { makeTextField, textFieldProperties } from './core/text-field.ts'

const properties = {
  ...textFieldProperties,
  autoHeight: flag(),
  fixed: flag(),
  showConfirmBar: flag(true),
  disableDefaultPadding: flag(),
  confirmType: text('return'),
}

/** Enter writes a line, unless the keyboard's key is said to be another; then it confirms. */
function confirmOnEnter(self: AnySelf, control: HTMLTextAreaElement): void {
  control.addEventListener('keydown', (event) => {
    const isLine = self.data['confirmType'] === 'return' && !event.ctrlKey && !event.metaKey
    if (event.key !== 'Enter' || event.isComposing || isLine) return
    event.preventDefault()
    self.emit('confirm', { value: control.value })
    if (self.data['confirmHold'] !== true) control.blur()
  })
}

/** How high the text is, whatever the field's own height. */
function textHeight(control: HTMLTextAreaElement): number {
  const { height } = control.style
  control.style.height = '0'
  const heightPx = control.scrollHeight
  control.style.height = height
  return heightPx
}

const rpx = (px: number): number => (px * 750) / Math.max(1, document.documentElement.clientWidth)

/** Grows with what is written, and tells its height and its lines. */
function grow(self: AnySelf, control: HTMLTextAreaElement): void {
  let told = 0
  const measure = () => {
    if (!control.isConnected) return
    const height = textHeight(control)
    control.style.height = self.data['autoHeight'] === true ? `${height}px` : ''
    const { lineHeight, fontSize } = getComputedStyle(control)
    const lineCount = Math.max(1, Math.round(height / (parseFloat(lineHeight) || parseFloat(fontSize) * 1.2)))
    if (told !== 0 && told !== lineCount)
      self.emit('linechange', { height, heightRpx: rpx(height), lineCount })
    told = lineCount
  }
  self.watch(measure)
  self.attached(() => requestAnimationFrame(measure))
}

export const textarea = builtIn(
  'textarea',
  properties,
  (self) => {
    const control = make('textarea', 'wx-field')
    const any = self as unknown as AnySelf
    makeTextField(any, control, () => 'text')
    confirmOnEnter(any, control)
    grow(any, control)
    self.watch(() => self.host.toggleAttribute('data-auto-height', self.data.autoHeight))
  },
  { hasContent: false },
)
