import { folderOf, joinPath } from './paths.ts'
import { type Problems, placeOf, words } from './problems.ts'
import { checkScript, type Fault } from './scripts.ts'

const PIECES =
  /\/\/.*|\/\*[\s\S]*?\*\/|\brequire\s*\(\s*(["'])((?:\\.|(?!\1)[^\\\n])*)\1\s*\)|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|\.\s*constructor\b/g

export interface Wxs {
  /** What the phone runs, in a function of `require`, `exports` and `module`; empty where it is broken. */
  code: string
  /** Paths of the modules that it requires, with the offset of each. */
  requires: { path: string; request: string; offset: number }[]
  fault: Fault | undefined
}

/**
 * A WXS text as JavaScript. WXS is nearly that; but `value.constructor` is the name of a type there (`'Array'`), and modules
 * are named without `.wxs` here.
 */
export function compileWxs(text: string, file: string): Wxs {
  const fault = checkScript(text, file)
  if (fault) return { code: '', requires: [], fault }
  const requires: Wxs['requires'] = []
  const code = text.replace(PIECES, (piece: string, _quote, request: unknown, offset: number) => {
    if (/^\.\s*constructor$/.test(piece)) return '[$type]'
    if (typeof request !== 'string') return piece
    const path = (joinPath(folderOf(file), request) ?? '').replace(/\.wxs$/, '')
    requires.push({ path, request, offset })
    return `require(${JSON.stringify(path)})`
  })
  return { code, requires, fault: undefined }
}

export interface WxsPlace {
  /** The file it stands in: a .wxs, or a .wxml. */
  file: string
  /** The whole of that file, and where the script begins in it. */
  whole: string
  offset: number
}

function tellFault({ message, place }: Fault, { file, whole, offset }: WxsPlace, problems: Problems): void {
  const start = placeOf(whole, offset)
  const { line, column } = place ?? { line: 1, column: 1 }
  const said = words(`syntax error in WXS: ${message}`, `WXS 语法错误：${message}`)
  problems.error(file, said, {
    line: start.line + line - 1,
    column: line === 1 ? start.column + column - 1 : column,
  })
}

/** Tells what is wrong with one WXS text. `has` knows the modules that are there. */
export function tellWxs(wxs: Wxs, at: WxsPlace, has: (path: string) => boolean, problems: Problems): void {
  if (wxs.fault) tellFault(wxs.fault, at, problems)
  for (const { path, request, offset } of wxs.requires) {
    if (has(path)) continue
    const said = words(`WXS module ${request} is not there`, `找不到 WXS 模块 ${request}`)
    problems.error(at.file, said, placeOf(at.whole, at.offset + offset))
  }
}

/** `R["module"]=…` of the templates' script. */
export function registerWxs(path: string, code: string): string {
  const name = JSON.stringify(path)
  return `R[${name}]=D(${name},function(require,exports,module){${code}\n});\n`
}
