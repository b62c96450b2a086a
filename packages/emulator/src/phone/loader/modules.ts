import { createProgramGlobal } from './program-global.ts'
import type { Artefacts, Load, ModuleFactory, ModuleRecord, Require } from './registry.ts'

/** Runs the scripts of one life of a mini program, each once. */
export interface Modules {
  /** Whether there is such a script. */
  has(file: string): boolean
  /** @throws what the script throws */
  run(file: string): unknown
}

/** `pages/index` and `../../lib/a` make `lib/a`; what would leave the folder stays at its root. */
export function joinPath(folder: string, request: string): string {
  const parts: string[] = request.startsWith('/') ? [] : folder.split('/').filter(Boolean)
  for (const part of request.split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '.' && part !== '') parts.push(part)
  }
  return parts.join('/')
}

export function folderOf(file: string): string {
  return file.includes('/') ? file.slice(0, file.lastIndexOf('/')) : ''
}

const ENDINGS = ['', '.js', '/index.js']

/** Folders in which a package is looked for, from that of the file up. */
function packageFolders(file: string): string[] {
  const parts = folderOf(file).split('/').filter(Boolean)
  const folders = parts.map((_, index) => parts.slice(0, parts.length - index).join('/'))
  return [...folders, ''].map((folder) => joinPath(folder, 'miniprogram_npm'))
}

function isRelative(request: string): boolean {
  return /^\.{0,2}\//.test(request) || request === '.' || request === '..'
}

/** As WeChat looks for what `require` names: beside the file, from the root, in miniprogram_npm, and then beside it again. */
function candidates(file: string, request: string): string[] {
  const beside = joinPath(folderOf(file), request)
  if (isRelative(request)) return [beside]
  return [...packageFolders(file).map((folder) => `${folder}/${request}`), beside]
}

function resolve(factories: ReadonlyMap<string, ModuleFactory>, file: string, request: string) {
  for (const base of candidates(file, request)) {
    const found = ENDINGS.map((ending) => `${base}${ending}`).find((name) => factories.has(name))
    if (found !== undefined) return found
  }
  return undefined
}

/** `require` in all its forms: at once, with callbacks, as a promise. */
function requireOf(load: (request: string) => unknown): Require {
  const withCallbacks: Load = (request, done, failed) => {
    if (typeof done !== 'function') return load(request)
    Promise.resolve(request).then(load).then(done, failed)
    return undefined
  }
  return Object.assign(withCallbacks, { async: async (request: string) => load(request) })
}

export function createModules({ factories }: Artefacts): Modules {
  const loaded = new Map<string, ModuleRecord>()
  const global = createProgramGlobal()
  const run = (file: string): unknown => {
    const known = loaded.get(file)
    if (known) return known.exports
    const factory = factories.get(file)
    if (!factory) throw new Error(`module '${file}' is not defined`)
    const module: ModuleRecord = { exports: {} }
    loaded.set(file, module)
    // `this` as in Node; without it a script would find the window there.
    const require = requireOf((request) => requireFrom(file, request))
    factory.call(module.exports, require, module, module.exports, global, global)
    return module.exports
  }
  const requireFrom = (file: string, request: string) => {
    const found = resolve(factories, file, String(request))
    if (found === undefined)
      throw new Error(`module '${request}' is not defined, require args is '${request}'`)
    return run(found)
  }
  return { has: (file) => factories.has(file), run }
}
