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
