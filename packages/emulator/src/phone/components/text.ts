import { builtIn } from './core/built-in.ts'
import { flag, number, text as string } from './core/property.ts'
import { decodeEntities, spaceOut } from './text-space.ts'

const properties = {
  selectable: flag(),
  userSelect: flag(),
  space: string(),
  decode: flag(),
  overflow: string('visible'),
  maxLines: number(0),
}

function textsIn(host: HTMLElement): Text[] {
  return [...host.childNodes].filter((node): node is Text => node instanceof Text)
}

export const text = builtIn('text', properties, (self) => {
  const { host } = self
  const shown = new WeakMap<Text, string>()
  const rewrite = () => {
    for (const node of textsIn(host)) {
      if (shown.get(node) === node.data) continue
      const decoded = self.data.decode ? decodeEntities(node.data) : node.data
      const spaced = spaceOut(decoded, self.data.space)
      shown.set(node, spaced)
      if (spaced !== node.data) node.data = spaced
    }
  }
  const observer = new MutationObserver(rewrite)
  self.attached(() => {
    rewrite()
    observer.observe(host, { childList: true, characterData: true, subtree: true })
  })
  self.detached(() => observer.disconnect())
  self.watch(() => {
    host.toggleAttribute('data-selectable', self.data.userSelect || self.data.selectable)
    host.toggleAttribute('data-block', self.data.userSelect)
    host.dataset['overflow'] = self.data.overflow
    self.style(self.data.maxLines > 0 ? `--lines: ${self.data.maxLines}` : '')
    host.toggleAttribute('data-lines', self.data.maxLines > 0)
  })
})
