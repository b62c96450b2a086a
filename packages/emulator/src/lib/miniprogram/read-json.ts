import jsonc, { type Node, type ParseError } from 'jsonc-parser'
import { type Place, type Problems, placeOf, words } from './problems.ts'

/** A .json of a mini program: what it says, and where. */
export interface Json {
  value: Readonly<Record<string, unknown>>
  /** The place of a value, such as of `['pages', 2]`; of the whole where it is not there. */
  place(path: (string | number)[]): Place
}

const MEANINGS: Readonly<Record<string, [string, string]>> = {
  InvalidSymbol: ['this is no JSON value', '这不是合法的 JSON 值'],
  InvalidNumberFormat: ['this is no number', '数字格式不对'],
  PropertyNameExpected: ['a name in double quotes is missing', '缺少用双引号括起来的属性名'],
  ValueExpected: ['a value is missing', '缺少值'],
  ColonExpected: ['a colon is missing', '缺少冒号'],
  CommaExpected: ['a comma is missing', '缺少逗号'],
  CloseBraceExpected: ['} is missing', '缺少 }'],
  CloseBracketExpected: ['] is missing', '缺少 ]'],
  EndOfFileExpected: ['something follows after the end', 'JSON 结束后还有多余内容'],
  UnexpectedEndOfComment: ['a comment does not end', '注释没有结束'],
  UnexpectedEndOfString: ['a string does not end', '字符串没有结束'],
  UnexpectedEndOfNumber: ['a number does not end', '数字没有结束'],
  InvalidUnicode: ['a \\u escape is broken', '\\u 转义不完整'],
  InvalidEscapeCharacter: ['an escape is unknown', '无效的转义字符'],
  InvalidCharacter: ['a control character stands in a string', '字符串里有控制字符'],
}

function explain(error: ParseError) {
  const [en, zh] = MEANINGS[jsonc.printParseErrorCode(error.error)] ?? ['broken', '格式错误']
  return words(`no valid JSON: ${en}`, `JSON 格式错误：${zh}`)
}

/** Reads a .json, comments allowed, as WeChat DevTools does. Undefined, and told, where it is broken or no object. */
export function readJson(file: string, source: string, problems: Problems): Json | undefined {
  const text = source.replace(/^\ufeff/, ' ')
  const errors: ParseError[] = []
  const root = jsonc.parseTree(text, errors)
  const [first] = errors
  if (first) {
    problems.error(file, explain(first), placeOf(text, first.offset))
    return undefined
  }
  const value: unknown = root && jsonc.getNodeValue(root)
  if (root?.type !== 'object' || !isRecord(value)) {
    problems.error(file, words('must hold an object: { … }', '内容必须是一个对象：{ … }'), {
      line: 1,
      column: 1,
    })
    return undefined
  }
  return { value, place: (path) => placeOf(text, offsetOf(root, path)) }
}

function offsetOf(root: Node, path: (string | number)[]): number {
  return jsonc.findNodeAtLocation(root, path)?.offset ?? root.offset
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The strings of a list; nothing where it is no list. */
export function stringsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []
}
