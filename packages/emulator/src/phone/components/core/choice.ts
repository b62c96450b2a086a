import { makePressable } from './press.ts'
import { flag, text } from './property.ts'
import { type AnySelf, around } from './self.ts'

/** Properties of `<checkbox>` and `<radio>`; the colours of the box are WeChat's own names. */
export const choiceProperties = {
  value: text(),
  disabled: flag(),
  checked: flag(),
  color: text('#09BB07'),
  backgroundColor: text(),
  borderColor: text(),
  activeBackgroundColor: text(),
  activeBorderColor: text(),
}

function paint(self: AnySelf): void {
  const { checked, color, backgroundColor, borderColor, activeBackgroundColor, activeBorderColor } = self.data
  const fill = checked === true ? activeBackgroundColor : backgroundColor
  const edge = checked === true ? activeBorderColor : borderColor
  const said = { '--mark': color === '#09BB07' ? '' : color, '--fill': fill, '--edge': edge }
  const css = Object.entries(said).flatMap(([name, value]) =>
    value === '' ? [] : [`${name}: ${String(value)}`],
  )
  self.style(css.join(';'))
}

/** A box that can be ticked, with the words beside it; the group around is told. */
export function makeChoice(self: AnySelf, role: 'checkbox' | 'radio', choose: (self: AnySelf) => void): void {
  const isDisabled = () => self.data['disabled'] === true
  makePressable(self, { isDisabled, press: () => choose(self), role })
  self.watch(() => {
    self.host.setAttribute('aria-checked', String(self.data['checked']))
    self.host.toggleAttribute('data-checked', self.data['checked'] === true)
    self.host.toggleAttribute('disabled', isDisabled())
    paint(self)
  })
}

/** Tells its group, which tells the page. */
export function tellGroup(self: AnySelf): void {
  around(self, `${self.tag}-group`)?.abilities.choose?.(self)
}
