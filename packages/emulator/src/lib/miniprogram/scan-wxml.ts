/** One attribute of a tag, as it is written. */
export interface Attribute {
  name: string
  /** Without the quotes; null where there is none. */
  value: string | null
  /** Offset of the value; of the name where there is none. */
  offset: number
}

/** One opening tag of a WXML text. */
export interface Tag {
  name: string
  attributes: Attribute[]
  /** Offset of `<`, and of what follows after `>`. */
  start: number
  end: number
  isSelfClosing: boolean
}

const NAME = /[^\s/>="'<]+/y
const SPACE = /\s*/y
/** What plain text ends at. */
const MARK = /[<{]/g

function skip(pattern: RegExp, text: string, from: number): number {
  pattern.lastIndex = from
  return pattern.test(text) ? pattern.lastIndex : from
}

/** The end of `{{ … }}` that begins at `from`; strings in it may hold `}}`. */
export function endOfBinding(text: string, from: number): number {
  let at = from + 2
  while (at < text.length) {
    const character = text[at] ?? ''
    if (text.startsWith('}}', at)) return at + 2
    at = character === '"' || character === "'" ? endOfString(text, at) : at + 1
  }
  return text.length
}

function endOfString(text: string, from: number): number {
  const quote = text[from]
  for (let at = from + 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1
    else if (text[at] === quote) return at + 1
  }
  return text.length
}

function endOfValue(text: string, from: number): number {
  const quote = text[from] ?? ''
  let at = from + 1
  while (at < text.length && text[at] !== quote)
    at = text.startsWith('{{', at) ? endOfBinding(text, at) : at + 1
  return Math.min(at + 1, text.length)
}

function readAttribute(text: string, from: number): { attribute: Attribute; end: number } | undefined {
  const nameEnd = skip(NAME, text, from)
  if (nameEnd === from) return undefined
  const name = text.slice(from, nameEnd)
  const mark = skip(SPACE, text, nameEnd)
  if (text[mark] !== '=') return { attribute: { name, value: null, offset: from }, end: nameEnd }
  const start = skip(SPACE, text, mark + 1)
  if (text[start] === '"' || text[start] === "'") {
    const end = endOfValue(text, start)
    return { attribute: { name, value: text.slice(start + 1, end - 1), offset: start + 1 }, end }
  }
  const end = text.startsWith('{{', start) ? endOfBinding(text, start) : skip(NAME, text, start)
  return { attribute: { name, value: text.slice(start, end), offset: start }, end }
}

function readTag(text: string, start: number): Tag {
  const nameEnd = skip(NAME, text, start + 1)
  const tag: Tag = {
    name: text.slice(start + 1, nameEnd),
    attributes: [],
    start,
    end: text.length,
    isSelfClosing: false,
  }
  let at = nameEnd
  while (at < text.length) {
    at = skip(SPACE, text, at)
    if (text[at] === '>') return { ...tag, end: at + 1, isSelfClosing: text[at - 1] === '/' }
    const read = readAttribute(text, at)
    if (read) tag.attributes.push(read.attribute)
    at = read && read.end > at ? read.end : at + 1
  }
  return tag
}

/** The end of what begins at `from` and is no tag: a comment, a binding, a closing tag, or plain text. */
function endOfOther(text: string, from: number): number {
  const closing = text.startsWith('<!--', from) ? '-->' : text.startsWith('</', from) ? '>' : undefined
  if (closing !== undefined) {
    const end = text.indexOf(closing, from)
    return end === -1 ? text.length : end + closing.length
  }
  if (text.startsWith('{{', from)) return endOfBinding(text, from)
  MARK.lastIndex = from + 1
  return MARK.test(text) ? MARK.lastIndex - 1 : text.length
}

/** Where the text of a `<wxs>` ends that begins at `from`. */
function endOfWxs(text: string, from: number): number {
  const end = text.indexOf('</wxs', from)
  return end === -1 ? text.length : end
}

/**
 * The opening tags of a WXML text, in their order, with their places. It takes any text whatever: what is wrong with it is
 * the compiler's to say, which tells no places of what it accepted.
 */
export function scanWxml(text: string): Tag[] {
  const tags: Tag[] = []
  let at = 0
  while (at < text.length) {
    if (text[at] !== '<' || !/[A-Za-z_]/.test(text[at + 1] ?? '')) {
      at = endOfOther(text, at)
      continue
    }
    const tag = readTag(text, at)
    tags.push(tag)
    at = tag.name === 'wxs' && !tag.isSelfClosing ? endOfWxs(text, tag.end) : tag.end
  }
  return tags
}

export function attributeOf(tag: Tag, name: string): Attribute | undefined {
  return tag.attributes.find((attribute) => attribute.name === name)
}
