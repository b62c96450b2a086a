import { builtIn } from './core/built-in.ts'
import { choiceProperties, makeChoice, tellGroup } from './core/choice.ts'
import { text } from './core/property.ts'
import { type AnySelf, within } from './core/self.ts'

export const checkbox = builtIn('checkbox', choiceProperties, (self) => {
  makeChoice(self as unknown as AnySelf, 'checkbox', (one) => {
    one.set({ checked: one.data['checked'] !== true })
    tellGroup(one)
  })
})

const valuesOf = (group: AnySelf): string[] =>
  within(group, 'checkbox')
    .filter(({ data }) => data['checked'] === true)
    .map(({ data }) => String(data['value']))

export const checkboxGroup = builtIn('checkbox-group', { name: text() }, (self) => {
  const group = self as unknown as AnySelf
  self.host.setAttribute('role', 'group')
  self.abilities.choose = () => self.emit('change', { value: valuesOf(group) })
  self.abilities.field = {
    value: () => valuesOf(group),
    reset: () => {
      for (const one of within(group, 'checkbox')) one.set({ checked: false })
    },
  }
})
