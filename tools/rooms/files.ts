import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'

export type Finding = { file: string; line: number; rule: string; message: string }

/** A parsed file, its path from the root with `/`. */
export type Source = { path: string; tree: ts.SourceFile; isTest: boolean }

const passedBy = new Set(['node_modules', 'dist', 'fixtures', '.cache', '.yaopai'])

export function readSources(base: string, folders: string[], tests: string[]): Source[] {
  return folders
    .flatMap((folder) => typeScriptFiles(base, folder))
    .map((path) => ({
      path,
      tree: ts.createSourceFile(path, readFileSync(join(base, path), 'utf8'), ts.ScriptTarget.ES2023, true),
      isTest: tests.some((pattern) => fits(path, pattern)),
    }))
}

function typeScriptFiles(base: string, folder: string): string[] {
  if (!existsSync(join(base, folder))) return []
  return readdirSync(join(base, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`
    if (entry.isDirectory()) return passedBy.has(entry.name) ? [] : typeScriptFiles(base, path)
    return /\.(m?ts|tsx)$/.test(entry.name) && !/\.d\.m?ts$/.test(entry.name) ? [path] : []
  })
}

/** Whether a path fits a pattern in which `*` stays within one name and `**` does not. */
export function fits(path: string, pattern: string): boolean {
  const source = pattern
    .split(/(\*\*\/|\*\*|\*)/)
    .map(
      (part) =>
        ({ '**/': '(?:.*/)?', '**': '.*', '*': '[^/]*' })[part] ?? part.replace(/[.\\+^$()[\]{}|?]/g, '\\$&'),
    )
    .join('')
  return new RegExp(`^${source}$`).test(path)
}

export function lineOf(tree: ts.SourceFile, position: number): number {
  return tree.getLineAndCharacterOfPosition(position).line + 1
}
