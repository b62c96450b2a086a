import type { App } from './app.ts'
import { folderOf, isRelative, joinPath, packageFolders } from './paths.ts'
import { type Place, type Problems, words } from './problems.ts'
import type { ProgramComponent, StyleIsolation } from './program.ts'
import { isRecord, type Json, readJson } from './read-json.ts'

export type Component = ProgramComponent

interface World {
  texts: ReadonlyMap<string, string>
  problems: Problems
  /** Tag → path, from app.json. */
  shared: Record<string, string>
}

const EMPTY: Json = { value: {}, place: () => ({ line: 1, column: 1 }) }

const has = ({ texts }: World, path: string, ...extensions: string[]) =>
  extensions.some((extension) => texts.has(path + extension))

function isComponent(world: World, path: string): boolean {
  return has(world, path, '.js', '.ts', '.json', '.wxml')
}

/** What a path of usingComponents means, as WeChat looks it up: beside the file, from the top, or in miniprogram_npm. */
function findComponent(world: World, file: string, request: string): string | undefined {
  const folder = folderOf(file)
  const beside = joinPath(folder, request)
  const packages = isRelative(request) ? [] : packageFolders(folder).map((above) => `${above}/${request}`)
  const candidates = [...(beside === null ? [] : [beside]), ...packages]
  return candidates.flatMap((path) => [path, `${path}/index`]).find((path) => isComponent(world, path))
}

function tellMissing(world: World, file: string, tag: string, request: string, place: Place): void {
  if (request.includes('://')) {
    const said = words(`<${tag}>: plugins are not here`, `<${tag}>：这里没有插件`)
    world.problems.warning(file, said, place)
    return
  }
  const said = words(
    `<${tag}>: there is no component at ${request}; check the path, or build npm (工具 → 构建 npm) if it is a package`,
    `<${tag}>：找不到组件 ${request}；请检查路径，如果它来自 npm 包，请先构建 npm（工具 → 构建 npm）`,
  )
  world.problems.error(file, said, place)
}

/** Tag → path, of what the file's `usingComponents` name and that is there. */
function usingOf(world: World, file: string, json: Json): Record<string, string> {
  const using = json.value['usingComponents']
  const found: Record<string, string> = {}
  for (const [tag, request] of Object.entries(isRecord(using) ? using : {})) {
    const place = json.place(['usingComponents', tag])
    const path = typeof request === 'string' ? findComponent(world, file, request) : undefined
    if (path === undefined) tellMissing(world, file, tag, String(request), place)
    else found[tag] = path
  }
  return found
}

/** Paths that `componentGenerics` name as what stands in by itself. */
function genericDefaults(world: World, file: string, json: Json): string[] {
  const generics = json.value['componentGenerics']
  return Object.values(isRecord(generics) ? generics : {}).flatMap((generic) => {
    const request = isRecord(generic) ? generic['default'] : undefined
    const path = typeof request === 'string' ? findComponent(world, file, request) : undefined
    return path === undefined ? [] : [path]
  })
}

const SHARED = /\bstyleIsolation\s*:\s*(["'])(?:page-)?shared\1/
const APPLY_SHARED =
  /\bstyleIsolation\s*:\s*(["'])(?:page-)?apply-shared\1|\baddGlobalClass\s*:\s*(?:true|!0)\b/

/** WeChat takes it from .json or from the script's `options`, which are read here as they are usually written. */
function isolationOf(world: World, path: string, isPage: boolean, json: Json): StyleIsolation {
  if (isPage) return 'shared'
  const said = json.value['styleIsolation']
  if (typeof said === 'string') {
    if (said.endsWith('apply-shared')) return 'apply-shared'
    return said.endsWith('shared') ? 'shared' : 'isolated'
  }
  const script = world.texts.get(`${path}.js`) ?? world.texts.get(`${path}.ts`) ?? ''
  if (SHARED.test(script)) return 'shared'
  const isOpen = json.value['addGlobalClass'] === true || APPLY_SHARED.test(script)
  return isOpen ? 'apply-shared' : 'isolated'
}

/** A word that no other component has, and that stands in a class name as it is. */
function scopeOf(path: string): string {
  return path.replace(/[^A-Za-z0-9]/g, (character) => {
    if (character === '/') return '-'
    return /[_-]/.test(character) ? `_${character}` : `_${character.codePointAt(0)?.toString(16)}_`
  })
}

function jsonOf(world: World, path: string): Json {
  const file = `${path}.json`
  const text = world.texts.get(file)
  return text === undefined ? EMPTY : (readJson(file, text, world.problems) ?? EMPTY)
}

interface Visit {
  component: Component
  uses: string[]
}

function visit(world: World, path: string, isPage: boolean): Visit {
  const json = jsonOf(world, path)
  const own = usingOf(world, `${path}.json`, json)
  const styleIsolation = isolationOf(world, path, isPage, json)
  const component: Component = {
    path,
    isPage,
    json: json.value,
    usingComponents: { ...world.shared, ...own },
    styleIsolation,
    hasScript: has(world, path, '.js', '.ts'),
    hasTemplate: has(world, path, '.wxml'),
    hasStyle: has(world, path, '.wxss'),
    styleScope: styleIsolation === 'shared' ? '' : scopeOf(path),
  }
  return { component, uses: [...Object.values(own), ...genericDefaults(world, `${path}.json`, json)] }
}

function tellHoles(world: World, { path, isPage, hasScript, hasTemplate, json }: Component): void {
  const kind = isPage ? ['page', '页面'] : ['component', '组件']
  for (const [isThere, extension] of [
    [hasScript, '.js'],
    [hasTemplate, '.wxml'],
  ] as const) {
    if (isThere) continue
    const said = words(
      `the ${kind[0]} ${path} has no ${extension}`,
      `${kind[1]} ${path} 没有 ${extension} 文件`,
    )
    world.problems.error(`${path}${extension}`, said)
  }
  if (isPage || json['component'] === true) return
  const said = words(
    'a component needs "component": true in its .json',
    '组件的 .json 需要声明 "component": true',
  )
  world.problems.warning(`${path}.json`, said, { line: 1, column: 1 })
}

function tellNoPage(world: World, app: App, path: string, at: (string | number)[]): void {
  const said = words(
    `there is no page at ${path}: neither ${path}.js nor ${path}.wxml`,
    `找不到页面 ${path}：${path}.js 和 ${path}.wxml 都不存在`,
  )
  world.problems.error('app.json', said, app.json.place(at))
}

/** The component of `tabBar.custom`, where there is one. */
function tabBarOf(app: App, world: World): string[] {
  const bar = app.json.value['tabBar']
  const path = 'custom-tab-bar/index'
  return isRecord(bar) && bar['custom'] === true && isComponent(world, path) ? [path] : []
}

/** All pages, and every component that one of them leads to. */
export function collectComponents(
  app: App,
  texts: ReadonlyMap<string, string>,
  problems: Problems,
): Record<string, Component> {
  const world: World = { texts, problems, shared: {} }
  world.shared = usingOf(world, 'app.json', app.json)
  const pages = new Set<string>()
  for (const { path, at } of app.pages) {
    if (has(world, path, '.js', '.ts', '.wxml')) pages.add(path)
    else tellNoPage(world, app, path, at)
  }
  const found: Record<string, Component> = {}
  const waiting = [...pages, ...Object.values(world.shared), ...tabBarOf(app, world)]
  for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
    if (Object.hasOwn(found, path)) continue
    const { component, uses } = visit(world, path, pages.has(path))
    found[path] = component
    tellHoles(world, component)
    waiting.push(...uses)
  }
  return found
}
