// Writes the names of all of WeChat's `wx.…`, from its own declarations (miniprogram-api-typings, MIT), for the phone to
// tell which of them it does not have: node tools/run.mjs tools/phone/api-names.ts
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import ts from 'typescript'
import { root } from '../setup.mjs'

const DECLARATIONS = join(root, 'node_modules/miniprogram-api-typings/types/wx/lib.wx.api.d.ts')
export const API_NAMES = join(root, 'packages/emulator/src/phone/wx/api-names.json')

function methodNames(file: ts.SourceFile): string[] {
  const names = new Set<string>()
  const visit = (node: ts.Node): void => {
    if (!ts.isInterfaceDeclaration(node)) ts.forEachChild(node, visit)
    else if (node.name.text === 'Wx') {
      for (const member of node.members)
        if (ts.isMethodSignature(member)) names.add(member.name.getText(file))
    }
  }
  visit(file)
  return [...names].sort()
}

export function apiNamesText(): string {
  const source = readFileSync(DECLARATIONS, 'utf8')
  const names = methodNames(ts.createSourceFile('wx.d.ts', source, ts.ScriptTarget.Latest, true))
  return `${JSON.stringify(names, null, 2)}\n`
}

if (import.meta.filename === process.argv[1]) writeFileSync(API_NAMES, apiNamesText())
