import postcss, { type AtRule, CssSyntaxError, type Declaration, type Root, type Rule } from 'postcss'
import valueParser from 'postcss-value-parser'
import { folderOf, joinPath } from './paths.ts'
import { type Place, type Problems, words } from './problems.ts'
import { type Reach, rewriteSelector } from './selectors.ts'

export interface Sheet {
  file: string
  reach: Reach
  /** Before names of its keyframes; empty: they keep them. */
  keyframes: string
}

interface World {
  texts: ReadonlyMap<string, string>
  /** Whether a file that is no text is there. */
  hasFile(file: string): boolean
  problems: Problems
}

function placeIn(node: {
  source?: { start?: { line: number; column: number } | undefined } | undefined
}): Place | undefined {
  const start = node.source?.start
  return start && { line: start.line, column: start.column }
}

function parse(file: string, { texts, problems }: World): Root {
  try {
    return postcss.parse(texts.get(file) ?? '', { from: file })
  } catch (error) {
    if (!(error instanceof CssSyntaxError)) throw error
    const { reason, line, column } = error
    const said = words(
      `WXSS: ${reason}; the whole file counts for nothing`,
      `WXSS 语法错误：${reason}；整个文件不会生效`,
    )
    problems.error(file, said, line === undefined ? undefined : { line, column: column ?? 1 })
    return postcss.root()
  }
}

/** The file that an @import names. */
function importedFile(file: string, rule: AtRule): { request: string; target: string | null } {
  let request = ''
  valueParser(rule.params).walk((node) => {
    if (request === '' && (node.type === 'string' || (node.type === 'word' && /[/.]/.test(node.value)))) {
      request = node.value
    }
  })
  return { request, target: request === '' ? null : joinPath(folderOf(file), request) }
}

function tellImport(file: string, rule: AtRule, text: [string, string], problems: Problems): void {
  problems.error(file, words(...text), placeIn(rule))
}

/** What stands in for an @import: the rules of the file that it names, `url(…)` of it made right. */
function imported(file: string, rule: AtRule, world: World, path: readonly string[]): Root | null {
  const { request, target } = importedFile(file, rule)
  if (/^(?:https?:)?\/\//.test(request)) {
    tellImport(
      file,
      rule,
      [`@import of ${request}: only files of the mini program`, `@import ${request}：只能引入小程序内的文件`],
      world.problems,
    )
    return null
  }
  if (target === null || !world.texts.has(target)) {
    tellImport(file, rule, [`@import: ${request} is not there`, `@import：找不到 ${request}`], world.problems)
    return null
  }
  if (path.includes(target)) {
    tellImport(
      file,
      rule,
      [`@import: ${request} imports this file again`, `@import：${request} 又引入了本文件，形成循环`],
      world.problems,
    )
    return null
  }
  return inlined(target, world, [...path, target])
}

/** A sheet with all that it imports. Every file's own `url(…)` is resolved before it is put into another. */
function inlined(file: string, world: World, path: readonly string[]): Root {
  const root = parse(file, world)
  root.walkDecls((declaration) => resolveUrls(file, declaration, world))
  root.walkAtRules(/^import$/i, (rule) => {
    const found = imported(file, rule, world, path)
    if (found) rule.replaceWith(found.nodes)
    else rule.remove()
  })
  return root
}

