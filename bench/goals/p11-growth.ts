import { execFile } from 'node:child_process'
import { copyFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import process from 'node:process'
import { promisify } from 'node:util'
import { loadDriver } from '../../packages/server/src/lib/store/sqlite/driver.ts'
import { sourceFlags } from '../../tools/launch.mjs'
import type { Growth, GrowthPoint, TableSize } from '../growth/point.ts'
import { bulkSeed } from '../lib/bulk-seed.ts'
import { atLeast, atMost, type Bench, type Figure, median } from '../lib/figure.ts'
import { SERVER_CORE } from '../lib/process.ts'
import { WRITER_THREAD } from '../peers/yaopai.ts'

const run = promisify(execFile)
const PROGRAM = join(import.meta.dirname, '../growth/measure-store.ts')
const SMALLEST = 10_000
const TOKENS_KEPT = 100_000
const TABLES_AT_MOST = 1_000_000

interface Size {
  readonly sessions: number
  readonly file: string
  readonly tokensFile: string
}

/** P11, and P12 on the way: what ten times as many sessions cost, and ten times as many again. */
export async function measureGrowth(bench: Bench): Promise<{ figures: Figure[]; growth: Growth }> {
  const sizes: Size[] = []
  for (let sessions = SMALLEST; sessions <= bench.growTo; sessions *= 10)
    sizes.push(await seed(bench, sessions))
  const rounds = new Map<number, GrowthPoint[]>(sizes.map(({ sessions }) => [sessions, []]))
  const tables = tableSizes(sizes)
  for (let round = 1; round <= bench.rounds; round += 1) {
    for (const size of sizes) {
      const point = await measureOnce(size, round)
      rounds.get(size.sessions)?.push(point)
      bench.say(
        `  round ${round}: ${size.sessions} sessions, authenticate ${point.authenticateMicroseconds.toFixed(1)} µs, login ${point.loginMicroseconds.toFixed(0)} µs`,
      )
    }
  }
  for (const { file } of sizes) await rm(file, { force: true })
  const growth = { points: [...rounds.values()].map(middleOf), tables }
  return { figures: figuresOf(rounds, growth), growth }
}

async function seed(bench: Bench, sessions: number): Promise<Size> {
  const size = {
    sessions,
    file: join(bench.folder, `growth-${sessions}.db`),
    tokensFile: join(bench.folder, `growth-${sessions}.tokens`),
  }
  bench.say(`  Seeding ${sessions} sessions`)
  const { tokens } = bulkSeed({ file: size.file, sessions, tokensKept: TOKENS_KEPT, say: bench.say })
  await writeFile(size.tokensFile, tokens.join('\n'))
  return size
}

async function measureOnce(size: Size, round: number): Promise<GrowthPoint> {
  const { sessions, tokensFile } = size
  // A copy: what is measured last is the sweep, and it leaves no session for the next round.
  const file = `${size.file}.round`
  await copyFile(size.file, file)
  const args = [file, tokensFile, String(sessions), String(round), WRITER_THREAD.href]
  const program = [process.execPath, ...sourceFlags, PROGRAM, ...args]
  try {
    const { stdout } = await run('taskset', ['-c', SERVER_CORE, ...program])
    return JSON.parse(stdout) as GrowthPoint
  } finally {
    for (const end of ['', '-wal', '-shm', '-lock']) await rm(`${file}${end}`, { force: true })
  }
}

function middleOf(points: readonly GrowthPoint[]): GrowthPoint {
  const middle = (key: keyof GrowthPoint) => median(points.map((point) => point[key]))
  return {
    sessions: middle('sessions'),
    openMs: middle('openMs'),
    authenticateMicroseconds: middle('authenticateMicroseconds'),
    listMicroseconds: middle('listMicroseconds'),
    loginMicroseconds: middle('loginMicroseconds'),
    loginsPerSecond: middle('loginsPerSecond'),
    sweptPerSecond: middle('sweptPerSecond'),
    sweepMicroseconds: middle('sweepMicroseconds'),
    // A stall is a promise about the worst, not about the middle.
    sweepStallMs: Math.max(...points.map((point) => point.sweepStallMs)),
    restStallMs: Math.max(...points.map((point) => point.restStallMs)),
    diskBytesPerSession: middle('diskBytesPerSession'),
    residentMiB: middle('residentMiB'),
  }
}

function figuresOf(rounds: ReadonlyMap<number, readonly GrowthPoint[]>, { points }: Growth): Figure[] {
  const [first, last] = [points[0], points.at(-1)]
  if (first === undefined || last === undefined) throw new RangeError('Growth needs a size')
  const limit = 'depth of the B-tree, one page read more for each factor of about 100'
  const grows = (name: string, key: 'authenticateMicroseconds' | 'loginMicroseconds') => {
    const [small = [], large = []] = [rounds.get(first.sessions), rounds.get(last.sessions)]
    const each = large.map((point, at) => point[key] / (small[at]?.[key] ?? Number.NaN))
    const words = `${name} at ${power(last.sessions)} sessions against ${power(first.sessions)}, CPU`
    return atMost('P11', words, last[key] / first[key], 1.2, '×', { rounds: each, limit })
  }
  return [
    grows('authenticate()', 'authenticateMicroseconds'),
    grows('login', 'loginMicroseconds'),
    ...sweepFigures(points),
  ]
}

function sweepFigures(points: readonly GrowthPoint[]): Figure[] {
  const swept = points.map((point) => point.sweptPerSecond)
  const stalls = points.map((point) => point.sweepStallMs)
  const microseconds = median(points.map((point) => point.sweepMicroseconds))
  const restMs = Math.max(...points.map((point) => point.restStallMs))
  return [
    atLeast('P12', 'rows that the sweep forgets, in turns of 1,000', median(swept), 500_000, '/s', {
      rounds: swept,
      limit: `${microseconds.toFixed(1)} µs CPU a row, of one core`,
    }),
    atMost('P12', 'longest stall of the serving thread meanwhile', Math.max(...stalls), 10, 'ms', {
      rounds: stalls,
      limit: `without a sweep, on the same core: ${restMs.toFixed(1)} ms`,
    }),
  ]
}

function power(sessions: number): string {
  return `10^${Math.round(Math.log10(sessions))}`
}

/** From the largest store that can be counted in a few seconds. */
function tableSizes(sizes: readonly Size[]): TableSize[] {
  const size = sizes.filter(({ sessions }) => sessions <= TABLES_AT_MOST).at(-1)
  if (size === undefined) return []
  const db = loadDriver().open(size.file)
  const rows = db
    .prepare(
      `SELECT tbl_name AS name, sum(pgsize) AS bytes FROM dbstat JOIN sqlite_schema USING (name)
        WHERE tbl_name IN ('users', 'identities', 'sessions', 'events') GROUP BY tbl_name ORDER BY tbl_name`,
    )
    .all() as { name: string; bytes: number }[]
  db.close()
  return rows.map(({ name, bytes }) => ({ table: name, bytesPerRow: bytes / size.sessions }))
}
