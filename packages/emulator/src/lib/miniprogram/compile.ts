import { type App, readApp, readTheme, type Theme } from './app.ts'
import { collectComponents } from './components.ts'
import type { Folder } from './folder.ts'
import { createProblems, type Problems } from './problems.ts'
import type { Program, ProgramComponent } from './program.ts'
import { isRecord } from './read-json.ts'
import {
  brokenScript,
  type Compiled,
  compileScript,
  type Script,
  scriptsOf,
  tellBroken,
  wrapScript,
} from './scripts.ts'
import { compileSheet, type Sheet } from './styles.ts'
import { createTemplateCompiler } from './templates.ts'

/** One build: what the phone fetches. */
export interface Build {
  program: Program
  /** Script → JavaScript. */
  scripts: ReadonlyMap<string, string>
  /** Path without extension (`app`, `pages/index/index`) → CSS; `@files/` stands for where files are. */
  styles: ReadonlyMap<string, string>
  templates: string
}

export interface MiniProgramCompiler {
  compile(folder: Folder, build: number): Build
}

type KnownScripts = Map<string, { text: string; compiled: Compiled }>

function compileScripts(folder: Folder, known: KnownScripts, problems: Problems): Map<string, string> {
  const codes = new Map<string, string>()
  for (const script of scriptsOf(folder.texts)) {
    const text = folder.texts.get(script.source) ?? ''
    const before = known.get(script.source)
    const compiled = before?.text === text ? before.compiled : compileScript(text, script.source)
    known.set(script.source, { text, compiled })
    codes.set(script.file, codeOf(script, compiled))
    if (!compiled.ok) tellBroken(script.source, compiled.fault, problems)
  }
  return codes
}

function codeOf(script: Script, compiled: Compiled): string {
  return compiled.ok ? wrapScript(script, compiled.code) : brokenScript(script, compiled.fault)
}

function sheetsOf(
  components: Readonly<Record<string, ProgramComponent>>,
  hasApp: boolean,
): Map<string, Sheet> {
  const sheets = new Map<string, Sheet>()
  if (hasApp) sheets.set('app', { file: 'app.wxss', reach: { scope: '', pages: null }, keyframes: '' })
  for (const { path, isPage, hasStyle, styleScope } of Object.values(components)) {
    if (!hasStyle) continue
    const keyframes = path.replace(/[^\w-]/g, '-')
    sheets.set(path, {
      file: `${path}.wxss`,
      reach: { scope: styleScope, pages: isPage ? [path] : null },
      keyframes,
    })
  }
  return sheets
}

function compileStyles(
  folder: Folder,
  components: Readonly<Record<string, ProgramComponent>>,
  problems: Problems,
): Map<string, string> {
  const { texts, others } = folder
  const world = { texts, problems, hasFile: (file: string) => others.has(file) }
  const sheets = [...sheetsOf(components, texts.has('app.wxss'))]
  return new Map(sheets.map(([path, sheet]) => [path, compileSheet(sheet, world)]))
}

function appidOf(project: string | null): string | null {
  const appid = /"appid"\s*:\s*"([^"\\]*)"/.exec(project ?? '')?.[1] ?? ''
  return appid === '' || appid === 'touristappid' ? null : appid
}

/** `main` of packages in miniprogram_npm. */
function mainsOf(texts: ReadonlyMap<string, string>): Record<string, string> {
  const mains: Record<string, string> = {}
  for (const [file, text] of texts) {
    const folder = /^(.*miniprogram_npm\/(?:@[^/]+\/)?[^/@]+)\/package\.json$/.exec(file)?.[1]
    const main = folder === undefined ? undefined : /"main"\s*:\s*"(?:\.\/)?([^"\\]+)"/.exec(text)?.[1]
    if (folder === undefined || main === undefined || texts.has(`${folder}/index.js`)) continue
    mains[folder] = `${folder}/${main.endsWith('.js') ? main : `${main}.js`}`
  }
  return mains
}

const NO_THEME: Theme = { light: {}, dark: {} }

/** Keeps what it compiled, so that after an edit only that is done again which the edit touched. */
export function createCompiler(): MiniProgramCompiler {
  const templates = createTemplateCompiler()
  const known: KnownScripts = new Map()
  return {
    compile(folder, build) {
      const problems = createProblems()
      const app: App | undefined = readApp(folder.texts, problems)
      const theme = app ? readTheme(app, folder.texts, problems) : NO_THEME
      const components = app ? collectComponents(app, folder.texts, problems) : {}
      const scripts = compileScripts(folder, known, problems)
      const styles = compileStyles(folder, components, problems)
      const compiled = templates.compile(folder.texts, problems)
      const pages = (app?.pages ?? []).map(({ path }) => path).filter((path) => isRecord(components[path]))
      const program: Program = {
        build,
        name: folder.name,
        appid: appidOf(folder.project),
        pages,
        app: app?.json.value ?? {},
        theme,
        components,
        scripts: [...scripts.keys()],
        mains: mainsOf(folder.texts),
        hasAppStyle: styles.has('app'),
        problems: problems.list(),
      }
      return { program, scripts, styles, templates: compiled.code }
    },
  }
}
