import { type Problems, words } from './problems.ts'
import { isRecord, type Json, readJson, stringsOf } from './read-json.ts'

export interface AppPage {
  path: string
  /** Where app.json names it. */
  at: (string | number)[]
}

export interface App {
  json: Json
  pages: AppPage[]
}

const NO_APP = words(
  'there is no app.json: this folder is no mini program; give the folder that holds app.json, or the project whose project.config.json names it as miniprogramRoot',
  '没有 app.json：这个目录不是小程序；请指定 app.json 所在的目录，或 project.config.json 里写明 miniprogramRoot 的项目目录',
)
const NO_PAGES = words('app.json must name a page in "pages"', 'app.json 的 "pages" 至少要有一个页面')

function subpackagesOf(json: Json): AppPage[] {
  return ['subpackages', 'subPackages'].flatMap((key) => {
    const packages: unknown = json.value[key]
    if (!Array.isArray(packages)) return []
    return packages.flatMap((one: unknown, index) => {
      if (!isRecord(one)) return []
      const root = String(one['root'] ?? '').replace(/^\/+|\/+$/g, '')
      const paths = stringsOf(one['pages'])
      return paths.map((page, at) => ({ path: `${root}/${page}`, at: [key, index, 'pages', at] }))
    })
  })
}

function pagesOf(json: Json): AppPage[] {
  const main = stringsOf(json.value['pages']).map((path, at) => ({ path, at: ['pages', at] }))
  const all = [...main, ...subpackagesOf(json)].map(({ path, at }) => ({
    path: path.replace(/^\/+/, ''),
    at,
  }))
  const first = all.filter((page, index) => all.findIndex(({ path }) => path === page.path) === index)
  const entry = json.value['entryPagePath']
  return first.sort((a, b) => Number(b.path === entry) - Number(a.path === entry))
}

const NOT_HERE: readonly [string, string, string][] = [
  ['plugins', 'plugins', '插件'],
  ['workers', 'workers', '多线程 Worker'],
  ['cloud', 'cloud development', '云开发'],
  ['functionalPages', 'functional pages', '功能页'],
  ['useExtendedLib', 'the extended libraries of useExtendedLib', 'useExtendedLib 扩展库'],
]

function tellNotHere(json: Json, problems: Problems): void {
  for (const [key, en, zh] of NOT_HERE) {
    if (!json.value[key]) continue
    const said = words(
      `${en}: not here; what needs them does not work on this phone`,
      `这里没有${zh}，依赖它的功能在这台手机上不可用`,
    )
    problems.warning('app.json', said, json.place([key]))
  }
}

function tellTabs(json: Json, pages: AppPage[], problems: Problems): void {
  const bar = json.value['tabBar']
  const list: unknown = isRecord(bar) ? bar['list'] : undefined
  if (!Array.isArray(list)) return
  const known = new Set(pages.map(({ path }) => path))
  for (const [index, item] of list.entries()) {
    const path: unknown = isRecord(item) ? item['pagePath'] : undefined
    if (typeof path === 'string' && known.has(path)) continue
    const shown = JSON.stringify(path ?? null)
    const said = words(`tabBar: ${shown} is not in "pages"`, `tabBar：${shown} 不在 "pages" 里`)
    problems.error('app.json', said, json.place(['tabBar', 'list', index, 'pagePath']))
  }
}

/** app.json, and what is wrong with it. Undefined where there is none that can be read. */
export function readApp(texts: ReadonlyMap<string, string>, problems: Problems): App | undefined {
  const text = texts.get('app.json')
  if (text === undefined) problems.error('app.json', NO_APP)
  const json = text === undefined ? undefined : readJson('app.json', text, problems)
  if (!json) return undefined
  const pages = pagesOf(json)
  if (pages.length === 0) problems.error('app.json', NO_PAGES, json.place(['pages']))
  tellNotHere(json, problems)
  tellTabs(json, pages, problems)
  return { json, pages }
}

export type Theme = { light: Record<string, string>; dark: Record<string, string> }

function sideOf(value: unknown): Record<string, string> {
  const entries = isRecord(value) ? Object.entries(value) : []
  return Object.fromEntries(
    entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  )
}

/** The file that app.json's `themeLocation` names. */
export function readTheme(app: App, texts: ReadonlyMap<string, string>, problems: Problems): Theme {
  const location = app.json.value['themeLocation']
  const file = typeof location === 'string' ? location.replace(/^\.?\/+/, '') : 'theme.json'
  const text = texts.get(file)
  if (text === undefined && location !== undefined) {
    const said = words(`themeLocation: ${file} is not there`, `themeLocation：找不到 ${file}`)
    problems.error('app.json', said, app.json.place(['themeLocation']))
  }
  const json = text === undefined ? undefined : readJson(file, text, problems)
  return { light: sideOf(json?.value['light']), dark: sideOf(json?.value['dark']) }
}
