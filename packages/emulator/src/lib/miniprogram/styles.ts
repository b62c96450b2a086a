import postcss, { type AtRule, CssSyntaxError, type Root, type Rule } from 'postcss'
import { phoneLengths } from './lengths.ts'
import { folderOf, joinPath } from './paths.ts'
import { createProblems, type Place, type Problems, type Words, words } from './problems.ts'
import type { Problem } from './program.ts'
import { type Reach, rewriteSelector, unscopedPart } from './selectors.ts'
import { mapUrls, renameKeyframes, requestOf, withoutRpx } from './sheet-values.ts'
import { dropThemeQueries, themeOf } from './themes.ts'

/** One sheet that the phone loads: a file and all that it imports. */
export interface Sheet {
  file: string
  reach: Reach
  /** Before the names of its keyframes; empty: they keep them. */
  keyframes: string
}

/** What the sheets are made from. What is asked for is noted, so that a sheet is made anew when an answer changes. */
export interface SheetFiles {
  text(file: string): string | undefined
  /** Whether a file that is no text is there. */
  has(file: string): boolean
}

interface World {
  files: SheetFiles
  problems: Problems
  /** Which file each parsed text was: a sheet holds rules of several. */
  origins: Map<postcss.Input, string>
}

function fileOf(rule: Rule, { origins }: World): string {
  return (rule.source && origins.get(rule.source.input)) ?? ''
}

function placeIn(node: AtRule | Rule | postcss.Declaration): Place | undefined {
  const start = node.source?.start
  return start && { line: start.line, column: start.column }
}

function parse(file: string, { files, problems, origins }: World): Root {
  try {
    const root = postcss.parse(files.text(file) ?? '')
    if (root.source) origins.set(root.source.input, file)
    return root
  } catch (error) {
    if (!(error instanceof CssSyntaxError)) throw error
    const { reason, line = 1, column = 1 } = error
    const said = words(
      `WXSS: ${reason}; nothing of this file counts`,
      `WXSS 语法错误：${reason}；整个文件不会生效`,
    )
    problems.error(file, said, { line, column })
    return postcss.root()
  }
}

function whyNot(
  request: string,
  target: string | null,
  above: readonly string[],
  files: SheetFiles,
): Words | undefined {
  if (/^(?:[a-z]+:)?\/\//i.test(request)) {
    return words(
      `@import ${request}: only files of the mini program`,
      `@import ${request}：只能引入小程序内的文件`,
    )
  }
  if (target === null || files.text(target) === undefined) {
    return words(`@import: ${request || 'a file'} is not there`, `@import：找不到 ${request || '文件'}`)
  }
  if (!above.includes(target)) return undefined
  return words(`@import: ${request} imports this file again`, `@import：${request} 又引入了本文件，形成循环`)
}

/** The rules that an @import brings; none, and told, where it leads nowhere or in a circle. */
function imported(rule: AtRule, above: readonly string[], world: World): Root | undefined {
  const file = above.at(-1) ?? ''
  const request = requestOf(rule)
  const target = request === '' ? null : joinPath(folderOf(file), request)
  const reason = whyNot(request, target, above, world.files)
  if (reason) world.problems.error(file, reason, placeIn(rule))
  return reason || target === null ? undefined : inlined([...above, target], world)
}

function localUrl(file: string, url: string, files: SheetFiles): string | null {
  const target = joinPath(folderOf(file), url.replace(/[?#].*$/s, ''))
  if (target === null || !files.has(target)) return null
  return `@files/${target.split('/').map(encodeURIComponent).join('/')}`
}

/** Local files are reached below `files/`: `@files/` stands for where that is. */
function resolveUrls(file: string, root: Root, { files, problems }: World): void {
  root.walkDecls((declaration) => {
    declaration.value = mapUrls(declaration.value, (url) => {
      const local = localUrl(file, url, files)
      if (local !== null) return local
      problems.warning(file, words(`url(${url}) is not there`, `找不到 url(${url})`), placeIn(declaration))
      return null
    })
  })
}

function rewriteRule(rule: Rule, reach: Reach, world: World): void {
  const { selector } = rule
  try {
    rule.selector = rewriteSelector(selector, reach, themeOf(rule))
  } catch {
    const said = words(`WXSS: \`${selector}\` is no selector`, `WXSS：\`${selector}\` 不是合法的选择器`)
    world.problems.error(fileOf(rule, world), said, placeIn(rule))
    rule.remove()
  }
}

/** What stands in keyframes are moments, and a nested rule is held by what it stands in. */
function isSelector({ parent }: Rule): boolean {
  if (parent?.type === 'atrule') return !/keyframes$/i.test((parent as AtRule).name)
  return parent?.type !== 'rule'
}

function tellUnscoped(root: Root, world: World): void {
  let isTold = false
  root.walkRules((rule) => {
    const part = isTold || !isSelector(rule) ? undefined : unscopedPart(rule.selector)
    if (part === undefined) return
    isTold = true
    const said = words(
      `\`${part}\`: a component's style should use class names only; tags, ids and attributes reach beyond it`,
      `\`${part}\`：组件样式只应使用 class 选择器；标签名、id 和属性选择器会影响组件以外的元素`,
    )
    world.problems.warning(fileOf(rule, world), said, placeIn(rule))
  })
}

/** The last file of `above`, with all that it imports in the place of its @import. */
function inlined(above: readonly string[], world: World): Root {
  const file = above.at(-1) ?? ''
  const root = parse(file, world)
  resolveUrls(file, root, world)
  root.walkAtRules(/^import$/i, (rule) => {
    rule.replaceWith(imported(rule, above, world)?.nodes ?? [])
  })
  return root
}

function makeSheet({ file, reach, keyframes }: Sheet, world: World): string {
  const root = inlined([file], world)
  if (reach.scope !== '') tellUnscoped(root, world)
  root.walkRules((rule) => {
    if (isSelector(rule)) rewriteRule(rule, reach, world)
  })
  dropThemeQueries(root)
  if (keyframes !== '') renameKeyframes(root, keyframes)
  root.walkDecls((declaration) => {
    declaration.value = phoneLengths(declaration.value)
  })
  root.walkAtRules(/^media$/i, (rule) => {
    rule.params = withoutRpx(rule.params)
  })
  return root.toString()
}

export interface MadeSheet {
  css: string
  problems: readonly Problem[]
}

/** CSS of one sheet, and what is wrong with it. Takes any text whatever. */
export function compileSheet(sheet: Sheet, files: SheetFiles): MadeSheet {
  const problems = createProblems()
  const css = makeSheet(sheet, { files, problems, origins: new Map() })
  return { css, problems: problems.list() }
}
