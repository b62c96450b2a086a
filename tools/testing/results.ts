import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { root } from '../setup.mjs'

export type Status = 'passed' | 'failed' | 'skipped'

/** One test, subtest or suite as it ended. */
export type TestResult = {
  group: string
  /** Path from the root. */
  file: string
  /** Titles of the suites and tests around it, outermost first, then its own. */
  titles: string[]
  kind: 'test' | 'suite'
  status: Status
  /** Why it was skipped. */
  reason?: string
  /** What was thrown, as text. */
  error?: string
  ms: number
}

export type Results = { finishedAt: string; node: string; tests: TestResult[] }

export const resultsFile = join(root, '.cache', 'test-results.json')

/** The last run's results, or undefined when nothing ran yet. */
export function readResults(file = resultsFile): Results | undefined {
  if (!existsSync(file)) return undefined
  return JSON.parse(readFileSync(file, 'utf8')) as Results // written by writeResults alone
}

/** Keeps what ran now, and of earlier runs what did not run now and is still there. */
export function writeResults(tests: TestResult[], ranFiles: Set<string>, file = resultsFile): void {
  const before = readResults(file)?.tests ?? []
  const kept = before.filter((test) => !ranFiles.has(test.file) && existsSync(join(root, test.file)))
  const results: Results = {
    finishedAt: new Date().toISOString(),
    node: process.version,
    tests: [...kept, ...tests],
  }
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, `${JSON.stringify(results, null, 1)}\n`)
}
