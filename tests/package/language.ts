import { type Node, parse } from 'acorn'
import { getPolyfillInfo } from 'miniprogram-compat'

/** The oldest base library that the client has to run on, and what it runs in there by miniprogram-compat's table. */
export const OLDEST_BASE_LIBRARY = '2.10.2'

/**
 * Statics of built-in objects (`Object.values`) that the script calls for and the oldest base library neither brings
 * nor has from ES2015's engines.
 * @throws {SyntaxError} when the script is not ES2015
 */
export function lateStatics(script: string): string[] {
  const used = new Set<string>()
  visit(parse(script, { ecmaVersion: 2015, sourceType: 'script' }), (node) => {
    const name = staticOf(node)
    if (name) used.add(name)
  })
  const brought = new Set(getPolyfillInfo(OLDEST_BASE_LIBRARY)?.coreJsModules)
  return [...used].filter((name) => !nativeThere.test(name) && !brought.has(coreJsName(name))).sort()
}

// Older than what core-js repairs, or one of its modules under another name.
const nativeThere =
  /^(Math\.(abs|ceil|floor|max|min|pow|random|round)|Promise\.(all|race|reject|resolve)|Object\.(prototype|getOwnPropertySymbols)|String\.fromCharCode|JSON\.\w+|Symbol\.\w+|Date\.parse)$/

function coreJsName(name: string): string {
  return `es.${name
    .replaceAll(/([a-z])([A-Z])/g, '$1-$2')
    .replaceAll('_', '-')
    .toLowerCase()}`
}

const builtIns = /^(Array|Date|JSON|Map|Math|Number|Object|Promise|Reflect|RegExp|Set|String|Symbol)$/

function staticOf(node: Node): string | undefined {
  if (node.type !== 'MemberExpression') return undefined
  const { object, property } = Object(node)
  return builtIns.test(object.name) && property.name ? `${object.name}.${property.name}` : undefined
}

/** Methods of later years on values: what a name alone can tell. */
export function lateMethods(script: string): string[] {
  const late =
    /^(padStart|padEnd|trimStart|trimEnd|flat|flatMap|matchAll|replaceAll|finally|findLast|findLastIndex|toSorted|toReversed|toSpliced|description|groups|asyncIterator|getOwnPropertyDescriptors)$/
  const used = new Set<string>()
  visit(parse(script, { ecmaVersion: 2015, sourceType: 'script' }), (node) => {
    const { property } = Object(node)
    if (node.type === 'MemberExpression' && late.test(property.name)) used.add(property.name)
  })
  return [...used].sort()
}

function visit(node: unknown, see: (node: Node) => void): void {
  if (Array.isArray(node)) for (const one of node) visit(one, see)
  if (!isNode(node)) return
  see(node)
  for (const value of Object.values(node)) visit(value, see)
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value
}
