import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export type LockEntry = {
  version?: string
  resolved?: string
  integrity?: string
  license?: string
  link?: boolean
  optional?: boolean
  dependencies?: Record<string, string>
  optionalDependencies?: Record<string, string>
}
export type Lockfile = { lockfileVersion: number; packages: Record<string, LockEntry> }

export function readLockfile(base: string): Lockfile {
  return JSON.parse(readFileSync(join(base, 'package-lock.json'), 'utf8'))
}

/** What installing one package brings besides itself, as paths of the lockfile. */
export function installedBy(folder: string, { packages }: Lockfile): Set<string> {
  const found = new Set<string>()
  const waiting = [folder]
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    const { dependencies, optionalDependencies } = packages[path] ?? {}
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
      const at = resolve(path, name, packages)
      if (at === undefined || found.has(at)) continue
      found.add(at)
      waiting.push(at)
    }
  }
  return found
}

// As Node looks: beside the package, then one folder further out each time.
function resolve(from: string, name: string, packages: Lockfile['packages']): string | undefined {
  for (let base = from; ; base = base.slice(0, Math.max(0, base.lastIndexOf('/')))) {
    const path = `${base === '' ? '' : `${base}/`}node_modules/${name}`
    if (packages[path]) return path
    if (base === '') return undefined
  }
}
