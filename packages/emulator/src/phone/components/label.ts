import { builtIn } from './core/built-in.ts'
import { text } from './core/property.ts'
import { type AnySelf, elementOf, selfAt } from './core/self.ts'

const CONTROLS = ['button', 'checkbox', 'radio', 'switch', 'input', 'textarea', 'slider', 'picker']

function isControl(self: AnySelf | undefined): self is AnySelf {
  return self !== undefined && CONTROLS.includes(self.tag)
}

function firstIn(host: HTMLElement): AnySelf | undefined {
  return [...host.querySelectorAll('*')].map(selfAt).find(isControl)
}

function byId(label: AnySelf, id: string): AnySelf | undefined {
  const found = label.component.ownerShadowRoot?.getElementById(id)?.$$
  return found instanceof Element ? selfAt(found) : undefined
}

/** Whether the tap was on a control, which has then already done what it does. */
function isOnControl(label: HTMLElement, tapped: Element | undefined): boolean {
  for (let at: Element | null | undefined = tapped; at && at !== label; at = at.parentElement)
    if (isControl(selfAt(at))) return true
  return false
}

/** For who hears the page: the control is called what its label says. */
function nameIt(label: HTMLElement, control: AnySelf | undefined): void {
  if (control === undefined) return
  const element = control.host.querySelector(':scope > [data-control]') ?? control.host
  const words = label.textContent.trim()
  if (words !== '' && !element.hasAttribute('aria-label')) element.setAttribute('aria-label', words)
}

/** Hands its taps to the control that `for` names, or to the first within. */
export const label = builtIn('label', { for: text() }, (self) => {
  const { host } = self
  const control = () =>
    self.data.for === '' ? firstIn(host) : byId(self as unknown as AnySelf, self.data.for)
  self.on('tap', (event) => {
    const target = control()
    const tapped = elementOf(event)
    if (target === undefined || isOnControl(host, tapped)) return undefined
    if (target.data['disabled'] !== true) target.abilities.labelTap?.()
    return undefined
  })
  self.attached(() => requestAnimationFrame(() => nameIt(host, control())))
})
