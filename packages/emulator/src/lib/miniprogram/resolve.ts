import { folderOf, joinPath } from './paths.ts'

/** What can be required: the program's script files, and where packages with a `main` of their own begin. */
export interface Requirable {
  scripts: { has(file: string): boolean }
  /** Folder → script, for packages in miniprogram_npm whose package.json names a `main` other than index.js. */
  mains: Readonly<Record<string, string>>
}

function fileAt(path: string, { scripts, mains }: Requirable): string | null {
  const main = Object.hasOwn(mains, path) ? mains[path] : undefined
  const index = path === '' ? 'index.js' : `${path}/index.js`
  const candidates = [path, `${path}.js`, main ?? index, index]
  return candidates.find((candidate) => scripts.has(candidate)) ?? null
}

/** The folders that a package may lie in, nearest first. */
function packageFolders(folder: string): string[] {
  const parts = folder === '' ? [] : folder.split('/')
  const folders = parts.map((_, index) => parts.slice(0, parts.length - index).join('/'))
  return [...folders, ''].map((above) => (above === '' ? 'miniprogram_npm' : `${above}/miniprogram_npm`))
}

/**
 * The script that `require(request)` means in the script `from`, as WeChat looks it up: relative, absolute from the top
 * (`/lib/x`), else first beside the file (WeChat takes `utils/x` for `./utils/x`), then a package in the nearest
 * miniprogram_npm. With or without `.js`, or a folder with index.js. Null where there is none.
 */
export function resolveScript(from: string, request: string, requirable: Requirable): string | null {
  const folder = folderOf(from)
  const path = joinPath(folder, request)
  if (/^\.{0,2}\//.test(request) || request === '.' || request === '..') {
    return path === null ? null : fileAt(path, requirable)
  }
  for (const packages of packageFolders(folder)) {
    const hit = fileAt(`${packages}/${request}`, requirable)
    if (hit !== null) return hit
  }
  return path === null ? null : fileAt(path, requirable)
}
