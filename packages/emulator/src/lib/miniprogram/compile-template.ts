import { type Problems, placeOf } from './problems.ts'
import { attributeOf, scanWxml, type Tag } from './scan-wxml.ts'
import { checkScript } from './scripts.ts'
import { isRefused, meaningOf } from './template-faults.ts'
import { withGroup } from './template-group.ts'
import { compileWxs, type Wxs } from './wxs.ts'

/** As the compiler tells it; all from 0. */
interface Fault {
  isError: boolean
  message: string
  startLine: number
  startColumn: number
  endLine: number
  endColumn: number
}

export interface InlineWxs extends Wxs {
  /** Of its text in the template. */
  offset: number
}

/** One .wxml, compiled by itself: it refers to others by their names alone. */
export interface Unit {
  source: string
  /** An expression that makes the template, in the scope of the template runtime. */
  code: string
  faults: Fault[]
  inline: InlineWxs[]
}

/** What stands in for a template that the compiler does not survive. */
const NOTHING = 'Object.assign(function(){},{_:{}})'
const START = { startLine: 0, startColumn: 0, endLine: 0, endColumn: 0 }
const GAVE_UP: Fault = { isError: true, message: 'the template compiler gave up on this file', ...START }

function compileText(path: string, source: string, tags: readonly Tag[]): Unit | undefined {
  return withGroup((group) => {
    const faults = group.addTmpl(path, source) as Fault[] // as its declaration says
    const names = group.getInlineScriptModuleNames(path) as string[] // likewise
    const inline = names.map((name): InlineWxs => {
      const wxs = compileWxs(group.getInlineScript(path, name), `${path}.wxml`)
      group.setInlineScript(path, name, wxs.code)
      const tag = tags.find((one) => one.name === 'wxs' && attributeOf(one, 'module')?.value === name)
      return { ...wxs, offset: tag?.end ?? 0 }
    })
    const code = group.getTmplGenObject(path)
    const isScript = checkScript(`return ${code}`, path) === undefined
    return isScript ? { source, code, faults, inline } : { ...nothing(source), faults: [...faults, GAVE_UP] }
  })
}

const nothing = (source: string): Unit => ({ source, code: NOTHING, faults: [GAVE_UP], inline: [] })

/** White space that is none to the compiler: between two attributes it never ends (0.12.1). */
const ODD_SPACE = /[\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/g

function isInValue({ attributes }: Tag, offset: number): boolean {
  return attributes.some((one) => offset >= one.offset && offset < one.offset + (one.value?.length ?? 0))
}

/** Offsets of odd spaces within opening tags; in texts and values they mean what they are. */
function oddSpaces(source: string, tags: readonly Tag[]): number[] {
  return [...source.matchAll(ODD_SPACE)]
    .map(({ index }) => index)
    .filter((at) => tags.some((tag) => at > tag.start && at < tag.end && !isInValue(tag, at)))
}

function faultAt(source: string, offset: number): Fault {
  const { line, column } = placeOf(source, offset)
  const at = { startLine: line - 1, startColumn: column - 1, endLine: line - 1, endColumn: column - 1 }
  const code = (source.codePointAt(offset) ?? 0).toString(16).toUpperCase().padStart(4, '0')
  return { isError: true, message: `not a plain space: U+${code}`, ...at }
}

/**
 * Only where the text with plain spaces alone is in order is it certain which spaces stand within tags. Else the one with
 * plain spaces is what is compiled: it is broken as it is.
 */
function compileWithOddSpaces(path: string, source: string): Unit | undefined {
  const plain = source.replace(ODD_SPACE, ' ')
  const tags = scanWxml(source)
  const faults = oddSpaces(source, tags).map((at) => faultAt(source, at))
  const first = compileText(path, plain, tags)
  if (!first || first.faults.length > 0) return first && { ...first, faults: [...faults, ...first.faults] }
  const characters = source.split('')
  for (const at of oddSpaces(source, tags)) characters[at] = ' '
  const second = compileText(path, characters.join(''), tags)
  return second && { ...second, faults: [...faults, ...second.faults] }
}

/** Compiles one .wxml. Takes any text whatever. */
export function compileTemplate(path: string, source: string): Unit {
  const isOdd = source.search(ODD_SPACE) !== -1
  const unit = isOdd ? compileWithOddSpaces(path, source) : compileText(path, source, scanWxml(source))
  return unit ? { ...unit, source } : nothing(source)
}

function excerptOf(source: string, fault: Fault): string {
  if (fault.startLine !== fault.endLine) return ''
  return (source.split('\n')[fault.startLine] ?? '').slice(fault.startColumn, fault.endColumn).slice(0, 40)
}

/** Tells what the compiler has against a template. */
export function tellTemplate(path: string, { source, faults }: Unit, problems: Problems): void {
  for (const fault of faults) {
    const place = { line: fault.startLine + 1, column: fault.startColumn + 1 }
    const said = meaningOf(fault.message, excerptOf(source, fault))
    const isError = fault.isError || isRefused(fault.message)
    problems[isError ? 'error' : 'warning'](`${path}.wxml`, said, place)
  }
}
