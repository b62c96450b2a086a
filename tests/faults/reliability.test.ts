import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { root } from '../../tools/setup.mjs'
import { reliabilityPage } from './page.ts'
import { readResults, summarize } from './results.ts'
import { NOTHING } from './scenario.ts'
import { scenarios } from './scenarios.ts'

test('[F98] docs/reliability.md is what npm run reliability writes', () => {
  const page = readFileSync(join(root, 'docs', 'reliability.md'), 'utf8')
  assert.ok(page === reliabilityPage(readResults()), 'docs/reliability.md is stale: run npm run reliability')
})

test('every result is of a scenario that there is, as it is described now', () => {
  const known = new Map(scenarios.map((scenario) => [scenario.name, scenario]))
  for (const { name, row, fault, promise, how } of readResults().scenarios) {
    const scenario = known.get(name)
    assert.deepEqual(
      [row, fault, promise, how],
      [scenario?.row, scenario?.fault, scenario?.promise, scenario?.how],
    )
  }
})

test('one broken round among good ones is told, and the worst recovery counts', () => {
  const [scenario] = scenarios
  assert.ok(scenario)
  const good = { ...NOTHING, ops: 5, acked: 5, recoveryMs: 10 }
  const seed = { seed: '1', finishedAt: '2026-01-01T00:00:00.000Z' }
  const pageOf = (...outcomes: (typeof good)[]) =>
    reliabilityPage({ node: 'v20', cores: 2, scenarios: [summarize(scenario, outcomes, seed)] })
  assert.match(pageOf(good, good), /\| holds \| yes \|/)
  assert.match(pageOf(good, { ...good, broken: ['lost one'] }), /\| holds \| \*\*no\*\* lost one \|/)
  assert.match(pageOf(good, { ...good, lost: 1 }), /\*\*no\*\*/)
  assert.match(pageOf(good, { ...good, recoveryMs: 5_001 }), /\*\*no\*\*/)
})
