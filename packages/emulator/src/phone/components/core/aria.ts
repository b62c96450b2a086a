import { type Properties, type Property, text } from './property.ts'

const NAMES = [
  'activedescendant',
  'atomic',
  'autocomplete',
  'busy',
  'checked',
  'controls',
  'current',
  'describedby',
  'disabled',
  'expanded',
  'haspopup',
  'hidden',
  'invalid',
  'label',
  'labelledby',
  'level',
  'live',
  'modal',
  'multiline',
  'multiselectable',
  'orientation',
  'owns',
  'placeholder',
  'pressed',
  'readonly',
  'required',
  'roledescription',
  'selected',
  'sort',
  'valuemax',
  'valuemin',
  'valuenow',
  'valuetext',
]

const property = (name: string): string => `aria${name[0]?.toUpperCase() ?? ''}${name.slice(1)}`

/** Property → attribute: `ariaLabel` → `aria-label`. */
const ATTRIBUTES = new Map(NAMES.map((name) => [property(name), `aria-${name}`]))

const unset: Property<unknown> = { type: null, value: null }

/** Every component takes `role` (or WeChat's `aria-role`) and `aria-*` from its template. */
export const ARIA_PROPERTIES: Properties = {
  role: text(),
  ariaRole: text(),
  ...Object.fromEntries([...ATTRIBUTES.keys()].map((name) => [name, unset])),
}

/**
 * Writes them to the element that the user meets: the host, or the field in it. What the template does not say stays as
 * the component itself has set it.
 */
export function applyAria(element: HTMLElement, data: Readonly<Record<string, unknown>>): void {
  const role = data['ariaRole'] || data['role']
  if (typeof role === 'string' && role !== '') element.setAttribute('role', role)
  for (const [name, attribute] of ATTRIBUTES) {
    const value = data[name]
    if (value !== null && value !== undefined && value !== '') element.setAttribute(attribute, String(value))
  }
}
