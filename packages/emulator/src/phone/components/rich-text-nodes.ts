/** What of a rich text may be shown: nothing else gets past `sanitise`. */
export type RichNode =
  | { type: 'text'; text: string }
  | {
      type: 'node'
      name: string
      attributes: Readonly<Record<string, string>>
      children: readonly RichNode[]
    }

const COMMON = ['class', 'style', 'dir']

/** Tags that WeChat lets into a rich text, and the attributes of each besides class, style and dir. */
const TAGS: Readonly<Record<string, readonly string[]>> = {
  a: [],
  abbr: [],
  address: [],
  article: [],
  aside: [],
  b: [],
  bdi: [],
  bdo: [],
  big: [],
  blockquote: [],
  br: [],
  caption: [],
  center: [],
  cite: [],
  code: [],
  col: ['span', 'width'],
  colgroup: ['span', 'width'],
  dd: [],
  del: [],
  div: [],
  dl: [],
  dt: [],
  em: [],
  fieldset: [],
  font: ['color', 'face', 'size'],
  footer: [],
  h1: [],
  h2: [],
  h3: [],
  h4: [],
  h5: [],
  h6: [],
  header: [],
  hr: [],
  i: [],
  img: ['alt', 'src', 'height', 'width'],
  ins: [],
  label: [],
  legend: [],
  li: [],
  mark: [],
  nav: [],
  ol: ['start', 'type'],
  p: [],
  pre: [],
  q: [],
  rt: [],
  ruby: [],
  s: [],
  section: [],
  small: [],
  span: [],
  strong: [],
  sub: [],
  sup: [],
  table: ['width'],
  tbody: [],
  td: ['colspan', 'height', 'rowspan', 'width'],
  tfoot: [],
  th: ['colspan', 'height', 'rowspan', 'width'],
  thead: [],
  tr: ['colspan', 'height', 'rowspan', 'width'],
  tt: [],
  u: [],
  ul: [],
}

/** Deeper is cut off: a circle in the nodes must come to an end. */
const DEPTH = 60

type Loose = Readonly<Record<string, unknown>>

const isObject = (value: unknown): value is Loose => typeof value === 'object' && value !== null

/** Pictures come from the network or stand in the text; no other scheme means anything in an `src`. */
function isPictureAddress(address: string): boolean {
  const plain = [...address]
    .filter((one) => one > ' ')
    .join('')
    .toLowerCase() // a browser reads past blanks in it
  const scheme = /^([a-z][a-z0-9+.-]*):/.exec(plain)?.[1]
  if (scheme === undefined) return true
  return ['http', 'https', 'blob', 'wxfile', 'cloud'].includes(scheme) || plain.startsWith('data:image/')
}

function attributesOf(name: string, given: unknown): Record<string, string> {
  if (!isObject(given)) return {}
  const allowed = [...COMMON, ...(TAGS[name] ?? [])]
  const kept = allowed.flatMap((key): [string, string][] => {
    const value = Object.hasOwn(given, key) ? given[key] : undefined
    return typeof value === 'string' || typeof value === 'number' ? [[key, String(value)]] : []
  })
  return Object.fromEntries(kept.filter(([key, value]) => key !== 'src' || isPictureAddress(value)))
}

function nodeOf(given: unknown, depth: number): RichNode[] {
  if (!isObject(given) || depth > DEPTH) return []
  if (given['type'] === 'text')
    return typeof given['text'] === 'string' ? [{ type: 'text', text: given['text'] }] : []
  const name = typeof given['name'] === 'string' ? given['name'].toLowerCase() : ''
  if (!Object.hasOwn(TAGS, name)) return []
  const children =
    name === 'img' || name === 'br' || name === 'hr' ? [] : listOf(given['children'], depth + 1)
  return [{ type: 'node', name, attributes: attributesOf(name, given['attrs']), children }]
}

function listOf(given: unknown, depth: number): RichNode[] {
  return Array.isArray(given) ? given.flatMap((one: unknown) => nodeOf(one, depth)) : []
}

/** The nodes of a `<rich-text>` that may be shown; a tag that is not on WeChat's list goes with all that is in it. */
export function sanitise(nodes: unknown): RichNode[] {
  return listOf(nodes, 0)
}
