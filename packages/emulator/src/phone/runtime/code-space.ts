import type * as glassEasel from 'glass-easel'
import { type CodeSpace, MiniProgramEnv, type types } from 'glass-easel-miniprogram-adapter'
import type { Program, ProgramComponent } from '../../lib/miniprogram/program.ts'
import { folderOf, joinPath, type Modules } from '../loader/modules.ts'
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

export function createProgramSpace(parts: CodeSpaceParts): ProgramSpace {
  const { program, modules, report } = parts
  const { env, space } = openSpace(parts)
  const named = (name: string) => {
    const behavior = space.getComponentSpace().getBehaviorByUrl(name, '')
    return behavior ? { _$: behavior } : undefined
  }
  const begun = new Set<string>()
  const registered = new Set<string>()
  let loading = ''

  const register = (kind: 'pageDefinition' | 'definition', given: unknown) => {
    const component = program.components[loading]
    if (!component) throw new Error(`${loading || 'app.js'} is neither a page nor a component`)
    const definition = prepareDefinition(given, named)
    takeStyleOptions(space, component, definition)
    registered.add(loading)
    const builder = space.component(loading)
    return (
      kind === 'definition' ? builder.definition(definition) : builder.pageDefinition(definition)
    ).register()
  }
  const runScript = (path: string) => {
    const outer = loading
    loading = path
    try {
      modules.run(`${path}.js`)
      if (!registered.has(path))
        throw new Error(`${kindOf(program, path)} "${path}" has not been registered yet`)
    } catch (error) {
      if (modules.has(`${path}.js`)) report(error, 'load', `${path}.js`)
    } finally {
      // What its script did not define is there all the same, empty.
      if (!registered.has(path))
        register(program.components[path]?.isPage ? 'pageDefinition' : 'definition', {})
      loading = outer
    }
  }
  const ensure = (path: string) => {
    const component = program.components[path]
    if (begun.has(path) || !component) return
    begun.add(path)
    for (const used of Object.values(component.usingComponents)) ensure(used)
    for (const used of genericDefaultsOf(component)) ensure(used)
    runScript(path)
  }
  const Behavior = (given?: unknown) =>
    given === undefined
      ? space.behavior()
      : space.behavior().definition(prepareDefinition(given, named)).register()
  const Component = (given?: unknown) => {
    if (given !== undefined) return register('definition', given)
    registered.add(loading)
    return space.component(loading)
  }
  const globals = {
    Page: (given: unknown) => void register('pageDefinition', given),
    Component,
    Behavior: Object.assign(Behavior, { trait: space.traitBehavior.bind(space) }),
  }
  return { env, space, ensure, globals }
}

function kindOf({ components }: Program, path: string): 'Page' | 'Component' {
  return components[path]?.isPage ? 'Page' : 'Component'
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
