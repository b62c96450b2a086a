import { builtIn } from './core/built-in.ts'
import { anything, flag, text } from './core/property.ts'
import { scopedClass } from './core/scoped-class.ts'
import type { AnySelf } from './core/self.ts'
import { type RichNode, sanitise } from './rich-text-nodes.ts'
import { decodeEntities, spaceOut } from './text-space.ts'

/** An element of a tree that runs nothing and loads nothing, as nodes. */
function nodesIn(parent: Node): unknown[] {
  return [...parent.childNodes].flatMap((node): unknown[] => {
    if (node instanceof Text) return [{ type: 'text', text: node.data }]
    if (!(node instanceof Element)) return []
    const attrs = Object.fromEntries([...node.attributes].map(({ name, value }) => [name, value]))
    return [{ name: node.localName, attrs, children: nodesIn(node) }]
  })
}

/** The list lets no handler through; taken out before, the browser has none to complain of either. */
function withoutHandlers(html: string): string {
  return html.replace(/<[^>]*>/g, (tag) => tag.replace(/([\s/"'])on[\w-]+\s*=/gi, '$1data-off='))
}

function parse(nodes: unknown): unknown {
  if (typeof nodes !== 'string') return nodes
  const template = document.createElement('template')
  template.innerHTML = withoutHandlers(nodes)
  return nodesIn(template.content)
}

interface Drawing {
  self: AnySelf
  /** A string's entities are the parser's; those in an array are left to this. */
  words: (text: string) => string
}

function draw({ self, words }: Drawing, nodes: readonly RichNode[]): Node[] {
  return nodes.map((node) => {
    if (node.type === 'text') return document.createTextNode(words(node.text))
    const element = document.createElement(node.name)
    for (const [name, value] of Object.entries(node.attributes)) {
      if (name === 'class') element.className = scopedClass(self, value)
      else if (name === 'src') element.setAttribute('src', self.phone.urlOf(value, self.from()))
      else element.setAttribute(name, value)
    }
    if (node.name === 'img' && !element.hasAttribute('alt')) element.setAttribute('alt', '')
    element.append(...draw({ self, words }, node.children))
    return element
  })
}

export const richText = builtIn(
  'rich-text',
  { nodes: anything([]), space: text(), userSelect: flag(), mode: text('default') },
  (self) => {
    let shown: unknown
    self.watch(() => {
      const { nodes, space, userSelect } = self.data
      self.host.toggleAttribute('data-selectable', userSelect)
      const wanted = JSON.stringify([nodes, space])
      if (wanted === shown) return
      shown = wanted
      const isText = typeof nodes === 'string'
      const words = (given: string) => spaceOut(isText ? given : decodeEntities(given), space)
      self.host.replaceChildren(...draw({ self: self as unknown as AnySelf, words }, sanitise(parse(nodes))))
    })
  },
  { hasContent: false },
)
