// npm run bench [-- P1 P8 P16 …] [--rounds N] [--seconds N] [--sessions N]: the measured figures, as ratios of one run.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { endWithUsage, readFlags } from '../tools/read-flags.ts'
import { measureReads } from './goals/p1-reads.ts'
import { measureLogins } from './goals/p8-logins.ts'
import { measureStart } from './goals/p14-start.ts'
import { measurePostgres } from './goals/p15-postgres.ts'
import { measureClient } from './goals/p16-client.ts'
import type { Bench, Figure } from './lib/figure.ts'
import { missingTools } from './lib/missing-tools.ts'
import { seedSessions } from './lib/seed.ts'

const GOALS = ['P1', 'P2', 'P8', 'P14', 'P15', 'P16']
const USAGE = `Usage: npm run bench -- [goal …] [--rounds N] [--seconds N] [--sessions N] [--out file.json]
Measures the goals that are named, or all: ${GOALS.join(', ')}. P16, the client, needs nothing but Node; P15 needs PostgreSQL.`

const { values, positionals } = readFlags(USAGE, {
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '5' },
    sessions: { type: 'string', default: '1000000' },
    out: { type: 'string' },
  },
})
const unknown = positionals.filter((goal) => !GOALS.includes(goal))
if (unknown.length > 0) endWithUsage(USAGE, `There is no goal ${unknown.join(', ')}`)
const wanted = (goal: string) => positionals.length === 0 || positionals.includes(goal)

const withoutSessions =
  positionals.length > 0 && positionals.every((goal) => goal === 'P15' || goal === 'P16')
const missing = withoutSessions ? [] : missingTools()
if (missing.length > 0) {
  console.error(
    `The bench needs ${missing.join(', ')}: install them (Debian: apt-get install wrk gunicorn python3-django)`,
  )
  process.exit(1)
}

const folder = await mkdtemp(join(tmpdir(), 'yaopai-bench-'))
try {
  const bench: Bench = {
    folder,
    rounds: Number(values.rounds),
    seconds: Number(values.seconds),
    sessions: Number(values.sessions),
    say: (line) => console.error(line),
  }
  const figures = await measure(bench)
  report(figures)
} finally {
  await rm(folder, { recursive: true, force: true })
}

async function measure(bench: Bench): Promise<Figure[]> {
  const figures: Figure[] = []
  if (wanted('P1') || wanted('P2') || wanted('P14')) {
    const seeded = await seedSessions(bench)
    if (wanted('P14')) figures.push(...(await measureStart(bench, seeded)))
    if (wanted('P1') || wanted('P2')) figures.push(...(await measureReads(bench, seeded)))
  }
  if (wanted('P8')) figures.push(...(await measureLogins(bench)))
  if (wanted('P15')) figures.push(...(await measurePostgres(bench)))
  if (wanted('P16')) figures.push(...(await measureClient(bench)))
  return figures
}

function report(figures: readonly Figure[]): void {
  const store = withoutSessions ? '' : `, ${values.sessions} sessions in the store`
  console.log(`Node ${process.version}, ${cpus().length} cores${store}\n`)
  console.log('| goal | figure | measured | wanted | met |')
  console.log('|---|---|---|---|---|')
  for (const { goal, name, value, wanted: aim, isMet } of figures) {
    console.log(
      `| ${goal} | ${name} | ${value} | ${aim} | ${isMet === null ? '' : isMet ? 'yes' : '**no**'} |`,
    )
  }
  if (values.out !== undefined) void writeFile(values.out, `${JSON.stringify(figures, null, 2)}\n`)
}
