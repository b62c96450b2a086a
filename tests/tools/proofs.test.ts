import assert from 'node:assert/strict'
import test from 'node:test'
import { promisedWithoutTest, proofsPage } from '../../tools/proofs/page.ts'
import { faults, features, idsIn, promised, threats } from '../../tools/proofs/rows.ts'
import { isProved, scoreRows } from '../../tools/proofs/score.ts'
import { filesByRow } from '../../tools/proofs/sources.ts'
import type { TestResult } from '../../tools/testing/results.ts'
import { withTree } from './temp-tree.ts'

const result = (
  titles: string[],
  status: TestResult['status'],
  kind: TestResult['kind'] = 'test',
): TestResult => ({
  group: 'server',
  file: 'a.test.ts',
  titles,
  kind,
  status,
  ms: 1,
})

test('ids are read from titles, several in one', () => {
  assert.deepEqual(idsIn('[F10][T09] one exchange, not [X1] nor F13 [R01]'), ['F10', 'T09', 'R01'])
})

test('a row is Y only when a test of it ran and passed and none failed', () => {
  const y = (...tests: TestResult[]) => isProved(scoreRows(tests), 'F1')
  assert.equal(y(), false)
  assert.equal(y(result(['[F1] a'], 'passed')), true)
  assert.equal(y(result(['[F1] a'], 'skipped')), false)
  assert.equal(y(result(['[F10] a'], 'passed')), false)
  assert.equal(y(result(['[F1] a'], 'passed'), result(['[F1] b'], 'failed')), false)
  assert.equal(y(result(['[F1] all', 'sub'], 'passed')), true)
  assert.equal(y(result(['[F1] all', 'sub'], 'failed'), result(['[F1] other'], 'passed')), false)
  assert.equal(y(result(['[F1] an empty suite'], 'passed', 'suite')), false)
})

test('the rows are whole: 100 features, 40 threats, 36 faults, and every promise is one of them', () => {
  assert.deepEqual([features.rows.length, threats.length, faults.length], [100, 40, 36])
  const ids = new Set([...features.rows, ...threats, ...faults].map(({ id }) => id))
  assert.equal(ids.size, 176)
  const all = [...promised.features, ...promised.threats, ...promised.faults]
  assert.deepEqual(
    all.filter((id) => !ids.has(id)),
    [],
  )
  for (const { others } of features.rows)
    assert.ok(others === undefined || others.length === features.others.length)
})

test('titles are found in test files alone, and what none carries is not proved yet', async () => {
  const files = {
    'packages/server/src/lib/login.test.ts': "test('[F13] one user', () => {})",
    'packages/server/src/lib/login.ts': '// [F14] is not here',
  }
  const found = await withTree(files, (folder) => filesByRow(folder))
  assert.deepEqual([...found], [['F13', ['packages/server/src/lib/login.test.ts']]])
  const page = proofsPage(found)
  assert.match(page, /\| F13 \| .* \| `server\/src\/lib\/login\.test\.ts` \|/)
  assert.match(page, /- F14 /)
  assert.deepEqual(promisedWithoutTest(found, { features: ['F13', 'F14'], threats: ['T01'], faults: [] }), [
    'F14',
    'T01',
  ])
})
