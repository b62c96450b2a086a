import { builtinModules } from 'node:module'
import { posix } from 'node:path'
import ts from 'typescript'
import type { Room, RoomsConfig } from './config.ts'
import { type Finding, fits, lineOf, type Source } from './files.ts'
import type { Manifests } from './manifests.ts'
import { visit } from './shape.ts'

type Import = { specifier: string; line: number; typesOnly: boolean }

/** Which file may import which: rooms, separate folders, thin files, declared packages. */
export function checkImports(source: Source, config: RoomsConfig, manifests: Manifests): Finding[] {
  const room = roomOf(source.path, config)
  const findings = room?.thin && !source.isTest ? thinness(source) : []
  for (const found of importsOf(source.tree)) {
    const message = found.specifier.startsWith('.')
      ? relativeComplaint(source, found, room, config)
      : moduleComplaint(source, found, room, config, manifests)
    if (message) findings.push({ file: source.path, line: found.line, rule: 'import', message })
  }
  return findings
}

function roomOf(path: string, config: RoomsConfig): Room | undefined {
  return config.rooms.find((room) => room.files.some((pattern) => fits(path, pattern)))
}

function relativeComplaint(
  source: Source,
  found: Import,
  room: Room | undefined,
  config: RoomsConfig,
): string | undefined {
  const target = posix.join(posix.dirname(source.path), found.specifier)
  const aloof = config.aloof.find((folder) => source.path.startsWith(`${folder}/`))
  if (aloof && !target.startsWith(`${aloof}/`))
    return `${aloof} imports nothing of ours; ${found.specifier} leaves it`
  if (source.isTest) return undefined
  const isShipped = config.shippedTests?.includes(target) ?? false
  if (!isShipped && config.tests.some((pattern) => fits(target, pattern)))
    return `${found.specifier} is test code; move what both need out of it`
  const targetRoom = roomOf(target, config)
  if (!room || !targetRoom || room.mayImport.includes('everything')) return undefined
  if (room === targetRoom) return separateComplaint(source.path, target, room)
  if (room.mayImport.includes(targetRoom.name)) return undefined
  const typesOnly = room.mayImportTypesOf?.includes(targetRoom.name)
  if (typesOnly && found.typesOnly) return undefined
  if (typesOnly)
    return `${room.name} may take types alone of ${targetRoom.name}: import type, or let the caller ask it`
  return `${room.name} may not import ${targetRoom.name} (${target}): imports point down; let a caller above hand it in (rooms are drawn in tools/rooms/config.ts)`
}

function separateComplaint(from: string, to: string, room: Room): string | undefined {
  const below = room.separateBelow
  if (below === undefined) return undefined
  const part = (path: string) => path.slice(below.length + 1).split('/')[0]
  if (part(from) === part(to)) return undefined
  return `${part(from)} and ${part(to)} below ${below} do not see each other; what both need belongs in a room beneath`
}

function moduleComplaint(
  source: Source,
  { specifier }: Import,
  room: Room | undefined,
  config: RoomsConfig,
  manifests: Manifests,
): string | undefined {
  const isBare = !specifier.startsWith('node:')
  if (isBare && builtinModules.includes(specifier)) return `write node:${specifier}`
  if (!source.isTest && room?.onlyModules && !room.onlyModules.includes(specifier)) {
    return `${room.name} is pure and may not import ${specifier}; let the caller do it and hand in the value`
  }
  if (specifier.startsWith('node:')) return undefined
  const name = specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')
  const owner = manifests.ownerOf(source.path)
  const aloof = config.aloof.includes(owner.folder) && manifests.workspaces.has(name) && name !== owner.name
  if (aloof) return `${owner.folder} imports nothing of ours, and ${name} is ours`
  if (manifests.declares(owner, name, source.isTest || room?.bundled === true)) return undefined
  return `${name} is not among the dependencies of ${owner.folder || '.'}/package.json; declare it there with its exact version`
}

function thinness({ path, tree }: Source): Finding[] {
  const thick = tree.statements.filter((statement) => !isThin(statement))
  const message = 'a public file holds re-exports and types alone; move the code to lib/ and re-export it'
  return thick.map((statement) => ({
    file: path,
    line: lineOf(tree, statement.getStart()),
    rule: 'thin public file',
    message,
  }))
}

function isThin(statement: ts.Statement): boolean {
  if (ts.isExportDeclaration(statement) || ts.isImportDeclaration(statement)) return true
  return ts.isTypeAliasDeclaration(statement) || ts.isInterfaceDeclaration(statement)
}

function importsOf(tree: ts.SourceFile): Import[] {
  const imports: Import[] = []
  visit(tree, (node) => {
    const found = importIn(node)
    if (found) imports.push({ ...found, line: lineOf(tree, node.getStart()) })
  })
  return imports
}

function importIn(node: ts.Node): Omit<Import, 'line'> | undefined {
  if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
    return { specifier: node.moduleSpecifier.text, typesOnly: isTypeImport(node) }
  }
  if (ts.isExportDeclaration(node) && node.moduleSpecifier && ts.isStringLiteral(node.moduleSpecifier)) {
    return { specifier: node.moduleSpecifier.text, typesOnly: node.isTypeOnly }
  }
  if (!ts.isCallExpression(node) || node.expression.kind !== ts.SyntaxKind.ImportKeyword) return undefined
  const [argument] = node.arguments
  return argument && ts.isStringLiteral(argument) ? { specifier: argument.text, typesOnly: false } : undefined
}

function isTypeImport({ importClause }: ts.ImportDeclaration): boolean {
  return importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword
}
