import { builtIn } from './core/built-in.ts'
import { makePressable } from './core/press.ts'
import { flag, text } from './core/property.ts'
import type { AnySelf } from './core/self.ts'

const properties = {
  name: text(),
  checked: flag(),
  disabled: flag(),
  type: text('switch'),
  color: text('#04BE02'),
}

export const switcher = builtIn(
  'switch',
  properties,
  (self) => {
    const { host } = self
    const press = () => {
      self.set({ checked: !self.data.checked })
      self.emit('change', { value: self.data.checked })
    }
    makePressable(self as unknown as AnySelf, { isDisabled: () => self.data.disabled, press, role: 'switch' })
    self.abilities.field = { value: () => self.data.checked, reset: () => self.set({ checked: false }) }
    self.watch(() => {
      const { checked, type, color, disabled } = self.data
      host.setAttribute('aria-checked', String(checked))
      host.setAttribute('role', type === 'checkbox' ? 'checkbox' : 'switch')
      host.dataset['type'] = type
      host.toggleAttribute('data-checked', checked)
      host.toggleAttribute('disabled', disabled)
      self.style(color === '#04BE02' ? '' : `--mark: ${color}`)
    })
  },
  { hasContent: false },
)
