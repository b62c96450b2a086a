import type { TestResult } from './results.ts'

/** `ms` is what its files took, one by one; two run at once. */
export type GroupTime = { name: string; files: number; ms: number; tests: TestResult[] }
export type Tally = { passed: number; failed: number; skipped: number }

const slowFromMs = 3000
const slowShown = 12

/** Counts tests and subtests; a suite counts only where it failed with no failed test inside (a broken hook). */
export function tally(tests: TestResult[]): Tally {
  const counted = tests.filter((test) => test.kind === 'test' || isLoneFailure(test, tests))
  const count = (status: string) => counted.filter((test) => test.status === status).length
  return { passed: count('passed'), failed: count('failed'), skipped: count('skipped') }
}

function isLoneFailure(suite: TestResult, tests: TestResult[]): boolean {
  return suite.status === 'failed' && !tests.some((test) => test.status === 'failed' && isInside(test, suite))
}

function isInside(test: TestResult, suite: TestResult): boolean {
  const { titles } = suite
  return (
    test.file === suite.file &&
    test.titles.length > titles.length &&
    titles.every((title, i) => test.titles[i] === title)
  )
}

/** The failures of one file with what was thrown, then what the file printed. */
export function printFailures(tests: TestResult[], output: string): void {
  const failed = tests.filter(({ status }) => status === 'failed')
  const telling = failed.filter(
    (outer) => !saysOnlyThatSubtestsFailed(outer) || !failed.some((test) => isInside(test, outer)),
  )
  for (const test of telling) {
    console.log(`\n    ✖ ${test.titles.join(' › ')}`)
    console.log(indent(test.error ?? '', 6))
  }
  const tail = output.trim().split('\n').slice(-40).join('\n')
  if (tail) console.log(`\n    printed by the file (its end):\n${indent(tail, 6)}\n`)
}

function saysOnlyThatSubtestsFailed({ error = '' }: TestResult): boolean {
  return /^\d+ subtests? failed$/.test(error.trim())
}

export function printSlow(tests: TestResult[]): void {
  const slow = tests.filter(({ kind, ms }) => kind === 'test' && ms >= slowFromMs)
  if (slow.length === 0) return
  console.log('\nSlow tests:')
  for (const test of slow.sort((a, b) => b.ms - a.ms).slice(0, slowShown)) {
    console.log(`  ${seconds(test.ms)}  ${test.titles.at(-1)}  (${test.file})`)
  }
}

export function printSkipped(tests: TestResult[]): void {
  const skipped = tests.filter(({ status, kind }) => status === 'skipped' && kind === 'test')
  if (skipped.length === 0) return
  const byReason = new Map<string, number>()
  for (const { group, reason } of skipped) {
    const line = `${group}: ${reason}`
    byReason.set(line, (byReason.get(line) ?? 0) + 1)
  }
  console.log('\nNot run on this machine:')
  for (const [line, times] of byReason) console.log(`  ${line} (${times} ${times === 1 ? 'test' : 'tests'})`)
}

export function printTimes(times: GroupTime[], allMs: number): void {
  console.log('\ngroup         files   passed  failed  skipped  of files')
  for (const { name, files, ms, tests } of times) {
    const { passed, failed, skipped } = tally(tests)
    const numbers = [files, passed, failed, skipped].map((number) => String(number).padStart(8)).join('')
    console.log(`${name.padEnd(11)}${numbers}  ${seconds(ms)}`)
  }
  console.log(`${'all, by the clock'.padEnd(43)}  ${seconds(allMs)}`)
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`.padStart(8)
}

function indent(text: string, by: number): string {
  return text
    .split('\n')
    .map((line) => ' '.repeat(by) + line)
    .join('\n')
}
