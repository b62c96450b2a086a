import { compileFunction } from 'node:vm'
import { transform } from 'sucrase'
import { type Place, type Problems, words } from './problems.ts'
import { SHADOWED } from './shadowed.ts'

export interface Script {
  /** What it is required by: always with `.js`. */
  file: string
  /** What the developer wrote: `.js` or `.ts`. */
  source: string
}

/** What an engine has against a script. */
export interface Fault {
  message: string
  place: Place | undefined
}

export type Compiled = { ok: true; code: string } | { ok: false; fault: Fault }

/** Reads the place from what V8 puts before the message: `file:line`, the line, and a caret below it. */
function faultOf(error: unknown): Fault {
  const stack = error instanceof Error ? (error.stack ?? '') : ''
  const message = error instanceof Error ? error.message : String(error)
  const found = /^[^\n]*:(\d+)\n[^\n]*\n( *)\^/.exec(stack)
  if (!found) return { message, place: undefined }
  return { message, place: { line: Number(found[1]), column: (found[2] ?? '').length + 1 } }
}

/** Whether it is a script that an engine takes; it is read, never run. */
export function checkScript(code: string, file: string): Fault | undefined {
  try {
    compileFunction(code, ['require', 'module', 'exports'], { filename: file })
    return undefined
  } catch (error) {
    return faultOf(error)
  }
}

function sucraseFault(error: unknown): Fault {
  const message = error instanceof Error ? error.message : String(error)
  const found = /\((\d+):(\d+)\)$/.exec(message)
  const text = message.replace(/^Error transforming [^:]*: /, '').replace(/ \(\d+:\d+\)$/, '')
  const place = found ? { line: Number(found[1]), column: Number(found[2]) } : undefined
  return { message: text, place }
}

/** Lines stay where they are. */
function toCommonJs(text: string, file: string): Compiled {
  const isTypeScript = file.endsWith('.ts')
  try {
    const { code } = transform(text, {
      transforms: isTypeScript ? ['typescript', 'imports'] : ['imports'],
      disableESTransforms: true,
      preserveDynamicImport: true,
      filePath: file,
    })
    const fault = checkScript(code, file)
    return fault ? { ok: false, fault } : { ok: true, code }
  } catch (error) {
    return { ok: false, fault: sucraseFault(error) }
  }
}

/** CommonJS passes as it is; only what an engine refuses and that speaks of import or export is changed. */
export function compileScript(text: string, file: string): Compiled {
  if (file.endsWith('.ts')) return toCommonJs(text, file)
  const fault = checkScript(text, file)
  if (!fault) return { ok: true, code: text }
  return /\b(?:import|export)\b/.test(text) ? toCommonJs(text, file) : { ok: false, fault }
}

/** The loader hands in the first five; what is shadowed gets nothing. */
const PARAMETERS = ['require', 'module', 'exports', 'global', 'globalThis', ...SHADOWED].join(',')

/**
 * As the browser gets it: the frame stands on the first line, so that every line of an error is the file's own. Two functions,
 * so that a script may declare a name that is shadowed.
 */
export function wrapScript({ file, source }: Script, code: string): string {
  const head = `__yaopai.define(${JSON.stringify(file)},function(${PARAMETERS}){(function(){`
  const name = source === file ? '' : `\n//# sourceURL=/_emulator/phone/0/scripts/${encodeURI(source)}`
  return `${head}${code}\n}).call(this)})${name}\n`
}

/** Instead of a script that no engine takes: throws when it is required, so that the page that needs it tells why. */
export function brokenScript({ file, source }: Script, { message, place }: Fault): string {
  const told = JSON.stringify(`${source}${place ? `:${place.line}:${place.column}` : ''}: ${message}`)
  return `__yaopai.define(${JSON.stringify(file)},function(){throw new SyntaxError(${told})})\n`
}

/** Tells a script that no engine takes. */
export function tellBroken(source: string, { message, place }: Fault, problems: Problems): void {
  problems.error(source, words(`syntax error: ${message}`, `语法错误：${message}`), place)
}

/** Each script file; a .ts beside a .js of the same name is what that was made from. */
export function scriptsOf(texts: ReadonlyMap<string, string>): Script[] {
  const scripts: Script[] = []
  for (const source of texts.keys()) {
    if (source.endsWith('.js')) scripts.push({ file: source, source })
    if (!source.endsWith('.ts') || source.endsWith('.d.ts')) continue
    const file = source.replace(/\.ts$/, '.js')
    if (!texts.has(file)) scripts.push({ file, source })
  }
  return scripts.sort((a, b) => Number(b.file === 'app.js') - Number(a.file === 'app.js'))
}
