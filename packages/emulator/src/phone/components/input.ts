import { builtIn } from './core/built-in.ts'
import { make } from './core/element.ts'
import { anything, flag, text } from './core/property.ts'
import type { AnySelf } from './core/self.ts'
import { makeTextField, textFieldProperties } from './core/text-field.ts'
import { inputModeOf } from './input-value.ts'
import { offerNickname } from './nickname.ts'

const properties = {
  ...textFieldProperties,
  type: text('text'),
  password: flag(),
  alwaysEmbed: flag(),
  safePasswordCertPath: text(),
  safePasswordLength: anything(),
  safePasswordTimeStamp: anything(),
  safePasswordNonce: text(),
  safePasswordSalt: text(),
  safePasswordCustomHash: text(),
}

export const input = builtIn(
  'input',
  properties,
  (self) => {
    const control = make('input', 'wx-field')
    const any = self as unknown as AnySelf
    makeTextField(any, control, () => self.data.type)
    control.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' || event.isComposing) return
      self.emit('confirm', { value: control.value })
      if (!self.data.confirmHold) control.blur()
    })
    offerNickname(any, control)
    self.watch(() => {
      const { type, password } = self.data
      const isHidden = password || type === 'safe-password'
      if (control.type !== (isHidden ? 'password' : 'text')) control.type = isHidden ? 'password' : 'text'
      control.inputMode = inputModeOf(type)
    })
  },
  { hasContent: false },
)
