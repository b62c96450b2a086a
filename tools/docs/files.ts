import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export type Page = { path: string; text: string }

const markdownFolders = ['', 'docs', 'decisions', 'packages', 'examples', 'bench', 'deploy']
const passedBy = new Set(['node_modules', 'dist', 'fixtures', '.cache', '.yaopai', '.git'])

/** Every Markdown page that a reader may open: those at the root, and all below the folders that hold docs. */
export function readPages(base: string): Page[] {
  const paths = markdownFolders.flatMap((folder) => find(base, folder, /\.md$/, folder !== ''))
  return paths.sort().map((path) => ({ path, text: readFileSync(join(base, path), 'utf8') }))
}

/** The source files whose TSDoc may hold examples. */
export function readPublicSource(base: string): Page[] {
  const paths = find(base, 'packages', /(?<!\.test|\.d)\.ts$/, true)
  return paths.map((path) => ({ path, text: readFileSync(join(base, path), 'utf8') }))
}

function find(base: string, folder: string, name: RegExp, deep: boolean): string[] {
  if (!existsSync(join(base, folder))) return []
  return readdirSync(join(base, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`
    if (entry.isDirectory()) return deep && !passedBy.has(entry.name) ? find(base, path, name, true) : []
    return name.test(entry.name) ? [path] : []
  })
}
