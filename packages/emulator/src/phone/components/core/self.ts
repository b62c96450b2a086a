import type * as glassEasel from 'glass-easel'
import type { PhoneServices } from '../services.ts'

/** What a form asks of a field in it. */
export interface Field {
  value(): unknown
  reset(): void
}

/** What components offer each other, beyond their properties. */
export interface Abilities {
  /** It has a value that a form submits under its `name`. */
  field?: Field
  /** What a tap on its label does. */
  labelTap?: () => void
  /** Told that a component within was added, has gone or has changed. */
  childChanged?: () => void
  /** A child tells its group that it was chosen. */
  choose?: (child: AnySelf) => void
  /** A form: `submit` or `reset` by a button. */
  act?: (kind: 'submit' | 'reset', button: AnySelf) => void
  /** A wheel began to turn. */
  childMoved?: () => void
  /** Shows another slide, or scrolls. */
  show?: (index: number) => void
}

export interface EmitOptions {
  bubbles?: boolean
  composed?: boolean
  capturePhase?: boolean
  extraFields?: Record<string, unknown>
  originalEvent?: unknown
  handleListenerReturn?: (result: unknown) => boolean | undefined
}

/** One built-in component on a page, as its code sees it. */
export interface Self<T> {
  readonly tag: string
  readonly host: HTMLElement
  readonly component: glassEasel.GeneralComponent
  readonly phone: PhoneServices
  readonly abilities: Abilities
  readonly data: Readonly<T>
  /** Path of the page or component whose template has it. */
  from(): string
  /** Changes its own properties, as the user's doing: two-way bindings follow. */
  set(patch: Partial<T>): void
  emit(name: string, detail?: unknown, options?: EmitOptions): void
  /** Hears an event of the mini program's world on itself; `false` stops it. */
  on(
    name: string,
    listener: (event: glassEasel.ShadowedEvent<unknown>) => boolean | undefined,
    options?: { capture?: boolean },
  ): void
  /** Runs when it comes onto the page and after each change of its properties. */
  watch(render: () => void): void
  attached(callback: () => void): void
  detached(callback: () => void): void
  /** A style that the template's own does not undo; empty ends it. */
  style(css: string): void
}

export type AnySelf = Self<Record<string, unknown>>

const byHost = new WeakMap<Element, AnySelf>()

export function remember(self: AnySelf): void {
  byHost.set(self.host, self)
}

export function selfAt(element: Element): AnySelf | undefined {
  return byHost.get(element)
}

/** The element of the page that a tap or touch was on, whichever component it belongs to. */
export function elementOf(event: { getOriginalEvent(): unknown }): Element | undefined {
  const original = event.getOriginalEvent()
  const target =
    typeof original === 'object' && original !== null && 'target' in original ? original.target : undefined
  return target instanceof Element ? target : undefined
}

/** The nearest component with one of these tags around this one. */
export function around(self: { readonly host: HTMLElement }, ...tags: string[]): AnySelf | undefined {
  for (let at = self.host.parentElement; at !== null; at = at.parentElement) {
    const found = byHost.get(at)
    if (found !== undefined && tags.includes(found.tag)) return found
  }
  return undefined
}

/** Components with this tag within, in the order of the page; those of a nearer parent of the same kind are its own. */
export function within(self: AnySelf, tag: string): AnySelf[] {
  return [...self.host.querySelectorAll('*')].flatMap((element) => {
    const found = byHost.get(element)
    if (found === undefined || found.tag !== tag) return []
    return around(found, self.tag) === self ? [found] : []
  })
}
