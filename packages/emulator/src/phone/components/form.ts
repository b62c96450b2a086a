import { builtIn } from './core/built-in.ts'
import { flag, number } from './core/property.ts'
import type { AnySelf } from './core/self.ts'
import { collect, type FormNode, fieldsOf } from './form-data.ts'

export const form = builtIn('form', { reportSubmit: flag(), reportSubmitTimeout: number(0) }, (self) => {
  const root = self.component as unknown as FormNode
  const submit = (button: AnySelf) => {
    const { id, dataset } = button.component
    const { offsetLeft, offsetTop } = button.host
    const value = collect(fieldsOf(root))
    self.emit('submit', { value, target: { id, dataset, offsetLeft, offsetTop }, formId: '' })
  }
  const reset = () => {
    for (const field of fieldsOf(root)) field.reset()
    self.emit('reset', {})
  }
  self.abilities.act = (kind, button) => (kind === 'submit' ? submit(button) : reset())
})
