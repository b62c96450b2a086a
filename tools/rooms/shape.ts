import ts from 'typescript'
import type { RoomsConfig } from './config.ts'
import { type Finding, lineOf, type Source } from './files.ts'

type Limits = RoomsConfig['limits']

/** Length of functions and files, nesting, default exports, `any`. */
export function checkShape(source: Source, limits: Limits): Finding[] {
  const findings = [...bans(source)]
  if (source.isTest) return findings
  const lines = source.tree.getLineStarts().length - 1
  if (lines > limits.fileLines) {
    const cure = 'cut it where the story has a station of its own'
    findings.push({
      file: source.path,
      line: 1,
      rule: 'file length',
      message: `${lines} lines, at most ${limits.fileLines}; ${cure}`,
    })
  }
  visit(source.tree, (node) => {
    if (!isFunctionWithBody(node)) return
    findings.push(...functionLength(source, node, limits), ...nesting(source, node, limits.nesting))
  })
  return findings
}

function* bans({ path, tree }: Source): Generator<Finding> {
  for (const statement of tree.statements) {
    const message = defaultExport(statement)
    if (message)
      yield { file: path, line: lineOf(tree, statement.getStart()), rule: 'default export', message }
  }
  const found: ts.Node[] = []
  visit(tree, (node) => {
    if (node.kind === ts.SyntaxKind.AnyKeyword) found.push(node)
  })
  for (const node of found) {
    const message = 'take unknown and look at it, or write the type'
    yield { file: path, line: lineOf(tree, node.getStart()), rule: 'any', message }
  }
}

function defaultExport(statement: ts.Statement): string | undefined {
  const cure = 'export it by name'
  if (ts.isExportAssignment(statement)) return cure
  const modifiers = ts.canHaveModifiers(statement) ? ts.getModifiers(statement) : undefined
  if (modifiers?.some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword)) return cure
  if (!ts.isExportDeclaration(statement) || !statement.exportClause) return undefined
  if (!ts.isNamedExports(statement.exportClause)) return undefined
  return statement.exportClause.elements.some(({ name }) => name.text === 'default') ? cure : undefined
}

function functionLength({ path, tree }: Source, node: ts.FunctionLikeDeclaration, limits: Limits): Finding[] {
  const line = lineOf(tree, node.getStart())
  const lines = lineOf(tree, node.end) - line + 1
  const isLong = hasReason(tree, node)
  const limit = isLong ? limits.longFunctionLines : limits.functionLines
  if (lines <= limit) return []
  const cure = isLong
    ? 'even a list of checks ends somewhere'
    : 'cut out a part that has a name, or, for a top-to-bottom list of checks, say why above it: // long: reason'
  return [
    {
      file: path,
      line,
      rule: 'function length',
      message: `${nameOf(node)} has ${lines} lines, at most ${limit}; ${cure}`,
    },
  ]
}

// The comment stands directly above the function, or above the statement that holds it.
function hasReason(tree: ts.SourceFile, node: ts.Node): boolean {
  let outer: ts.Node = node
  while (outer.parent && !ts.isStatement(outer) && !ts.isClassElement(outer)) outer = outer.parent
  const ranges = ts.getLeadingCommentRanges(tree.text, outer.getFullStart()) ?? []
  const last = ranges.at(-1)
  return last !== undefined && /^\/\/ long: \S+/.test(tree.text.slice(last.pos, last.end))
}

function nesting({ path, tree }: Source, root: ts.FunctionLikeDeclaration, limit: number): Finding[] {
  const findings: Finding[] = []
  const walk = (node: ts.Node, depth: number): void => {
    if (node !== root && isFunctionWithBody(node)) return
    const inner = deepens(node) ? depth + 1 : depth
    if (inner > limit && inner > depth) {
      const message = `${nameOf(root)} nests ${inner} deep, at most ${limit}; return early or cut out the inner part`
      findings.push({ file: path, line: lineOf(tree, node.getStart()), rule: 'nesting', message })
      return
    }
    ts.forEachChild(node, (child) => walk(child, inner))
  }
  walk(root, 0)
  return findings
}

function deepens(node: ts.Node): boolean {
  if (ts.isIfStatement(node)) return !(ts.isIfStatement(node.parent) && node.parent.elseStatement === node)
  return ts.isIterationStatement(node, false) || ts.isSwitchStatement(node) || ts.isTryStatement(node)
}

function isFunctionWithBody(node: ts.Node): node is ts.FunctionLikeDeclaration {
  return ts.isFunctionLike(node) && 'body' in node && node.body !== undefined
}

function nameOf(node: ts.FunctionLikeDeclaration): string {
  if (node.name) return node.name.getText()
  if (ts.isConstructorDeclaration(node)) return 'constructor'
  return ts.isVariableDeclaration(node.parent) ? node.parent.name.getText() : 'a function'
}

export function visit(node: ts.Node, look: (node: ts.Node) => void): void {
  look(node)
  ts.forEachChild(node, (child) => visit(child, look))
}
