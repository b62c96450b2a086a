import { existsSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'

type Manifest = {
  folder: string
  name: string
  dependencies: Set<string>
  devDependencies: Set<string>
}

/** What the package.json files say about who may import what. */
export type Manifests = {
  ownerOf(path: string): Manifest
  /**
   * Tests and the workshop may also use the development tools of the root, every package of the repository,
   * and what those depend on.
   */
  declares(owner: Manifest, name: string, isTest: boolean): boolean
  workspaces: Set<string>
}

export function readManifests(base: string): Manifests {
  const root = readManifest(base, '')
  const folders = workspaceFolders(base)
  const all = folders.map((folder) => readManifest(base, folder))
  const workspaces = new Set(all.map(({ name }) => name))
  const isTooling = (owner: Manifest) => owner.folder === ''
  return {
    workspaces,
    ownerOf: (path) => all.find(({ folder }) => path.startsWith(`${folder}/`)) ?? root,
    declares: (owner, name, isTest) => {
      if (owner.dependencies.has(name) || owner.name === name) return true
      if (!isTest && !isTooling(owner)) return false
      if (workspaces.has(name) || root.devDependencies.has(name) || owner.devDependencies.has(name))
        return true
      return isTooling(owner) && all.some(({ dependencies }) => dependencies.has(name))
    },
  }
}

function workspaceFolders(base: string): string[] {
  const { workspaces } = readJson(join(base, 'package.json'))
  return Array.isArray(workspaces) ? workspaces.filter((folder) => typeof folder === 'string') : []
}

function readManifest(base: string, folder: string): Manifest {
  const json = readJson(join(base, posix.join(folder, 'package.json')))
  return {
    folder,
    name: String(json['name'] ?? ''),
    dependencies: namesIn(json['dependencies'], json['peerDependencies'], json['optionalDependencies']),
    devDependencies: namesIn(json['devDependencies']),
  }
}

function namesIn(...lists: unknown[]): Set<string> {
  return new Set(lists.flatMap((list) => Object.keys(list ?? {})))
}

function readJson(file: string): Record<string, unknown> {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {}
}
