import type * as glassEasel from 'glass-easel'
import { type CodeSpace, MiniProgramEnv, type types } from 'glass-easel-miniprogram-adapter'
import type { Program, ProgramComponent } from '../../lib/miniprogram/program.ts'
import { folderOf, joinPath, type Modules } from '../loader/modules.ts'
import type { Artefacts } from '../loader/registry.ts'
import { createNamedBehaviors, prepareDefinition, styleOptionsOf } from './definition.ts'
import type { ReportError } from './problems.ts'

export interface CodeSpaceParts {
  program: Program
  artefacts: Artefacts
  modules: Modules
  registerBuiltIns(space: glassEasel.ComponentSpace): void
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
function staticConfigOf({ json, usingComponents, isPage }: ProgramComponent): types.ComponentStaticConfig {
  const rooted = Object.entries(usingComponents).map(([tag, path]) => {
    return [tag, path.includes('://') ? path : `/${path}`] as const
  })
  return { ...json, component: !isPage || json['component'] === true, usingComponents: Object.fromEntries(rooted) }
}

/** Pages share their styles with app.wxss, even those made with `Component()`. */
function isolationOf({ isPage, styleScope }: ProgramComponent): types.ComponentStaticConfig {
  return isPage && styleScope === '' ? ({ styleIsolation: 'shared' } as types.ComponentStaticConfig) : {}
}

function addComponent(space: CodeSpace, component: ProgramComponent, { templates }: Artefacts): void {
  const { path, styleScope } = component
  space.addComponentStaticConfig(path, { ...staticConfigOf(component), ...isolationOf(component) })
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
  for (const component of Object.values(parts.program.components)) addComponent(space, component, parts.artefacts)
  return { env, space }
}

/** Style options of the script count as if they stood in the .json; nobody writes over the styles of a page. */
function takeStyleOptions(space: CodeSpace, component: ProgramComponent, definition: object): void {
  const { path, styleScope, isPage } = component
  const said = styleOptionsOf(definition as Record<string, unknown>)
  if (isPage || Object.keys(said).length === 0) return
  // Its own style was compiled for a scope of its own; what is left of sharing is that others' styles reach it.
  if (styleScope !== '' && said['styleIsolation'] === 'shared') said['styleIsolation'] = 'apply-shared'
  space.addComponentStaticConfig(path, { ...space.getComponentStaticConfig(path), ...said })
}

export function createProgramSpace(parts: CodeSpaceParts): ProgramSpace {
  const { program, modules, report } = parts
  const { env, space } = openSpace(parts)
  const named = createNamedBehaviors(space)
  const begun = new Set<string>()
  const registered = new Set<string>()
  let loading = ''

  const register = (kind: 'pageDefinition' | 'definition', given: unknown) => {
    const component = program.components[loading]
    if (!component) throw new Error(`${loading || 'app.js'} is neither a page nor a component`)
    const definition = prepareDefinition(given, named)
    takeStyleOptions(space, component, definition)
    registered.add(loading)
    return space.component(loading)[kind](definition as Record<string, never>).register()
  }
  const runScript = (path: string) => {
    const outer = loading
    loading = path
    try {
      modules.run(`${path}.js`)
    } catch (error) {
      report(error, 'load', `${path}.js`)
    } finally {
      finish(path)
      loading = outer
    }
  }
  /** What its script did not define is there all the same, empty. */
  const finish = (path: string) => {
    if (registered.has(path)) return
    const { isPage } = program.components[path] ?? { isPage: false }
    if (modules.has(`${path}.js`)) {
      report(`${isPage ? 'Page' : 'Component'} "${path}" has not been registered yet`, 'load', `${path}.js`)
    }
    register(isPage ? 'pageDefinition' : 'definition', {})
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
    given === undefined ? space.behavior() : space.behavior().definition(prepareDefinition(given, named)).register()
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

/** Components that stand in for a generic one where nobody says another. */
function genericDefaultsOf({ json, path }: ProgramComponent): string[] {
  const generics = json['componentGenerics']
  if (typeof generics !== 'object' || generics === null) return []
  const defaults = Object.values(generics).map((one: unknown) =>
    typeof one === 'object' && one !== null && 'default' in one ? String(one.default) : '',
  )
  return defaults.filter(Boolean).map((one) => joinPath(folderOf(path), one))
}
