import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import process from 'node:process'
import test from 'node:test'
import fc from 'fast-check'
import { root } from '../../tools/setup.mjs'
import { play } from './play.ts'
import { loadMutant, loadSdk } from './sdk.ts'
import { search } from './search.ts'
import { stories } from './stories.ts'
import { tell } from './tell.ts'

const replaysAll = { file: 'send.ts', find: 'if (isIdempotent) return', put: 'return' }

test('a seed that fails is shrunk to a story that a person can read and anybody can play again', () => {
  const startSdk = loadMutant({ name: 'what is refused is replayed, whatever it is', changes: [replaysAll] })
  const { story, complaint, seed } = search(startSdk, 1, 600)
  assert.ok(story !== null, 'nothing found')
  assert.equal(seed, 1)
  assert.ok(story.steps.length <= 3, `${story.steps.length} steps are left`)
  assert.match(complaint ?? '', /^\[3\] (POST|PUT|GET) .* was sent 2 times$/)
  const told = tell(story, startSdk)
  assert.match(told, /^Broken rule: \[3\]/)
  assert.match(told, /hears 401 for/)
  const again = JSON.parse(/^Story, to play it again: (.*)$/m.exec(told)?.[1] ?? 'null')
  assert.equal(play(again, startSdk).complaint, complaint)
  assert.equal(play(again, loadSdk()).complaint, null)
})

test('the same story runs alike every time', () => {
  for (const story of fc.sample(stories, { numRuns: 20, seed: 7 })) {
    assert.deepEqual(play(story, loadSdk(), true).log, play(story, loadSdk(), true).log)
  }
})

test('npm run schedules plays as many as it is asked for, and says how to be asked', () => {
  const run = (...args: string[]) =>
    spawnSync(process.execPath, ['tools/run.mjs', 'tests/schedules/run.ts', ...args], {
      cwd: root,
      encoding: 'utf8',
    })
  const { status, stdout } = run('--runs', '30', '--seed', '5')
  assert.equal(status, 0)
  assert.match(stdout, /30 runs from seed 5 on, none falling short/)
  for (const args of [
    ['--runs', 'many'],
    ['--runs', '0'],
    ['--speed', '9'],
  ]) {
    const refused = run(...args)
    assert.equal(refused.status, 2)
    assert.match(refused.stderr, /^Usage: npm run schedules -- .*--runs N/m)
  }
})
