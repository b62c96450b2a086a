import type { AnySelf } from './self.ts'

/** A tap that no finger made: from the keyboard, or from a label. */
export function tap(self: AnySelf): void {
  const box = self.host.getBoundingClientRect()
  const x = box.left + box.width / 2
  const y = box.top + box.height / 2
  const touch = { identifier: 0, pageX: x, pageY: y, clientX: x, clientY: y }
  self.emit(
    'tap',
    { x, y },
    {
      bubbles: true,
      composed: true,
      capturePhase: true,
      originalEvent: { target: self.host },
      extraFields: { touches: [touch], changedTouches: [touch] },
    },
  )
}

export interface Pressable {
  isDisabled: () => boolean
  /** The component's own deed; it follows what the page's listeners in the capture phase let through. */
  press?: () => void
  role: string
}

function isPress(event: KeyboardEvent, role: string): boolean {
  return event.key === 'Enter' ? role !== 'radio' : event.key === ' ' && role !== 'link'
}

/** Can be reached and pressed with the keyboard; while disabled, its taps are heard by nobody. */
export function makePressable(self: AnySelf, { isDisabled, press, role }: Pressable): void {
  const { host } = self
  host.setAttribute('role', role)
  host.addEventListener('keydown', (event) => {
    if (event.target !== host || !isPress(event, role)) return
    event.preventDefault()
    event.stopPropagation() // nobody around makes a second tap of it
    if (!event.repeat) tap(self)
  })
  self.on('tap', () => (isDisabled() ? false : undefined), { capture: true })
  self.on('tap', () => {
    press?.()
    return undefined
  })
  self.abilities.labelTap = () => tap(self)
  self.watch(() => {
    host.tabIndex = isDisabled() ? -1 : 0
    if (isDisabled()) host.setAttribute('aria-disabled', 'true')
    else host.removeAttribute('aria-disabled')
  })
}
