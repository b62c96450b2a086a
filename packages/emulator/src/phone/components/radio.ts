import { builtIn } from './core/built-in.ts'
import { choiceProperties, makeChoice, tellGroup } from './core/choice.ts'
import { text } from './core/property.ts'
import { type AnySelf, around, within } from './core/self.ts'

const STEPS: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }

/** The next radio of the group that can be chosen, in the order of the page, around its ends. */
function neighbour(self: AnySelf, step: number): AnySelf | undefined {
  const group = around(self, 'radio-group')
  if (group === undefined) return undefined
  const all = within(group, 'radio').filter(({ data }) => data['disabled'] !== true)
  const at = all.findIndex(({ host }) => host === self.host)
  return all[(at + step + all.length) % all.length]
}

export const radio = builtIn('radio', choiceProperties, (self) => {
  const any = self as unknown as AnySelf
  makeChoice(any, 'radio', (one) => {
    if (one.data['checked'] === true) return
    one.set({ checked: true })
    tellGroup(one)
  })
  self.host.addEventListener('keydown', (event) => {
    const step = STEPS[event.key]
    const next = step === undefined ? undefined : neighbour(any, step)
    if (next === undefined) return
    event.preventDefault()
    next.host.focus()
    next.abilities.labelTap?.()
  })
})

const chosenIn = (group: AnySelf): AnySelf | undefined =>
  within(group, 'radio').find(({ data }) => data['checked'] === true)

export const radioGroup = builtIn('radio-group', { name: text() }, (self) => {
  const group = self as unknown as AnySelf
  self.host.setAttribute('role', 'radiogroup')
  self.abilities.choose = (child) => {
    for (const one of within(group, 'radio')) if (one.host !== child.host) one.set({ checked: false })
    self.emit('change', { value: child.data['value'] })
  }
  self.abilities.field = {
    value: () => String(chosenIn(group)?.data['value'] ?? ''),
    reset: () => chosenIn(group)?.set({ checked: false }),
  }
})