const isElsewhere = (url: string) => /^(?:[a-z][a-z0-9+.-]*:|\/\/|#)/i.test(url) || url === ''

/** Local files are reached below `files/`; the style sheet itself is served below `styles/`. */
function resolveUrls(file: string, declaration: Declaration, world: World): void {
  if (!/url\(/i.test(declaration.value)) return
  const parsed = valueParser(declaration.value)
  parsed.walk((node) => {
    const [inner] = node.type === 'function' && node.value.toLowerCase() === 'url' ? node.nodes : []
    if (!inner || isElsewhere(inner.value)) return
    const target = joinPath(folderOf(file), inner.value.replace(/[?#].*$/s, ''))
    if (target === null || !world.hasFile(target)) {
      const said = words(`url(${inner.value}) is not there`, `找不到 url(${inner.value})`)
      world.problems.warning(file, said, placeIn(declaration))
    } else {
      inner.value = `@files/${target.split('/').map(encodeURIComponent).join('/')}`
    }
  })
  declaration.value = parsed.toString()
}

const RPX = /(^|[^\w.#-])([+-]?(?:\d+\.?\d*|\.\d+))rpx\b/gi

/** 750 rpx are the width of the phone. */
export function withoutRpx(value: string): string {
  if (!/rpx/i.test(value)) return value
  return value.replace(RPX, (_, before: string, amount: string) => {
    return `${before}${Number((Number(amount) / 7.5).toFixed(5))}vw`
  })
}

/** `@media (prefers-color-scheme: dark) and …`: the side, and what is left of it. */
function themeOf(rule: AtRule): { theme: string; rest: string } | undefined {
  const found = /\(\s*prefers-color-scheme\s*:\s*(dark|light)\s*\)/i.exec(rule.params)
  if (!found || rule.params.includes(',')) return undefined
  const rest = rule.params
    .replace(found[0], '')
    .replace(/^\s*(?:(?:only\s+)?(?:all|screen)\s*)?(?:and\b)?|\band\s*$/gi, '')
  return { theme: (found[1] ?? '').toLowerCase(), rest: rest.replace(/\band\s+and\b/gi, 'and').trim() }
}

function themeAbove(rule: Rule): string | null {
  for (
    let above = rule.parent;
    above !== undefined && above.type !== 'root';
    above = above.parent as typeof above
  ) {
    if (above.type === 'atrule' && (above as AtRule).name.toLowerCase() === 'media') {
      const found = themeOf(above as AtRule)
      if (found) return found.theme
    }
  }
  return null
}

const isKeyframes = (node: unknown): boolean => /keyframes$/i.test((node as AtRule | undefined)?.name ?? '')

function rewriteRules(root: Root, { reach }: Sheet, problems: Problems): void {
  root.walkRules((rule) => {
    if (isKeyframes(rule.parent)) return
    if (rule.parent?.type === 'rule') return // nested: what it stands in is held already
    const file = rule.source?.input.file
    try {
      rule.selector = rewriteSelector(rule.selector, reach, themeAbove(rule))
    } catch {
      const shown = rule.selector
      problems.error(
        fileOf(file),
        words(`WXSS: the selector \`${shown}\` is broken`, `WXSS：选择器 \`${shown}\` 有语法错误`),
        placeIn(rule),
      )
      rule.remove()
    }
  })
}

/** What postcss made of the path that it was given. */
function fileOf(file: string | undefined): string {
  return file ?? ''
}

/** Dark mode is the phone's, not the machine's: the rules are held to it, and the question is taken away. */
function dropThemeQueries(root: Root): void {
  root.walkAtRules(/^media$/i, (rule) => {
    const found = themeOf(rule)
    if (!found) return
    if (found.rest !== '') rule.params = found.rest
    else if (rule.nodes) rule.replaceWith(rule.nodes)
  })
}

function renameKeyframes(root: Root, prefix: string): void {
  const names = new Set<string>()
  root.walkAtRules(/keyframes$/i, (rule) => {
    names.add(rule.params.trim())
    if (prefix !== '') rule.params = `${prefix}--${rule.params.trim()}`
  })
  if (prefix === '' || names.size === 0) return
  root.walkDecls(/^(?:-webkit-)?animation(?:-name)?$/i, (declaration) => {
    const parsed = valueParser(declaration.value)
    parsed.walk((node) => {
      if (node.type === 'word' && names.has(node.value)) node.value = `${prefix}--${node.value}`
    })
    declaration.value = parsed.toString()
  })
}

/** One sheet as the phone loads it. `@files/` stands for where local files are served. */
export function compileSheet(sheet: Sheet, world: World): string {
  const root = inlined(sheet.file, world, [sheet.file])
  rewriteRules(root, sheet, world.problems)
  dropThemeQueries(root)
  renameKeyframes(root, sheet.keyframes)
  root.walkDecls((declaration) => {
    declaration.value = withoutRpx(declaration.value)
  })
  root.walkAtRules((rule) => {
    rule.params = withoutRpx(rule.params)
  })
  return root.toString()
}
