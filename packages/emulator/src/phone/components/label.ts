import { builtIn } from './core/built-in.ts'
import { text } from './core/property.ts'
import { type AnySelf, selfAt } from './core/self.ts'

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

/** Whether the tap was on the control itself, which has then already done what it does. */
function isWithin(control: AnySelf, event: unknown): boolean {
  const { target } = event as { target?: { $$?: unknown } }
  const at = target?.$$
  return at instanceof Node && control.host.contains(at)
}

export const label = builtIn('label', { for: text() }, (self) => {
  const any = self as unknown as AnySelf
  const control = () => (self.data.for === '' ? firstIn(self.host) : byId(any, self.data.for))
  self.on('tap', (event) => {
    const target = control()
    if (target === undefined || isWithin(target, event)) return undefined
    if (self.data.for === '' && isControlTapped(self.host, event)) return undefined
    if (target.data['disabled'] !== true) target.abilities.labelTap?.()
    return undefined
  })
  self.attached(() => requestAnimationFrame(() => nameIt(self.host, control())))
})

function isControlTapped(label: HTMLElement, event: unknown): boolean {
  const { target } = event as { target?: { $$?: unknown } }
  for (let at = target?.$$; at instanceof Element && at !== label; at = at.parentElement)
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
