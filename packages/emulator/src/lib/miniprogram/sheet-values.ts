import type { AtRule, Declaration, Root } from 'postcss'
import valueParser from 'postcss-value-parser'

const RPX = /(^|[^\w.#-])([+-]?(?:\d+\.?\d*|\.\d+))rpx\b/gi

function toVw(_: string, before: string, amount: string): string {
  return `${before}${Number((Number(amount) / 7.5).toFixed(5))}vw`
}

const isUrl = (node: valueParser.Node) => node.type === 'function' && node.value.toLowerCase() === 'url'

/** 750 rpx are the width of the phone, which is that of its frame. */
export function withoutRpx(value: string): string {
  if (!/rpx/i.test(value)) return value
  const parsed = valueParser(value)
  parsed.walk((node) => {
    if (isUrl(node)) return false
    if (node.type === 'word') node.value = node.value.replace(RPX, toVw)
    return undefined
  })
  return parsed.toString()
}

const isElsewhere = (url: string) => url === '' || /^(?:[a-z][a-z0-9+.-]*:|\/\/|#)/i.test(url)

/** Every `url(…)` of a value that names a local file becomes what `found` makes of it; null leaves it. */
export function mapUrls(value: string, found: (url: string) => string | null): string {
  if (!/url\(/i.test(value)) return value
  const parsed = valueParser(value)
  parsed.walk((node) => {
    const [inner] = isUrl(node) && node.type === 'function' ? node.nodes : []
    if (!inner || isElsewhere(inner.value)) return
    inner.value = found(inner.value) ?? inner.value
  })
  return parsed.toString()
}

/** The file that an @import names; empty where it names none. */
export function requestOf(rule: AtRule): string {
  let request = ''
  valueParser(rule.params).walk((node) => {
    const isName = node.type === 'string' || (node.type === 'word' && /[/.]/.test(node.value))
    if (request === '' && isName) request = node.value
  })
  return request
}

function renameIn(declaration: Declaration, names: ReadonlySet<string>, prefix: string): void {
  const parsed = valueParser(declaration.value)
  parsed.walk((node) => {
    if (node.type === 'word' && names.has(node.value)) node.value = `${prefix}--${node.value}`
  })
  declaration.value = parsed.toString()
}

/** Keyframes of two pages or components may have one name: each gets its own prefix. */
export function renameKeyframes(root: Root, prefix: string): void {
  const names = new Set<string>()
  root.walkAtRules(/keyframes$/i, (rule) => {
    const name = rule.params.trim()
    names.add(name)
    rule.params = `${prefix}--${name}`
  })
  if (names.size === 0) return
  root.walkDecls(/^(?:-webkit-)?animation(?:-name)?$/i, (declaration) => renameIn(declaration, names, prefix))
}
