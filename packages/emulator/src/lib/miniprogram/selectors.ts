import parser from 'postcss-selector-parser'

/** Whom a style sheet's rules reach. */
export interface Reach {
  /** Prefix of class names; empty where they are not. */
  scope: string
  /** Pages that the rules are held to; null: all. */
  pages: readonly string[] | null
}

/** As strong as a tag's name, and true of every element. */
const LIKE_A_TAG = ':not(wx-none)'
/** As strong as an id, and true of every element. */
const LIKE_AN_ID = ':not(#wx-none)'

const quoted = (text: string) => JSON.stringify(text)

/** Matches the root of the pages that a sheet is held to. */
function pageRoot({ pages }: Reach): string {
  if (pages === null) return '[data-page]'
  return pages.map((page) => `[data-page=${quoted(page)}]`).join(',')
}

function idSelector(id: string): string {
  // The framework writes `owner--id`, so that two components may use the same id.
  return `:where([id=${quoted(id)}],[id$=${quoted(`--${id}`)}])${LIKE_AN_ID}`
}

function rewriteTag(tag: parser.Tag, reach: Reach): void {
  const name = tag.value
  if (/^(?:from|to|\d.*%)$/.test(name)) return
  if (name === 'page') tag.replaceWith(parser.tag({ value: `:where(${pageRoot(reach)})${LIKE_A_TAG}` }))
  else tag.value = `wx-${name}`
}

function rewritePseudo(pseudo: parser.Pseudo, reach: Reach): void {
  if (pseudo.value === ':root')
    pseudo.replaceWith(parser.tag({ value: `:where(${pageRoot(reach)})${LIKE_A_TAG}` }))
  if (pseudo.value !== ':host') return
  const host = reach.scope === '' ? ':host' : `[wx-host=${quoted(reach.scope)}]`
  pseudo.replaceWith(parser.tag({ value: host }))
}

/** `[class^="icon-"]` of a scoped sheet. */
function rewriteAttribute(attribute: parser.Attribute, { scope }: Reach): void {
  const value = attribute.value
  if (attribute.attribute !== 'class' || scope === '' || value === undefined) return
  if (attribute.operator === '~=' || attribute.operator === '^=' || attribute.operator === '|=') {
    attribute.setValue(`${scope}--${value}`, { quoteMark: '"' })
  }
}

function rewriteNodes(selector: parser.Selector, reach: Reach): void {
  const nodes: parser.Node[] = []
  selector.walk((node) => void nodes.push(node))
  for (const node of nodes) {
    if (node.type === 'class' && reach.scope !== '') node.value = `${reach.scope}--${node.value}`
    else if (node.type === 'id') node.replaceWith(parser.tag({ value: idSelector(node.value) }))
    else if (node.type === 'tag') rewriteTag(node, reach)
    else if (node.type === 'pseudo') rewritePseudo(node, reach)
    else if (node.type === 'attribute') rewriteAttribute(node, reach)
  }
}

interface Traits {
  hasClass: boolean
  isAboutPage: boolean
}

function traitsOf(selector: parser.Selector): Traits {
  let hasClass = false
  selector.walk((node) => {
    if (node.type === 'class' || (node.type === 'pseudo' && node.value === ':host')) hasClass = true
  })
  const first = selector.first
  const isAboutPage =
    (first?.type === 'tag' && first.value === 'page') || (first?.type === 'pseudo' && first.value === ':root')
  return { hasClass, isAboutPage }
}

/** Tells which selectors WeChat does not want in components. */
export function isUnscoped(selector: string): boolean {
  let hit = false
  parser((root) => {
    root.walk((node) => {
      if (node.type === 'tag' || node.type === 'id' || node.type === 'attribute') hit = true
    })
  }).processSync(selector)
  return hit
}

/**
 * A selector of WXSS as the phone's page needs it. All phones' pages stand in one document, so a sheet is held to its pages by
 * `:where(…)`, which adds nothing to its strength; `theme` holds it to one side of dark mode.
 */
export function rewriteSelector(selector: string, reach: Reach, theme: string | null): string {
  return parser((root) => {
    root.each((one) => {
      const { hasClass, isAboutPage } = traitsOf(one)
      rewriteNodes(one, reach)
      const side = theme === null ? '' : `[data-theme=${quoted(theme)}] `
      const isHeld = !isAboutPage && !(reach.scope !== '' && hasClass)
      const roots = pageRoot(reach)
      const page = isHeld ? (roots.includes(',') ? `:is(${roots})` : roots) : ''
      const hold = `${side}${page}`.trim()
      const text = String(one).trim()
      const value = hold === '' ? text : `:where(${hold}) ${text}`
      one.nodes = [parser.tag({ value })]
    })
  }).processSync(selector)
}
