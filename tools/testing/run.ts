import process from 'node:process'
import { requiresAll } from '../needs.ts'
import { buildBrowser } from '../package/build-browser.ts'
import { type Selected, select } from './groups.ts'
import { type GroupTime, printFailures, printSkipped, printSlow, printTimes, tally } from './report.ts'
import { type TestResult, writeResults } from './results.ts'
import { killAll, runFile } from './run-file.ts'

const filesAtOnce = 2
const fileTimeoutMs = 180_000
// The package group builds, packs and installs; the checks group type-checks the whole tree.
const groupTimeoutMs: Record<string, number> = { package: 420_000, checks: 300_000 }

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
  buildBrowser({ hasMaps: true }) // what the emulator serves; a fresh clone has none, and a test must never see an old one
  const tests: TestResult[] = []
  const times: GroupTime[] = []
  for (const group of selected) {
    const startedAtMs = Date.now()
    const results = await runGroup(group)
    tests.push(...results)
    times.push({ name: group.name, files: group.files.length, ms: Date.now() - startedAtMs, tests: results })
  }
  writeResults(tests, new Set(selected.flatMap((group) => group.files)))
  return report(tests, times)
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

async function runGroup({ name, files }: Selected): Promise<TestResult[]> {
  console.log(`\n${name} (${files.length} ${files.length === 1 ? 'file' : 'files'})`)
  const waiting = [...files]
  const tests: TestResult[] = []
  const worker = async () => {
    for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
      const run = await runFile(name, file, groupTimeoutMs[name] ?? fileTimeoutMs)
      tests.push(...run.tests)
      const { passed, failed, skipped } = tally(run.tests)
      const counts = `${passed} passed${failed ? `, ${failed} FAILED` : ''}${skipped ? `, ${skipped} skipped` : ''}`
      console.log(`  ${failed ? '✖' : '✔'} ${file}: ${counts} (${(run.ms / 1000).toFixed(1)} s)`)
      if (failed) printFailures(run.tests, run.output)
    }
  }
  await Promise.all(Array.from({ length: filesAtOnce }, worker))
  return tests
}

function report(tests: TestResult[], times: GroupTime[]): number {
  const { passed, failed, skipped } = tally(tests)
  printSlow(tests)
  printSkipped(tests)
  if (failed) {
    console.log('\nFailed:')
    for (const test of tests.filter(({ status, kind }) => status === 'failed' && kind === 'test')) {
      console.log(`  ${test.file} › ${test.titles.join(' › ')}`)
    }
  }
  printTimes(times)
  const empty = emptyGroups(times)
  if (empty.length > 0) console.log(`\nWithout a test file: ${empty.join(', ')}`)
  const forbidden = requiresAll && skipped + empty.length > 0
  if (forbidden)
    console.log('\nYAOPAI_REQUIRE=all: what was skipped or is empty counts as a failure of this run.')
  console.log(`\n${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`)
  if (passed + failed === 0) console.error('No test ran.')
  return failed > 0 || forbidden || passed === 0 ? 1 : 0
}
