import { folderOf, isRelative, joinPath, packageFolders } from './paths.ts'

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

/**
 * The script that `require(request)` means in the script `from`, as WeChat looks it up: relative, absolute from the top
 * (`/lib/x`), else a package in the nearest miniprogram_npm, or else beside the file (WeChat takes `utils/x` for `./utils/x`).
 * With or without `.js`, or a folder with index.js. Null where there is none.
 */
export function resolveScript(from: string, request: string, requirable: Requirable): string | null {
  const folder = folderOf(from)
  const path = joinPath(folder, request)
  const packages = isRelative(request) ? [] : packageFolders(folder)
  for (const above of packages) {
    const hit = fileAt(`${above}/${request}`, requirable)
    if (hit !== null) return hit
  }
  return path === null ? null : fileAt(path, requirable)
}
