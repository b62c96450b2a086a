import type { App, At, Theme } from './app.ts'
import type { Folder } from './folder.ts'
import { type Problems, type Words, words } from './problems.ts'
import { isRecord } from './read-json.ts'

interface Checked {
  app: App
  theme: Theme
  folder: Folder
  problems: Problems
}

function error({ app, problems }: Checked, at: At, said: Words): void {
  problems.error('app.json', said, app.json.place(at))
}

const NOT_HERE: readonly [string, string, string][] = [
  ['plugins', 'plugins', '插件'],
  ['workers', 'workers', '多线程 Worker'],
  ['cloud', 'cloud development', '云开发'],
  ['functionalPages', 'functional pages', '功能页'],
  ['useExtendedLib', 'the extended libraries of useExtendedLib', 'useExtendedLib 扩展库'],
]

function tellNotHere({ app, problems }: Checked): void {
  for (const [key, en, zh] of NOT_HERE) {
    if (!app.json.value[key]) continue
    const said = words(
      `${key}: this phone has no ${en}; what needs them does not work`,
      `${key}：这台手机没有${zh}，依赖它的功能不可用`,
    )
    problems.warning('app.json', said, app.json.place([key]))
  }
}

function tellIcons(checked: Checked, item: Record<string, unknown>, at: At): void {
  for (const key of ['iconPath', 'selectedIconPath']) {
    const icon = item[key]
    if (typeof icon !== 'string' || icon === '' || icon.startsWith('@')) continue
    if (checked.folder.others.has(icon.replace(/^\.?\/+/, ''))) continue
    error(checked, [...at, key], words(`tabBar: ${icon} is not there`, `tabBar：找不到图标 ${icon}`))
  }
}

function tellTabs(checked: Checked): void {
  const { json, pages } = checked.app
  const bar = json.value['tabBar']
  const list: unknown = isRecord(bar) ? bar['list'] : undefined
  if (!Array.isArray(list)) return
  const known = new Set(pages.map(({ path }) => path))
  for (const [index, item] of list.entries()) {
    const at = ['tabBar', 'list', index]
    const path: unknown = isRecord(item) ? item['pagePath'] : undefined
    if (isRecord(item)) tellIcons(checked, item, at)
    if (typeof path === 'string' && known.has(path.replace(/^\/+/, ''))) continue
    const shown = JSON.stringify(path ?? null)
    error(
      checked,
      [...at, 'pagePath'],
      words(`tabBar: ${shown} is not in "pages"`, `tabBar：${shown} 不在 "pages" 里`),
    )
  }
}

/** Every text of `value` that is a theme's variable, and where it stands. */
function variables(value: unknown, at: At): { name: string; at: At }[] {
  if (typeof value === 'string') return value.startsWith('@') ? [{ name: value.slice(1), at }] : []
  if (Array.isArray(value)) return value.flatMap((one: unknown, index) => variables(one, [...at, index]))
  if (!isRecord(value)) return []
  return Object.entries(value).flatMap(([key, one]) => variables(one, [...at, key]))
}

function tellVariables(checked: Checked): void {
  const { app, theme } = checked
  const used = ['window', 'tabBar'].flatMap((key) => variables(app.json.value[key], [key]))
  for (const { name, at } of used) {
    const missing = (['light', 'dark'] as const).filter((side) => !Object.hasOwn(theme[side], name))
    if (missing.length === 0) continue
    const sides = missing.join(', ')
    error(
      checked,
      at,
      words(`@${name} is not in theme.json: ${sides}`, `theme.json 的 ${sides} 里没有 @${name}`),
    )
  }
}

/** Styles that have to be compiled first. */
function tellOtherStyles({ folder, problems }: Checked): void {
  for (const file of folder.texts.keys()) {
    const name = /^(.*)\.(?:less|scss|sass)$/.exec(file)?.[1]
    if (name === undefined || folder.texts.has(`${name}.wxss`) || !folder.texts.has(`${name}.wxml`)) continue
    const said = words(
      'this phone reads WXSS only; compile it to .wxss first',
      '这台手机只识别 WXSS，请先编译成 .wxss',
    )
    problems.warning(file, said)
  }
}

/** Tells what is wrong with app.json beyond its form. */
export function checkApp(app: App, theme: Theme, folder: Folder, problems: Problems): void {
  const checked = { app, theme, folder, problems }
  if (!folder.texts.has('app.js') && !folder.texts.has('app.ts')) {
    problems.error('app.js', words('there is no app.js', '没有 app.js'))
  }
  tellNotHere(checked)
  tellTabs(checked)
  tellVariables(checked)
  tellOtherStyles(checked)
}
