import { flag, number, type Properties, text } from './property.ts'
import type { AnySelf } from './self.ts'

/** glass-easel's segment for classes that the template's `class` does not undo. */
const HOVER_SEGMENT = 3

export function hoverProperties(className: string, startMs: number, stayMs: number) {
  return {
    hoverClass: text(className),
    hoverStopPropagation: flag(),
    hoverStartTime: number(startMs),
    hoverStayTime: number(stayMs),
  } satisfies Properties
}

/** An event that a child's `hover-stop-propagation` keeps from its parents. */
const stopped = new WeakSet<Event>()

function setHover(self: AnySelf, own: string, isOn: boolean): void {
  const name = String(self.data['hoverClass'] ?? '')
  if (isOn && name === 'none') return
  if (name === own) self.host.classList.toggle(own, isOn)
  else if (isOn) for (const one of name.split(/\s+/)) self.component.toggleNodeClass(one, true, HOVER_SEGMENT)
  if (isOn) return
  self.component.setNodeClass('', HOVER_SEGMENT)
  self.host.classList.remove(own)
}

/** `hover-class` while a finger rests on it: after `hover-start-time`, and for `hover-stay-time` more, in ms. */
export function makeHover(self: AnySelf, own: string, isDisabled: () => boolean = () => false): void {
  let timer: ReturnType<typeof setTimeout> | undefined
  const after = (property: string, isOn: boolean) => {
    clearTimeout(timer)
    timer = setTimeout(() => setHover(self, own, isOn), Number(self.data[property]))
  }
  self.host.addEventListener('pointerdown', (event) => {
    if (stopped.has(event) || isDisabled()) return
    if (self.data['hoverStopPropagation'] === true) stopped.add(event)
    after('hoverStartTime', true)
  })
  for (const name of ['pointerup', 'pointercancel', 'pointerleave'] as const)
    self.host.addEventListener(name, () => after('hoverStayTime', false))
  self.detached(() => clearTimeout(timer))
}
