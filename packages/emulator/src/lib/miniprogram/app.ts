import { type Problems, words } from './problems.ts'
import { isRecord, type Json, readJson, stringsOf } from './read-json.ts'

/** Where app.json says something: `['pages', 2]`. */
export type At = (string | number)[]

export interface AppPage {
  path: string
  at: At
}

export interface App {
  json: Json
  /** In their order, the first one is where it starts; each path once. */
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
  const pages = new Map<string, AppPage>()
  for (const { path: given, at } of [...main, ...subpackagesOf(json)]) {
    const path = given.replace(/^\/+/, '')
    if (!pages.has(path)) pages.set(path, { path, at })
  }
  const entry = json.value['entryPagePath']
  return [...pages.values()].sort((a, b) => Number(b.path === entry) - Number(a.path === entry))
}

/** app.json. Undefined, and told, where there is none that can be read. */
export function readApp(texts: ReadonlyMap<string, string>, problems: Problems): App | undefined {
  const text = texts.get('app.json')
  if (text === undefined) problems.error('app.json', NO_APP)
  const json = text === undefined ? undefined : readJson('app.json', text, problems)
  if (!json) return undefined
  const pages = pagesOf(json)
  if (pages.length === 0) problems.error('app.json', NO_PAGES, json.place(['pages']))
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
