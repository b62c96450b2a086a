import * as glassEasel from 'glass-easel'
import { phoneLengths } from '../../lib/miniprogram/lengths.ts'

type Created = ReturnType<glassEasel.CurrentWindowBackendContext['document']['createElement']>

/** Elements that a tap works on where only a keyboard is at hand. */
const PRESSED_BY_KEYS = 'button, input, select, textarea, a, [role=button]'

/**
 * Where glass-easel draws: this window, every tag of a template as `wx-{tag}`, so that no tag of a mini program means
 * anything to the browser, and every event led back to the element that it happened on.
 */
export function createBackend(): glassEasel.CurrentWindowBackendContext {
  const context = new glassEasel.CurrentWindowBackendContext()
  const create = (tag: string) => phoneElement(tag) as unknown as Created
  context.document = {
    createElement: create,
    createTextNode: (content) => document.createTextNode(content) as unknown as Created,
    createDocumentFragment: () => document.createDocumentFragment() as unknown as Created,
  }
  context.onEvent((target, type, detail, options) => {
    const event = new glassEasel.Event(type, detail, {
      ...options,
      extraFields: touchesOf(options.originalEvent),
    })
    glassEasel.Event.dispatchEvent(target, event)
    return event.getEventBubbleStatus()
  })
  tapByKeys()
  return context
}

/** Its style attribute is read in the phone's lengths. */
function phoneElement(tag: string): HTMLElement {
  const element = document.createElement(`wx-${tag}`)
  element.setAttribute = (name: string, value: string) => {
    Element.prototype.setAttribute.call(element, name, name === 'style' ? phoneLengths(value) : value)
  }
  return element
}

/** A click that no pointer made (Enter, a screen reader) taps too; one of a pointer has tapped already. */
function tapByKeys(): void {
  document.body.addEventListener('click', (click) => {
    if (click.detail !== 0 || click.defaultPrevented || !(click.target instanceof Element)) return
    tapElement(click.target)
  })
  document.body.addEventListener('keydown', (press) => {
    const { target, key, defaultPrevented } = press
    if (key !== 'Enter' || defaultPrevented || !(target instanceof Element)) return
    if (!target.matches(PRESSED_BY_KEYS)) tapElement(target)
  })
}

interface Owned extends Element {
  __wxElement?: glassEasel.Element
}

/** The element of glass-easel that a node of the page belongs to. */
export function ownerOf(node: Element | null): glassEasel.Element | undefined {
  for (let at: Owned | null = node; at; at = at.parentElement) if (at.__wxElement) return at.__wxElement
  return undefined
}

function tapElement(element: Element): void {
  const owner = ownerOf(element)
  if (!owner) return
  const { left, top, width, height } = element.getBoundingClientRect()
  const detail = { x: left + width / 2, y: top + height / 2 }
  glassEasel.Event.triggerEvent(owner, 'tap', detail, { bubbles: true, composed: true, capturePhase: true })
}

interface Finger {
  identifier: number
  pageX: number
  pageY: number
  clientX: number
  clientY: number
}

function fingerOf({ identifier, pageX, pageY, clientX, clientY }: Finger): Finger {
  return { identifier, pageX, pageY, clientX, clientY }
}

/** `touches` and `changedTouches`, of fingers or of a mouse. */
function touchesOf(original: unknown): Record<string, unknown> {
  if (typeof TouchEvent !== 'undefined' && original instanceof TouchEvent) {
    const touches = Array.from(original.touches, fingerOf)
    return { touches, changedTouches: Array.from(original.changedTouches, fingerOf) }
  }
  if (!(original instanceof MouseEvent)) return {}
  const { pageX, pageY, clientX, clientY } = original
  const finger = { identifier: 0, pageX, pageY, clientX, clientY }
  return { touches: original.type === 'mouseup' ? [] : [finger], changedTouches: [finger] }
}
