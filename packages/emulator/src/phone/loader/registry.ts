import type { template } from 'glass-easel'

export type Load = (
  request: string,
  done?: (exports: unknown) => void,
  failed?: (error: unknown) => void,
) => unknown

/** As a script calls it. */
export interface Require extends Load {
  /** Of another subpackage; all of them are here from the start. */
  async(request: string): Promise<unknown>
}

export interface ModuleRecord {
  exports: unknown
}

/** A script of the mini program, in the wrapper that the emulator serves it with. */
export type ModuleFactory = (
  this: unknown,
  require: Require,
  module: ModuleRecord,
  exports: unknown,
  global: object,
  sameGlobal: object,
) => void

/** What one build of a mini program consists of, once its scripts have run. */
export interface Artefacts {
  factories: ReadonlyMap<string, ModuleFactory>
  templates: template.ProcGenGroupList
  /** Templates and wxs modules that threw when they were made. */
  failures: TemplateFailure[]
}

export interface TemplateFailure {
  /** Without extension. */
  path: string
  error: unknown
}

/** What the served scripts call. */
interface Registry {
  define(name: string, factory: ModuleFactory): void
  templates(groups: template.ProcGenGroupList, failures?: readonly TemplateFailure[]): void
}

declare global {
  interface Window {
    __yaopai?: Registry
  }
}

/** Gathers what the scripts of the next build hand in. */
export function gatherArtefacts(): Artefacts {
  const factories = new Map<string, ModuleFactory>()
  const artefacts: Artefacts = { factories, templates: Object.create(null), failures: [] }
  window.__yaopai = {
    define: (name, factory) => void factories.set(name, factory),
    templates(groups, failures = []) {
      Object.assign(artefacts.templates, groups)
      artefacts.failures.push(...failures)
    },
  }
  return artefacts
}
