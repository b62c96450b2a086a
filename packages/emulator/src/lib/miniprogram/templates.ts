import type { Breathe } from './breathe.ts'
import { compileTemplate, tellTemplate, type Unit } from './compile-template.ts'
import { folderOf, joinPath } from './paths.ts'
import { type Problems, placeOf, words } from './problems.ts'
import { attributeOf, scanWxml, type Tag } from './scan-wxml.ts'
import { withGroup } from './template-group.ts'
import { TEMPLATE_RUNTIME } from './template-runtime.ts'
import { compileWxs, registerWxs, tellWxs } from './wxs.ts'

export interface Templates {
  /** `templates.js`. */
  code: string
  /** The tags of each .wxml, by its path without extension. */
  tags: ReadonlyMap<string, readonly Tag[]>
  /** Path of each template → those that it imports or includes, as far as they are there. */
  links: ReadonlyMap<string, readonly string[]>
}

/** Spaces in the place of a tag keep every other place what it was. */
function blank(source: string, { start, end }: Tag): string {
  return source.slice(0, start) + source.slice(start, end).replace(/[^\n]/g, ' ') + source.slice(end)
}

/** What a tag's `src` means, without extension; null where it leaves the mini program or is not fixed. */
function targetOf(path: string, tag: Tag): string | null {
  const src = attributeOf(tag, 'src')?.value ?? ''
  const target = src === '' || src.includes('{{') ? null : joinPath(folderOf(path), src)
  return target === null ? null : target.replace(/\.(?:wxml|wxs)$/, '')
}

interface World {
  /** Path without extension → text. */
  wxml: ReadonlyMap<string, string>
  wxs: ReadonlyMap<string, string>
  tags: ReadonlyMap<string, readonly Tag[]>
}

function strip(texts: ReadonlyMap<string, string>, extension: string): Map<string, string> {
  const kept = [...texts].filter(([file]) => file.endsWith(extension))
  return new Map(kept.map(([file, text]) => [file.slice(0, -extension.length), text]))
}

/** Tells a `src` that leads nowhere. */
function tellMissing(path: string, tag: Tag, source: string, problems: Problems): void {
  const src = attributeOf(tag, 'src')
  if (!src?.value) return // the compiler tells that it is missing
  const said = words(`<${tag.name}>: ${src.value} is not there`, `<${tag.name}>：找不到 ${src.value}`)
  problems.error(`${path}.wxml`, said, placeOf(source, src.offset))
}

function linksOf(path: string, world: World, problems: Problems): string[] {
  const source = world.wxml.get(path) ?? ''
  const links: string[] = []
  for (const tag of world.tags.get(path) ?? []) {
    const isWxs = tag.name === 'wxs'
    if (!isWxs && tag.name !== 'import' && tag.name !== 'include') continue
    const target = targetOf(path, tag)
    const isThere = target !== null && (isWxs ? world.wxs : world.wxml).has(target)
    if (!isThere) tellMissing(path, tag, source, problems)
    else if (!isWxs) links.push(target)
  }
  return links
}

/** The `<include>` tags of a template. */
function includesOf(path: string, world: World): { tag: Tag; target: string }[] {
  return (world.tags.get(path) ?? []).flatMap((tag) => {
    const target = tag.name === 'include' ? targetOf(path, tag) : null
    return target !== null && world.wxml.has(target) ? [{ tag, target }] : []
  })
}

/** Whether includes lead from `from` to `goal`. */
function reaches(from: string, goal: string, world: World, seen: Set<string> = new Set()): boolean {
  if (from === goal) return true
  if (seen.has(from)) return false
  seen.add(from)
  return includesOf(from, world).some(({ target }) => reaches(target, goal, world, seen))
}

/** The text without the includes that lead back to it: the phone would never end drawing them. */
function withoutCycles(path: string, world: World, problems: Problems): string {
  let source = world.wxml.get(path) ?? ''
  for (const { tag, target } of includesOf(path, world)) {
    if (!reaches(target, path, world)) continue
    const said = words(
      `<include>: ${target}.wxml includes this file again`,
      `<include>：${target}.wxml 又包含了本文件，形成循环`,
    )
    problems.error(`${path}.wxml`, said, placeOf(source, tag.start))
    source = blank(source, tag)
  }
  return source
}

