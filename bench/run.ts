// npm run bench [-- P1 P8 P16 …] [--quick] [--node24] [--out results.json]: the measured figures, as ratios of one run.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { sourceFlags } from '../tools/launch.mjs'
import { bringNode24 } from '../tools/node24.mjs'
import { endWithUsage, readFlags } from '../tools/read-flags.ts'
import { root, setup } from '../tools/setup.mjs'
import { measureGrowth } from './goals/p11-growth.ts'
import { GOALS, type Goal, GROWTH, GROWTH_SECONDS, secondsOf } from './goals.ts'
import type { Growth } from './growth/point.ts'
import type { Bench, Figure } from './lib/figure.ts'
import { fsyncsPerSecond, sha256Microseconds } from './lib/limits.ts'
import { missingTools } from './lib/missing-tools.ts'
import {
  type GroupedFigure,
  loadNow,
  mergeResults,
  newResults,
  type Results,
  type Run,
} from './lib/results.ts'
import { type Seeded, seedSessions } from './lib/seed.ts'

const IDS = [...GOALS.flatMap(({ ids }) => ids), GROWTH]
const USAGE = `Usage: npm run bench -- [goal …] [--quick] [--node24] [--rounds N] [--seconds N] [--sessions N] [--grow-to N]
                           [--out results.json]
Measures the goals that are named, or all: ${IDS.join(', ')}. P16, the client, needs nothing but Node.
--quick: a short look, one round of a second, 10,000 sessions. --node24: the same once more on Node 24, into
a file named node24.json in place of node20.json. A file that is there keeps the figures of goals not measured now. The page is written from results by npm run performance.`

const { values, positionals } = readFlags(USAGE, {
  allowPositionals: true,
  options: {
    quick: { type: 'boolean', default: false },
    node24: { type: 'boolean', default: false },
    rounds: { type: 'string' },
    seconds: { type: 'string' },
    sessions: { type: 'string' },
    'grow-to': { type: 'string' },
    out: { type: 'string' },
  },
})
const unknown = positionals.filter((id) => !IDS.includes(id))
if (unknown.length > 0) endWithUsage(USAGE, `There is no goal ${unknown.join(', ')}`)
const isWanted = (...ids: readonly string[]) =>
  positionals.length === 0 || positionals.some((id) => ids.includes(id))
const goals = GOALS.filter(({ ids }) => isWanted(...ids))
const needsTools = goals.some(({ isNodeAlone }) => isNodeAlone !== true) || isWanted(GROWTH)
const startedAtMs = Date.now()

const missing = needsTools ? missingTools() : []
if (missing.length > 0) {
  console.error(
    `The bench needs ${missing.join(', ')}: install them (Debian: apt-get install wrk gunicorn python3-django redis-server)`,
  )
  process.exit(1)
}
if (needsTools) setup(join(root, 'bench', 'peers'))
const folder = await mkdtemp(join(tmpdir(), 'yaopai-bench-'))
try {
  const results = await measureAll(benchOf())
  report(results)
  if (values.out !== undefined) await keep(values.out, results)
} finally {
  await rm(folder, { recursive: true, force: true })
}
if (values.node24) againOnNode24()

function benchOf(): Bench {
  const size = (flag: string | undefined, usual: number, quick: number) =>
    Number(flag ?? (values.quick ? quick : usual))
  const given = {
    folder,
    rounds: size(values.rounds, 3, 1),
    seconds: size(values.seconds, 5, 1),
    sessions: size(values.sessions, 1_000_000, 10_000),
    growTo: size(values['grow-to'], 10_000_000, 100_000),
    say,
  }
  let seeded: Promise<Seeded> | null = null
  return {
    ...given,
    node24: needsTools ? bringNode24() : null,
    seeded() {
      seeded ??= seedSessions(given)
      return seeded
    },
  }
}

async function measureAll(bench: Bench): Promise<Results> {
  const limits = { fsyncsPerSecond: fsyncsPerSecond(folder), sha256Microseconds: sha256Microseconds() }
  const figures: GroupedFigure[] = []
  const runs: Record<string, Run> = {}
  let growth: Growth | null = null
  const note = async (group: string, measure: () => Promise<readonly Figure[]>) => {
    const failure = await measure().then(
      (found) => void figures.push(...found.map((figure) => ({ ...figure, group }))),
      (error: unknown) => String(error),
    )
    if (failure !== undefined) say(`${group} failed: ${failure}`)
    runs[group] = {
      rounds,
      seconds,
      sessions,
      load: loadNow(),
      ...(failure === undefined ? {} : { failure }),
    }
  }
  const { rounds, seconds, sessions } = bench
  for (const [at, goal] of goals.entries()) {
    announce(bench, goals.slice(at))
    await note(goal.ids[0] ?? '', () => goal.measure(bench))
  }
  if (isWanted(GROWTH)) {
    say(`${GROWTH}, growth: the last one`)
    await note(GROWTH, async () => {
      const grown = await measureGrowth(bench)
      growth = grown.growth
      return grown.figures
    })
  }
  return newResults({ limits, runs, figures, growth })
}

/** Figures of other goals that the file has already stay in it. */
async function keep(file: string, results: Results): Promise<void> {
  const before = existsSync(file) ? (JSON.parse(await readFile(file, 'utf8')) as Results) : null
  const all = before === null ? results : mergeResults(before, results)
  await writeFile(file, `${JSON.stringify(all, null, 2)}\n`)
}

/** What is running, and how long it and all after it will take. */
function announce(bench: Bench, left: readonly Goal[]): void {
  const growth = isWanted(GROWTH) ? (GROWTH_SECONDS * bench.growTo) / 10_000_000 : 0
  const seconds = left.reduce((sum, goal) => sum + secondsOf(goal, bench), growth)
  say(
    `${left[0]?.ids.join(', ')} …  about ${Math.ceil(seconds / 60)} min left for ${left.length} of ${goals.length}`,
  )
}

function say(line: string): void {
  console.error(`${String(Math.round((Date.now() - startedAtMs) / 1000)).padStart(5)} s  ${line}`)
}

function report({ node, machine, figures, runs }: Results): void {
  console.log(`Node ${node}, ${machine.cores} cores\n`)
  console.log('| goal | figure | measured | rounds | wanted | met |\n|---|---|---|---|---|---|')
  for (const { goal, name, text, rounds, wanted, isMet } of figures) {
    const spread =
      rounds.length < 2 ? '' : `${Math.min(...rounds).toPrecision(3)}–${Math.max(...rounds).toPrecision(3)}`
    const verdict = isMet === null ? '' : isMet ? 'yes' : '**no**'
    console.log(`| ${goal} | ${name} | ${text} | ${spread} | ${wanted} | ${verdict} |`)
  }
  for (const [group, { failure }] of Object.entries(runs)) {
    if (failure === undefined) continue
    console.log(`\n${group} could not be measured: ${failure}`)
    process.exitCode = 1
  }
}

function againOnNode24(): void {
  const node = bringNode24()
  if (node === null) return
  const rest = process.argv.slice(2).filter((word) => word !== '--node24')
  const at = rest.indexOf('--out')
  const file = rest[at + 1]
  if (at >= 0 && file !== undefined) rest[at + 1] = file.replace(/(\.node20|node20)?\.json$/, 'node24.json')
  say('The same on Node 24')
  const { status } = spawnSync(node, [...sourceFlags, join(root, 'bench/run.ts'), ...rest], {
    cwd: root,
    stdio: 'inherit',
  })
  process.exitCode = status ?? 1
}
