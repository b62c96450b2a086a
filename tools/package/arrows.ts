import { type Node, parse } from 'acorn'

/**
 * Turns the functions at the top of a script into arrows, which say the same in two thirds of the letters. Left alone
 * is what an arrow could not be: whatever says `this` or `arguments`, and generators. None may be called before the
 * script has run to its end, as an arrow is not there before its line.
 */
export function functionsToArrows(script: string): string {
  const { body } = parse(script, { ecmaVersion: 2015, sourceType: 'script' })
  return body.reduceRight((text, node) => {
    const arrow = arrowOf(node, script)
    return arrow ? text.slice(0, node.start) + arrow + text.slice(node.end) : text
  }, script)
}

function arrowOf(node: Node, script: string): string | undefined {
  const { type, id, params, body, generator } = Object(node)
  const text = script.slice(node.start, node.end)
  if (type !== 'FunctionDeclaration' || generator || /\b(this|arguments)\b/.test(text)) return undefined
  const from = params.length ? params[0].start : body.start
  const heads = script.slice(from, body.start).replace(/\)\s*$/, '')
  return `var ${id.name} = (${heads}) => ${script.slice(body.start, body.end)};`
}

/**
 * Takes arrows that are called where they stand, with names that are theirs as well, for what they do: what is left
 * when a function was put where it is called, once.
 */
export function withoutNeedlessArguments(script: string): string {
  const call = needlessCall(parse(script, { ecmaVersion: 2015, sourceType: 'script' }))
  if (call === undefined) return script
  const { body } = Object(call).callee
  const text = script.slice(body.start, body.end)
  const whole = body.type === 'BlockStatement' ? `(() => ${text})()` : `(${text})`
  return withoutNeedlessArguments(script.slice(0, call.start) + whole + script.slice(call.end))
}

function needlessCall(node: unknown): Node | undefined {
  if (typeof node !== 'object' || node === null) return undefined
  for (const part of Object.values(node)) {
    const found = needlessCall(part)
    if (found) return found
  }
  return isNeedless(node) ? (node as Node) : undefined
}

// Nothing in the client changes what a parameter is.
function isNeedless(node: object): boolean {
  const { type, callee, arguments: given } = Object(node)
  if (type !== 'CallExpression' || callee.type !== 'ArrowFunctionExpression') return false
  const names = (list: { type: string; name?: string }[]) => list.map(({ name }) => name ?? '!').join()
  return given.length > 0 && !names(given).includes('!') && names(given) === names(callee.params)
}
