/** An element of the component's own, with text and attributes. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className = '',
  attributes: Readonly<Record<string, string>> = {},
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag)
  if (className !== '') element.className = className
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value)
  return element
}

/** A length as WeChat takes it: a number counts pixels. */
export function lengthOf(value: unknown): string {
  if (typeof value === 'number') return `${value}px`
  const text = String(value ?? '').trim()
  return /^-?[\d.]+$/.test(text) ? `${text}px` : text
}

/** Sets an attribute, or takes it away where the value is false or empty. */
export function setAttribute(element: Element, name: string, value: string | number | boolean): void {
  if (value === false || value === '') element.removeAttribute(name)
  else element.setAttribute(name, value === true ? '' : String(value))
}