export interface TemplateCompiler {
  compile(texts: ReadonlyMap<string, string>, problems: Problems, breathe: Breathe): Promise<Templates>
}

type Units = Map<string, Unit>

function tellUnit(path: string, unit: Unit, world: World, problems: Problems): void {
  tellTemplate(path, unit, problems)
  for (const inline of unit.inline) {
    const at = { file: `${path}.wxml`, whole: unit.source, offset: inline.offset }
    tellWxs(inline, at, (module) => world.wxs.has(module), problems)
  }
}

async function compileUnits(
  known: Units,
  world: World,
  problems: Problems,
  breathe: Breathe,
): Promise<Units> {
  const units: Units = new Map()
  for (const path of world.wxml.keys()) {
    await breathe()
    const source = withoutCycles(path, world, problems)
    const before = known.get(path)
    const unit = before?.source === source ? before : compileTemplate(path, source)
    units.set(path, unit)
    tellUnit(path, unit, world, problems)
  }
  return units
}

interface Scanned {
  source: string
  tags: readonly Tag[]
}

function scanAll(
  wxml: ReadonlyMap<string, string>,
  known: ReadonlyMap<string, Scanned>,
): Map<string, Scanned> {
  const scanned = [...wxml].map(([path, source]): [string, Scanned] => {
    const before = known.get(path)
    return [path, before?.source === source ? before : { source, tags: scanWxml(source) }]
  })
  return new Map(scanned)
}

function scriptOf(units: Units, world: World, problems: Problems): string {
  const parts = [...units].map(
    ([path, { code }]) => `add(${JSON.stringify(path)},function(){return ${code}});\n`,
  )
  const body = `${TEMPLATE_RUNTIME}${globals()}\n${modules(world, problems)}${parts.join('')}return [G,F]`
  return `__yaopai.templates(...(function(){${body}})())\n`
}

/** Keeps what it compiled: a file that stays what it was is not compiled again. */
export function createTemplateCompiler(): TemplateCompiler {
  let units: Units = new Map()
  let scanned = new Map<string, Scanned>()
  return {
    async compile(texts, problems, breathe) {
      const wxml = strip(texts, '.wxml')
      scanned = scanAll(wxml, scanned)
      const tags = new Map([...scanned].map(([path, one]) => [path, one.tags]))
      const world = { wxml, wxs: strip(texts, '.wxs'), tags }
      const links = new Map([...wxml.keys()].map((path) => [path, linksOf(path, world, problems)]))
      units = await compileUnits(units, world, problems, breathe)
      return { code: scriptOf(units, world, problems), tags, links }
    },
  }
}

/** What hands WXS functions to listeners: as they are, or as `__yaopai.wxs` says: `A`, `B`, `C` of the compiler. */
const FILTERS = 'Q.A=Q.B=function(a){return a};Object.assign(Q,__yaopai.wxs);'

/** What compiled templates call. */
function globals(): string {
  return `${withGroup((group) => group.exportGlobals()) ?? ''};${FILTERS}`
}

/** All WXS modules; one that is not there is empty. */
function modules(world: World, problems: Problems): string {
  const has = (path: string) => world.wxs.has(path)
  const codes = [...world.wxs].map(([path, text]) => {
    const wxs = compileWxs(text, `${path}.wxs`)
    tellWxs(wxs, { file: `${path}.wxs`, whole: text, offset: 0 }, has, problems)
    return registerWxs(path, wxs.code)
  })
  const named = [...world.tags].flatMap(([path, tags]) =>
    tags.flatMap((tag) => (tag.name === 'wxs' ? [targetOf(path, tag) ?? ''] : [])),
  )
  const missing = [...new Set(named)].filter((path) => path !== '' && !has(path))
  return [...codes, ...missing.map((path) => registerWxs(path, ''))].join('')
}
