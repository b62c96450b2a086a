import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { TestContext } from 'node:test'
import { runInNewContext } from 'node:vm'
import { type Build, createCompiler } from '../lib/miniprogram/compile.ts'
import type { Folder } from '../lib/miniprogram/folder.ts'
import type { Problem } from '../lib/miniprogram/program.ts'

export type Files = Readonly<Record<string, string>>

/** The smallest mini program: one page. */
export const ONE_PAGE: Files = {
  'app.json': '{ "pages": ["pages/index/index"] }',
  'app.js': 'App({})',
  'pages/index/index.json': '{}',
  'pages/index/index.js': 'Page({})',
  'pages/index/index.wxml': '<view>hello</view>',
}

/** A folder as it would have been read, with these files; those of other kinds than text have empty content. */
export function folderWith(files: Files, project: string | null = null): Folder {
  const isText = (file: string) => /\.(?:js|ts|json|wxml|wxss|css|wxs|less|scss)$/.test(file)
  const texts = new Map(Object.entries(files).filter(([file]) => isText(file)))
  const others = new Set(Object.keys(files).filter((file) => !isText(file)))
  return { name: 'shop', root: '/nowhere', project, texts, others }
}

/** One page, with these files more or other. */
export function compileWith(files: Files, project?: string): Promise<Build> {
  return createCompiler().compile(folderWith({ ...ONE_PAGE, ...files }, project), 1)
}

/** `error pages/index/index.wxml:2:3 what is wrong`. */
export function told({ severity, file, line, column, message }: Problem): string {
  const place = line === undefined ? '' : `:${line}:${column}`
  return `${severity} ${file}${place} ${message}`
}

export async function toldOf(files: Files): Promise<string[]> {
  return (await compileWith(files)).program.problems.map(told)
}

export async function writeFiles(folder: string, files: Files): Promise<void> {
  for (const [file, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, file)), { recursive: true })
    await writeFile(join(folder, file), text)
  }
}

/** A folder on disk with these files; gone when the test ends. */
export async function diskFolder(t: TestContext, files: Files): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'mini-program-')))
  t.after(() => rm(folder, { recursive: true, force: true }))
  await writeFiles(folder, files)
  return folder
}

type Group = (
  name: string,
) => (render: object, isCreation: boolean, data: object, changes: true) => { C: (...draw: unknown[]) => void }

export interface RanTemplates {
  groups: Record<string, Group>
  failures: { path: string; error: unknown }[]
}

/** Runs `templates.js` as the phone does, in a world of its own. */
export function runTemplates({ templates }: Build): RanTemplates {
  const ran: RanTemplates[] = []
  const __yaopai = {
    templates: (groups: RanTemplates['groups'], failures: RanTemplates['failures']) =>
      ran.push({ groups, failures }),
  }
  runInNewContext(templates, { __yaopai })
  const [one] = ran
  if (!one) throw new Error('templates.js handed nothing over')
  return one
}

/** The texts that a template draws first, joined; attributes and events are left out. */
export function drawn({ groups }: RanTemplates, path: string, data: object): string {
  const texts: string[] = []
  const text = (value?: string) => void texts.push(value ?? '')
  const each = (
    list: unknown,
    _key: unknown,
    _change: unknown,
    _path: unknown,
    draw: (...item: unknown[]) => void,
  ) => {
    for (const [index, item] of (Array.isArray(list) ? list : []).entries()) {
      draw(true, item, index, undefined, undefined, undefined, undefined, text, element, branch, each)
    }
  }
  const element = (_tag: string, _slots: object, _init: unknown, children: (...draw: unknown[]) => void) =>
    children(true, text, element, branch, each, () => {}, include)
  const branch = (key: unknown, draw: (...draw: unknown[]) => void) =>
    draw(true, text, element, branch, each, () => {}, include, key)
  const include = (draw: (...draw: unknown[]) => void) =>
    draw(true, text, element, branch, each, () => {}, include)
  const nothing = () => {}
  const render = new Proxy({}, { get: (_, name) => (name === 'devArgs' ? () => ({}) : nothing) })
  groups[path]?.('')(render, true, data, true).C(true, text, element, branch, each, nothing, include)
  return texts.join('')
}
