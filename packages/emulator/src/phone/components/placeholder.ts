import { type BuiltIn, builtIn } from './core/built-in.ts'
import { make } from './core/element.ts'
import type { Properties } from './core/property.ts'

const WORDS = { zh: '这部手机上没有', en: 'not in this phone' }

/** Stands where a component would be that this phone lacks, with its name, and says so once. */
export function placeholder(tag: string, properties: Properties): BuiltIn {
  return builtIn(tag, properties, (self) => {
    const name = make('code')
    const words = make('span')
    const note = make('div', 'wx-placeholder-box', { role: 'note' })
    name.textContent = `<${tag}>`
    words.textContent = WORDS[self.phone.language]
    note.append(name, words)
    self.host.append(note)
    self.host.classList.add('wx-absent')
    self.attached(() => self.phone.missing({ what: tag, file: self.from() }))
  })
}
