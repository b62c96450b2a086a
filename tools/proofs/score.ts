import type { TestResult } from '../testing/results.ts'
import { idsIn } from './rows.ts'

export type Score = { passed: number; failed: number }

/** Counts what ran for each row; a subtest counts for the rows of the tests around it too. */
export function scoreRows(tests: TestResult[]): Map<string, Score> {
  const scores = new Map<string, Score>()
  for (const test of tests) {
    for (const id of new Set(test.titles.flatMap(idsIn))) add(scores, id, test)
  }
  return scores
}

function add(scores: Map<string, Score>, id: string, { status, kind }: TestResult): void {
  const score = scores.get(id) ?? { passed: 0, failed: 0 }
  scores.set(id, score)
  if (status === 'failed') score.failed += 1
  if (status === 'passed' && kind === 'test') score.passed += 1
}

/** Y: at least one test of the row ran and passed, and none failed. */
export function isProved(scores: Map<string, Score>, id: string): boolean {
  const score = scores.get(id)
  return score !== undefined && score.passed > 0 && score.failed === 0
}
