import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../../tools/setup.mjs'
import type { GroupedFigure, Results } from '../lib/results.ts'
import { capacityPage } from '../sheet/page.ts'
import { missedGoals, performancePage, type Source } from './page.ts'
import { type Bar, barPlot, linePlot } from './plots.ts'

const FILES = ['node20.json', 'node24.json']

export function readSource(): Source {
  const results = FILES.map((file) => join(root, 'bench/results', file))
    .filter((file) => existsSync(file))
    .map((file) => JSON.parse(readFileSync(file, 'utf8')) as Results)
  const folder = join(root, 'bench/notes')
  const notes = readdirSync(folder)
    .filter((name) => /^P\d+\.md$/.test(name))
    .map((name) => [name.slice(0, -3), readFileSync(join(folder, name), 'utf8').trim()] as const)
  return { results, notes: Object.fromEntries(notes) }
}

/** Generated files by their path from the root. */
export function generated(source: Source = readSource()): Record<string, string> {
  return {
    'docs/performance.md': performancePage(source),
    'docs/capacity.md': capacityPage(source.results),
    'docs/images/performance-goals.svg': goalsPlot(source.results),
    'docs/images/performance-growth.svg': growthPlot(source.results),
  }
}

/** Paths of generated files that are not as they would be written now. */
export function staleFiles(): string[] {
  return Object.entries(generated()).flatMap(([path, text]) => {
    const file = join(root, path)
    return existsSync(file) && readFileSync(file, 'utf8') === text ? [] : [path]
  })
}

/** Missed goals of which nobody has written down why. */
export function unexplained({ results, notes }: Source = readSource()): string[] {
  return missedGoals(results).filter((goal) => notes[goal] === undefined)
}

function goalsPlot(results: readonly Results[]): string {
  const bars = results.flatMap(({ node, figures }) =>
    figures.filter(({ isMet }) => isMet !== null).map((figure) => barOf(figure, node)),
  )
  return barPlot(
    'Measured against wanted',
    bars.sort((one, other) => one.order - other.order),
  )
}

function barOf(figure: GroupedFigure, node: string): Bar & { readonly order: number } {
  const { goal, name, value, text, wanted } = figure
  const aim = Number(wanted.replace(/[^\d.]/g, ''))
  const share = wanted.startsWith('≥') ? value / aim : aim / value
  const label = `${goal} ${name.replace(/, CPU$/, '')} (${node.split('.')[0]})`
  const [first = label] = label.match(/^.{0,58}(?=\s|$)/) ?? []
  return { label: first === label ? label : `${first} …`, share, text, order: Number(goal.slice(1)) }
}

function growthPlot(results: readonly Results[]): string {
  const { growth = null } = results.find((result) => result.growth !== null) ?? {}
  const points = growth?.points ?? []
  const line = (
    label: string,
    key: 'authenticateMicroseconds' | 'listMicroseconds' | 'loginMicroseconds',
  ) => ({
    label,
    points: points.map((point) => [point.sessions, point[key]] as const),
  })
  const bytes = points.map((point) => [point.sessions, point.diskBytesPerSession] as const)
  return linePlot(
    'What one call costs as the store grows',
    { x: 'sessions in the store', y: 'µs of CPU; bytes' },
    [
      line('authenticate()', 'authenticateMicroseconds'),
      line('own sessions', 'listMicroseconds'),
      line('login', 'loginMicroseconds'),
      { label: 'bytes a session on disk', points: bytes },
    ],
  )
}
