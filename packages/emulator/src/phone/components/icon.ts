import { builtIn } from './core/built-in.ts'
import { lengthOf } from './core/element.ts'
import { length, text } from './core/property.ts'
import { SHAPES, type Shape } from './icon-shapes.ts'

const SVG = 'http://www.w3.org/2000/svg'

function drawing(shape: Shape, color: string): SVGSVGElement {
  const svg = document.createElementNS(SVG, 'svg')
  svg.setAttribute('viewBox', '0 0 24 24')
  svg.setAttribute('aria-hidden', 'true')
  const path = document.createElementNS(SVG, 'path')
  path.setAttribute('d', shape.path)
  path.setAttribute('stroke', shape.isFilled ? '#fff' : color)
  if (shape.isFilled) {
    const disc = document.createElementNS(SVG, 'circle')
    for (const [name, value] of Object.entries({ cx: '12', cy: '12', r: '10.5', fill: color }))
      disc.setAttribute(name, value)
    svg.append(disc)
  }
  svg.append(path)
  return svg
}

export const icon = builtIn(
  'icon',
  { type: text(), size: length(23), color: text() },
  (self) => {
    self.host.setAttribute('role', 'img')
    self.watch(() => {
      const { type, size, color } = self.data
      const shape = SHAPES[type]
      self.host.setAttribute('aria-label', type.replaceAll('_', ' ') || 'icon')
      self.style(`--size: ${lengthOf(size)}`)
      self.host.replaceChildren(...(shape === undefined ? [] : [drawing(shape, color || shape.color)]))
    })
  },
  { hasContent: false },
)
