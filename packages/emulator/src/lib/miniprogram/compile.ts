import { type App, readApp, readTheme, type Theme } from './app.ts'
import { createBreath } from './breathe.ts'
import { checkApp } from './check-app.ts'
import { checkTags } from './check-tags.ts'
import { collectComponents } from './components.ts'
import type { Folder } from './folder.ts'
import { createProblems } from './problems.ts'
import type { Program } from './program.ts'
import { createScriptCompiler } from './script-compiler.ts'
import { createStyleCompiler } from './style-compiler.ts'
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
  /** Takes any folder whatever: what is wrong with it stands in the program's `problems`. */
  compile(folder: Folder, build: number): Promise<Build>
}

function appidOf(project: string | null): string | null {
  const appid = /"appid"\s*:\s*"([^"\\]*)"/.exec(project ?? '')?.[1] ?? ''
  return appid === '' || appid === 'touristappid' ? null : appid
}

function pagesOf(app: App | undefined, components: Program['components']): string[] {
  const paths = app?.pages.map(({ path }) => path) ?? []
  return paths.filter((path) => Object.hasOwn(components, path))
}

const NO_THEME: Theme = { light: {}, dark: {} }

/** Keeps what it compiled, so that after an edit only what it touched is done again. */
export function createCompiler(): MiniProgramCompiler {
  const scriptCompiler = createScriptCompiler()
  const styleCompiler = createStyleCompiler()
  const templateCompiler = createTemplateCompiler()
  return {
    async compile(folder, build) {
      const breathe = createBreath()
      const { texts, name, project } = folder
      const problems = createProblems()
      const app = readApp(texts, problems)
      const theme = app ? readTheme(app, texts, problems) : NO_THEME
      if (app) checkApp(app, theme, folder, problems)
      const components = app ? collectComponents(app, texts, problems) : {}
      const scripts = await scriptCompiler.compile(texts, problems, breathe)
      const templates = await templateCompiler.compile(texts, problems, breathe)
      checkTags(texts, components, templates, problems)
      const styles = await styleCompiler.compile(folder, components, problems, breathe)
      const program: Program = {
        build,
        name,
        appid: appidOf(project),
        pages: pagesOf(app, components),
        app: app?.json.value ?? {},
        theme,
        components,
        scripts: [...scripts.codes.keys()],
        mains: scripts.mains,
        hasAppStyle: styles.has('app'),
        problems: problems.list(),
      }
      return { program, scripts: scripts.codes, styles, templates: templates.code }
    },
  }
}
