import type * as glassEasel from 'glass-easel'
import { type CodeSpace, MiniProgramEnv, type types } from 'glass-easel-miniprogram-adapter'
import { folderOf } from '../../lib/miniprogram/paths.ts'
import type { Program, ProgramComponent } from '../../lib/miniprogram/program.ts'
import { joinPath, type Modules } from '../loader/modules.ts'
import type { Artefacts } from '../loader/registry.ts'
import { prepareDefinition, wantsSharedStyles } from './definition.ts'
import type { ReportError } from './problems.ts'

export interface CodeSpaceParts {
  program: Program
  artefacts: Artefacts
  modules: Modules
  registerBuiltIns(space: glassEasel.ComponentSpace): void
  /** Before the first component is defined. */
  prepare(space: CodeSpace): void
  report: ReportError
}

/** The pages and components of a mini program, each made known when it is first needed. */
export interface ProgramSpace {
  readonly env: MiniProgramEnv
  readonly space: CodeSpace
  /** Runs the scripts of a page or component and of all that it uses. */
  ensure(path: string): void
  /** `Page`, `Component`, `Behavior` for the scripts; they mean the page or component that is being loaded. */
  readonly globals: Record<'Page' | 'Component' | 'Behavior', unknown>
}

/** What the .json of a component says, its tags with paths from the root. */
function staticConfigOf({
  json,
  usingComponents,
  isPage,
  styleIsolation,
}: ProgramComponent): types.ComponentStaticConfig {
  const rooted = Object.entries(usingComponents).map(([tag, path]) => {
    return [tag, path.includes('://') ? path : `/${path}`] as const
  })
  // The compiler's word, after which class names were written.
  const isolation = { styleIsolation: styleIsolation as types.StyleIsolation, component: !isPage }
  return { ...json, ...isolation, usingComponents: Object.fromEntries(rooted) }
}

function addComponent(space: CodeSpace, component: ProgramComponent, { templates }: Artefacts): void {
  const { path, styleScope } = component
  space.addComponentStaticConfig(path, staticConfigOf(component))
  space.addStyleSheet(path, undefined, styleScope === '' ? undefined : styleScope)
  const content = templates[path]
  if (content) space.addCompiledTemplate(path, { groupList: templates, content })
}

function openSpace(parts: CodeSpaceParts): { env: MiniProgramEnv; space: CodeSpace } {
  const env = new MiniProgramEnv()
  const space = env.createCodeSpace('app', true)
  const inner = space.getComponentSpace()
  inner.updateComponentOptions({ useMethodCallerListeners: true })
  inner.defineComponent({ is: '' })
  parts.registerBuiltIns(inner)
  parts.prepare(space)
  for (const component of Object.values(parts.program.components))
    addComponent(space, component, parts.artefacts)
  return { env, space }
}

/**
 * Where the compiler could not read in the script that others' styles reach a component, it is seen now. Its own style
 * keeps the scope that it was compiled for.
 */
function takeStyleOptions(space: CodeSpace, component: ProgramComponent, definition: object): void {
  const { path, styleIsolation } = component
  if (styleIsolation !== 'isolated' || !wantsSharedStyles(definition)) return
  const config = {
    ...space.getComponentStaticConfig(path),
    styleIsolation: 'apply-shared' as types.StyleIsolation,
  }
  space.addComponentStaticConfig(path, config)
}

/** Registers what the scripts hand in, for the page or component that is being loaded. */
class Loader {
  readonly #parts: CodeSpaceParts
  readonly #space: CodeSpace
  readonly #begun = new Set<string>()
  readonly #registered = new Set<string>()
  #loading = ''

  constructor(parts: CodeSpaceParts, space: CodeSpace) {
    this.#parts = parts
    this.#space = space
  }

  ensure(path: string): void {
    const component = this.#parts.program.components[path]
    if (this.#begun.has(path) || !component) return
    this.#begun.add(path)
    for (const used of [...Object.values(component.usingComponents), ...genericDefaultsOf(component)])
      this.ensure(used)
    const outer = this.#loading
    this.#loading = path
    this.#run(component)
    this.#loading = outer
  }

  #run(component: ProgramComponent): void {
    const { path, isPage } = component
    const kind = isPage ? 'Page' : 'Component'
    const file = `${path}.js`
    try {
      if (this.#parts.modules.has(file)) this.#parts.modules.run(file)
      if (component.hasScript && !this.#registered.has(path)) {
        throw new Error(`${kind} "${path}" has not been registered yet: ${file} does not call ${kind}()`)
      }
    } catch (error) {
      this.#parts.report(error, 'load', file)
    }
    // What its script did not define is there all the same, empty.
    if (!this.#registered.has(path)) this.register(kind, {})
  }

  register(kind: 'Page' | 'Component', given: unknown): void {
    const path = this.#loading
    const component = this.#parts.program.components[path]
    if (!component) throw new Error(`${kind}() is called by what is neither a page nor a component`)
    const definition = this.prepare(given)
    takeStyleOptions(this.#space, component, definition)
    this.#registered.add(path)
    const builder = this.#space.component(path)
    if (kind === 'Component') builder.definition(definition).register()
    else builder.pageDefinition(definition).register()
  }

  /** `Component()` without a definition: a builder. */
  build(): unknown {
    this.#registered.add(this.#loading)
    return this.#space.component(this.#loading)
  }

  prepare(given: unknown): Record<string, unknown> {
    return prepareDefinition(given, (name) => {
      const behavior = this.#space.getComponentSpace().getBehaviorByUrl(name, '')
      return behavior ? { _$: behavior } : undefined
    })
  }
}

export function createProgramSpace(parts: CodeSpaceParts): ProgramSpace {
  const { env, space } = openSpace(parts)
  const loader = new Loader(parts, space)
  const behavior = (given?: unknown) => {
    const builder = space.behavior()
    return given === undefined ? builder : builder.definition(loader.prepare(given)).register()
  }
  const globals = {
    Page: (given: unknown) => loader.register('Page', given),
    Component: (given?: unknown) =>
      given === undefined ? loader.build() : loader.register('Component', given),
    Behavior: Object.assign(behavior, { trait: space.traitBehavior.bind(space) }),
  }
  return { env, space, ensure: (path) => loader.ensure(path), globals }
}

/** Components that stand in for a generic one where nobody says another. */
function genericDefaultsOf({ json, path }: ProgramComponent): string[] {
  const generics = json['componentGenerics']
  if (typeof generics !== 'object' || generics === null) return []
  const defaults = Object.values(generics).map((one: unknown) =>
    typeof one === 'object' && one !== null && 'default' in one ? String(one.default) : '',
  )
  return defaults.filter(Boolean).map((one) => joinPath(folderOf(path), one))
}
