import parser from 'postcss-selector-parser'

/** Whom a style sheet's rules reach. */
export interface Reach {
  /** Prefix of class names; empty where they are not. */
  scope: string
  /** Pages that the rules are held to; null: all. */
  pages: readonly string[] | null
}

/** As strong as the name of a tag, and true of every element. */
const LIKE_A_TAG = ':not(wx-none)'
/** As strong as an id, and true of every element. */
const LIKE_AN_ID = ':not(#wx-none)'
/** What stands in their parentheses are selectors. */
const WITH_SELECTORS = new Set([':not', ':is', ':where', ':has', ':matches', ':host', '::slotted'])

const quoted = (text: string) => JSON.stringify(text)
/** Text that stands in a selector as it is. */
const raw = (value: string) => parser.tag({ value })

/** The root of each page that a sheet is held to. */
function roots({ pages }: Reach): string {
  if (pages === null) return '[data-page]'
  return pages.map((page) => `[data-page=${quoted(page)}]`).join(',')
}

function pageItself(reach: Reach): parser.Tag {
  return raw(`:where(${roots(reach)})${LIKE_A_TAG}`)
}

/** The framework writes `owner--id`, so that two components may use the same id. */
function byId(id: string): parser.Tag {
  return raw(`:where([id=${quoted(id)}],[id$=${quoted(`--${id}`)}])${LIKE_AN_ID}`)
}

function rewritePseudo(pseudo: parser.Pseudo, reach: Reach): void {
  if (pseudo.value === ':root') pseudo.replaceWith(pageItself(reach))
  if (pseudo.value === ':host' && reach.scope !== '')
    pseudo.replaceWith(raw(`[wx-host=${quoted(reach.scope)}]`))
}

/** `[class^="icon-"]` of a sheet whose class names have a prefix. */
function rewriteAttribute(attribute: parser.Attribute, { scope }: Reach): void {
  const { attribute: name, operator, value } = attribute
  if (name !== 'class' || scope === '' || value === undefined) return
  if (operator === '~=' || operator === '^=') attribute.setValue(`${scope}--${value}`, { quoteMark: '"' })
}

function rewriteNode(node: parser.Node, reach: Reach): void {
  if (node.type === 'class' && reach.scope !== '') node.value = `${reach.scope}--${node.value}`
  else if (node.type === 'id') node.replaceWith(byId(node.value))
  else if (node.type === 'tag' && node.value === 'page') node.replaceWith(pageItself(reach))
  else if (node.type === 'tag') node.value = `wx-${node.value}`
  else if (node.type === 'pseudo') rewritePseudo(node, reach)
  else if (node.type === 'attribute') rewriteAttribute(node, reach)
}

/** Every node that is part of a selector: `2n+1` of `:nth-child` is none. */
function nodesOf(container: parser.Container): parser.Node[] {
  return container.nodes.flatMap((node): parser.Node[] => {
    if (node.type === 'selector') return nodesOf(node)
    if (node.type !== 'pseudo') return [node]
    return WITH_SELECTORS.has(node.value) ? [node, ...nodesOf(node)] : [node]
  })
}

const isClassOrHost = (node: parser.Node) =>
  node.type === 'class' || (node.type === 'pseudo' && node.value === ':host')

function isAboutPage({ first }: parser.Selector): boolean {
  return (
    (first?.type === 'tag' && first.value === 'page') || (first?.type === 'pseudo' && first.value === ':root')
  )
}

function holdOf(selector: parser.Selector, reach: Reach, theme: string | null): string {
  const side = theme === null ? [] : [`[data-theme=${quoted(theme)}]`]
  const isScoped = reach.scope !== '' && nodesOf(selector).some(isClassOrHost)
  const all = roots(reach)
  const page = isAboutPage(selector) || isScoped ? [] : [all.includes(',') ? `:is(${all})` : all]
  const hold = [...side, ...page].join(' ')
  return hold === '' ? '' : `:where(${hold}) `
}

/**
 * A selector of WXSS as the phone's document needs it: `view` is an element `wx-view`, `page` is the root of a page. All
 * pages stand in one document, so a sheet is held to its own by `:where(…)`, which adds nothing to its strength; `theme`
 * holds it to one side of dark mode.
 *
 * @throws where it is no selector
 */
export function rewriteSelector(selector: string, reach: Reach, theme: string | null): string {
  return parser((root) => {
    root.each((one) => {
      const hold = holdOf(one, reach, theme)
      for (const node of nodesOf(one)) rewriteNode(node, reach)
      one.nodes = [raw(`${hold}${String(one).trim()}`)]
    })
  }).processSync(selector)
}

/** The first part of a selector that WeChat does not want in a component: it would reach beyond it. */
export function unscopedPart(selector: string): string | undefined {
  let part: string | undefined
  const find = parser((root) => {
    const hit = root.nodes
      .flatMap(nodesOf)
      .find(({ type }) => type === 'tag' || type === 'id' || type === 'attribute')
    part = hit === undefined ? undefined : String(hit).trim()
  })
  try {
    find.processSync(selector)
  } catch {
    return undefined // told where it is rewritten
  }
  return part
}
