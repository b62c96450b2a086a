import type { Breathe } from './breathe.ts'
import type { Folder } from './folder.ts'
import type { Problems } from './problems.ts'
import type { ProgramComponent } from './program.ts'
import { compileSheet, type MadeSheet, type Sheet, type SheetFiles } from './styles.ts'

type Components = Readonly<Record<string, ProgramComponent>>

/** The pages that a component comes up on, through whatever others. */
function pagesByComponent(components: Components): Map<string, Set<string>> {
  const pagesOf = new Map<string, Set<string>>()
  for (const { path: page, isPage } of Object.values(components)) {
    const waiting = isPage ? [page] : []
    for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
      const pages = pagesOf.get(path) ?? new Set()
      pagesOf.set(path, pages)
      if (pages.has(page)) continue
      pages.add(page)
      waiting.push(...Object.values(components[path]?.usingComponents ?? {}))
    }
  }
  return pagesOf
}

function pagesOfSheet(component: ProgramComponent, pages: Set<string>, pageCount: number): string[] | null {
  if (component.isPage) return [component.path]
  // On all pages, on none that is known (a generic's choice, a tab bar): held to none.
  return pages.size === 0 || pages.size === pageCount ? null : [...pages]
}

/** Every sheet that the phone loads, by its path without extension. */
function sheetsOf(components: Components, hasApp: boolean): Map<string, Sheet> {
  const sheets = new Map<string, Sheet>()
  if (hasApp) sheets.set('app', { file: 'app.wxss', reach: { scope: '', pages: null }, keyframes: '' })
  const pagesOf = pagesByComponent(components)
  const pageCount = Object.values(components).filter(({ isPage }) => isPage).length
  for (const component of Object.values(components)) {
    const { path, hasStyle, styleScope } = component
    if (!hasStyle) continue
    const pages = pagesOfSheet(component, pagesOf.get(path) ?? new Set(), pageCount)
    const keyframes = path.replace(/[^\w-]/g, '-')
    sheets.set(path, { file: `${path}.wxss`, reach: { scope: styleScope, pages }, keyframes })
  }
  return sheets
}

interface Kept {
  /** The sheet that was asked for, as text. */
  asked: string
  /** Every answer that it was made from. */
  answers: Map<string, string | boolean | undefined>
  made: MadeSheet
}

function answerTo(question: string, { texts, others }: Folder): string | boolean | undefined {
  const file = question.slice(1)
  return question.startsWith('t') ? texts.get(file) : others.has(file)
}

/** Notes what is asked of a folder. */
function notingFiles(folder: Folder, answers: Kept['answers']): SheetFiles {
  const ask = (question: string) => {
    const answer = answerTo(question, folder)
    answers.set(question, answer)
    return answer
  }
  return {
    text: (file) => {
      const answer = ask(`t${file}`)
      return typeof answer === 'string' ? answer : undefined
    },
    has: (file) => ask(`f${file}`) === true,
  }
}

function isGood(kept: Kept, asked: string, folder: Folder): boolean {
  return (
    kept.asked === asked &&
    [...kept.answers].every(([question, answer]) => answerTo(question, folder) === answer)
  )
}

function make(sheet: Sheet, asked: string, folder: Folder): Kept {
  const answers: Kept['answers'] = new Map()
  return { asked, answers, made: compileSheet(sheet, notingFiles(folder, answers)) }
}

export interface StyleCompiler {
  compile(
    folder: Folder,
    components: Components,
    problems: Problems,
    breathe: Breathe,
  ): Promise<Map<string, string>>
}

/** Makes a sheet anew only where a file that it was made from changed. */
export function createStyleCompiler(): StyleCompiler {
  let known = new Map<string, Kept>()
  return {
    async compile(folder, components, problems, breathe) {
      const now = new Map<string, Kept>()
      for (const [path, sheet] of sheetsOf(components, folder.texts.has('app.wxss'))) {
        await breathe()
        const asked = JSON.stringify(sheet)
        const kept = known.get(path)
        now.set(path, kept && isGood(kept, asked, folder) ? kept : make(sheet, asked, folder))
      }
      known = now
      for (const { made } of now.values()) problems.add(made.problems)
      return new Map([...now].map(([path, { made }]) => [path, made.css]))
    },
  }
}
