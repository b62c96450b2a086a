import type { Program } from '../../lib/miniprogram/program.ts'
import { resolveScript } from '../../lib/miniprogram/resolve.ts'
import { createProgramGlobal } from './program-global.ts'
import type { Artefacts, Load, ModuleRecord, Require } from './registry.ts'

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

/** `require` in all its forms: at once, with callbacks, as a promise. */
function requireOf(load: (request: string) => unknown): Require {
  const withCallbacks: Load = (request, done, failed) => {
    if (typeof done !== 'function') return load(request)
    Promise.resolve(request).then(load).then(done, failed)
    return undefined
  }
  return Object.assign(withCallbacks, { async: async (request: string) => load(request) })
}

/** `mains` are the program's: where packages begin that name a file of their own. */
export function createModules({ factories }: Artefacts, mains: Program['mains']): Modules {
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
    const found = resolveScript(file, String(request), { scripts: factories, mains })
    if (found === null) throw new Error(`module '${request}' is not defined, require args is '${request}'`)
    return run(found)
  }
  return { has: (file) => factories.has(file), run }
}
