type Attributes = Readonly<Record<string, string | boolean | ((event: Event) => void) | undefined>>

/**
 * An element of the phone's own: `make('button', { class: 'x', onclick: close }, 'Close')`. Functions become listeners,
 * true an attribute without a value, false and undefined none.
 */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name.replace(/^on/, ''), value)
    else if (value === true) element.setAttribute(name, '')
    else if (typeof value === 'string') element.setAttribute(name, value)
  }
  element.append(...children)
  return element
}

const SVG = 'http://www.w3.org/2000/svg'

/** A picture of lines on a field of 24 by 24, in the colour of the text around it. */
export function icon(path: string, className = ''): SVGSVGElement {
  const svg = document.createElementNS(SVG, 'svg')
  svg.setAttribute('viewBox', '0 0 24 24')
  svg.setAttribute('class', `phone-icon ${className}`.trim())
  svg.setAttribute('aria-hidden', 'true')
  const line = document.createElementNS(SVG, 'path')
  line.setAttribute('d', path)
  svg.append(line)
  return svg
}

export const ICONS = {
  back: 'M15 4 7 12l8 8',
  home: 'M4 11 12 4l8 7M6.5 9.5V20h11V9.5',
  done: 'M4 12.5 9.5 18 20 7',
  failed: 'M12 5v9M12 18v.5',
  close: 'M6 6l12 12M18 6 6 18',
} as const
