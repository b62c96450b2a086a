import process from 'node:process'
import { requiresAll } from '../needs.ts'
import { buildBrowser } from '../package/build-browser.ts'
import { type Selected, select } from './groups.ts'
import { bundleAll } from './programs.ts'
import { type GroupTime, printFailures, printSkipped, printSlow, printTimes, tally } from './report.ts'
import { type TestResult, writeResults } from './results.ts'
import { type FileRun, killAll, runFile } from './run-file.ts'

const filesAtOnce = 2
const fileTimeoutMs = 180_000
// The package group builds, packs and installs; the checks group type-checks the whole tree.
const groupTimeoutMs: Record<string, number> = { package: 420_000, checks: 300_000 }
// They work on the tree itself, with the tools as they are; the others run from the bundle.
const runsFromSource = new Set(['checks', 'examples', 'docs', 'tools', 'bench', 'package'])

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    killAll()
    process.exit(130)
  })
}

process.exitCode = await main(process.argv.slice(2))

async function main(args: string[]): Promise<number> {
  const selected = trySelect(args)
  if (typeof selected === 'string') {
    console.error(selected)
    return 2
  }
  const complaint = await tryBuild(selected)
  if (complaint) {
    console.error(`No test ran. ${complaint}`)
    return 1
  }
  const startedAtMs = Date.now()
  const groups = await runAll(selected)
  const tests = groups.flatMap((group) => group.tests)
  writeResults(tests, new Set(selected.flatMap((group) => group.files)))
  return report(tests, groups, Date.now() - startedAtMs)
}

async function tryBuild(selected: Selected[]): Promise<string | undefined> {
  const bundled = selected.filter(({ name }) => !runsFromSource.has(name))
  try {
    buildBrowser({ hasMaps: true }) // what the emulator serves; a fresh clone has none, and a test must never see an old one
    await bundleAll(bundled.flatMap(({ files }) => files))
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

// A group that lost its files would else be a group that always passes.
function emptyGroups(times: GroupTime[]): string[] {
  return times.filter(({ files }) => files === 0).map(({ name }) => name)
}

function trySelect(args: string[]): Selected[] | string {
  try {
    return select(args)
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

async function runAll(selected: Selected[]): Promise<GroupTime[]> {
  const together = await runGroups(selected.filter(({ isAlone }) => !isAlone))
  return [...together, ...(await runGroups(selected.filter(({ isAlone }) => isAlone)))]
}

/** One after the other, but the next begins while the last files of one still run: a slow one keeps nobody waiting. */
async function runGroups(selected: Selected[]): Promise<GroupTime[]> {
  const groups = selected.map(({ name }): GroupTime => ({ name, files: 0, ms: 0, tests: [] }))
  const waiting = selected.flatMap(({ files }, i) => files.map((file) => ({ file, group: groups[i] })))
  const worker = async () => {
    for (let next = waiting.shift(); next?.group !== undefined; next = waiting.shift()) {
      const { ms, tests } = await runAndTell(next.group.name, next.file)
      next.group.files += 1
      next.group.ms += ms
      next.group.tests.push(...tests)
    }
  }
  await Promise.all(Array.from({ length: filesAtOnce }, worker))
  return groups
}

async function runAndTell(group: string, file: string): Promise<FileRun> {
  const run = await runFile(group, file, groupTimeoutMs[group] ?? fileTimeoutMs)
  const { passed, failed, skipped } = tally(run.tests)
  const counts = `${passed} passed${failed ? `, ${failed} FAILED` : ''}${skipped ? `, ${skipped} skipped` : ''}`
  console.log(`  ${failed ? '✖' : '✔'} ${file}: ${counts} (${(run.ms / 1000).toFixed(1)} s)`)
  if (failed) printFailures(run.tests, run.output)
  return run
}

function report(tests: TestResult[], times: GroupTime[], ms: number): number {
  const { passed, failed, skipped } = tally(tests)
  printSlow(tests)
  printSkipped(tests)
  if (failed) {
    console.log('\nFailed:')
    for (const test of tests.filter(({ status, kind }) => status === 'failed' && kind === 'test')) {
      console.log(`  ${test.file} › ${test.titles.join(' › ')}`)
    }
  }
  printTimes(times, ms)
  const empty = emptyGroups(times)
  if (empty.length > 0) console.log(`\nWithout a test file: ${empty.join(', ')}`)
  const forbidden = requiresAll && skipped + empty.length > 0
  if (forbidden)
    console.log('\nYAOPAI_REQUIRE=all: what was skipped or is empty counts as a failure of this run.')
  console.log(`\n${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`)
  if (passed + failed === 0) console.error('No test ran.')
  return failed > 0 || forbidden || passed === 0 ? 1 : 0
}
