import ts from 'typescript'

/** The names of all members that declarations give to types, sorted. */
export function memberNames(declarations: string): string[] {
  const source = ts.createSourceFile('index.d.ts', declarations, ts.ScriptTarget.ES2015)
  const names = new Set<string>()
  const visit = (node: ts.Node): void => {
    if ((ts.isTypeElement(node) || ts.isClassElement(node)) && node.name && ts.isIdentifier(node.name))
      names.add(node.name.text)
    ts.forEachChild(node, visit)
  }
  visit(source)
  return [...names].sort()
}
