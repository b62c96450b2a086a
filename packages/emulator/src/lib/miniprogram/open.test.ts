import assert from 'node:assert/strict'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { diskFolder, type Files, ONE_PAGE, writeFiles } from '../../test-support/mini-program.ts'
import { type Later, openMiniProgram } from './open.ts'

/** Time that passes when it is told to. */
function createHand() {
  const waiting = new Set<() => void>()
  const later: Later = (run) => {
    waiting.add(run)
    return () => void waiting.delete(run)
  }
  /** Lets the next look happen, and waits until it asks for another one. */
  const look = async () => {
    const [run] = waiting
    assert.ok(run, 'nobody waits')
    waiting.delete(run)
    run()
    while (waiting.size === 0) await new Promise((resolve) => setImmediate(resolve))
  }
  return { later, look, waiting }
}

const looks = async (hand: ReturnType<typeof createHand>, times: number) => {
  for (let time = 0; time < times; time += 1) await hand.look()
}

async function opened(t: Parameters<typeof diskFolder>[0], files: Files) {
  const dir = await diskFolder(t, files)
  const hand = createHand()
  const lines: string[] = []
  const program = openMiniProgram(dir, { later: hand.later, log: (line) => lines.push(line) })
  t.after(() => program.close())
  return { dir, hand, lines, program }
}

test('who asks gets the folder as it is now; a build is made only where something changed', async (t) => {
  const { dir, program } = await opened(t, ONE_PAGE)
  const first = await program.current()
  assert.equal(await program.current(), first)
  await writeFile(join(dir, 'app.js'), 'App({ a: 1 })')
  const second = await program.current()
  assert.deepEqual([first.program.build, second.program.build], [1, 2])
  assert.match(second.scripts.get('app.js') ?? '', /a: 1/)
})

test('an edit is told once the folder holds still; who stops listening stops the looking', async (t) => {
  const { dir, hand, program } = await opened(t, ONE_PAGE)
  await program.current()
  const builds: number[] = []
  const stop = program.onBuild((build) => builds.push(build))
  await looks(hand, 2)
  assert.deepEqual(builds, [])
  await writeFile(join(dir, 'app.js'), 'App({ a: 1 })')
  await hand.look()
  await writeFile(join(dir, 'app.js'), 'App({ a: 12 })')
  await hand.look()
  assert.deepEqual(builds, [])
  await hand.look()
  assert.deepEqual(builds, [2])
  stop()
  assert.equal(hand.waiting.size, 0)
})

test('a folder that never holds still is compiled all the same', async (t) => {
  const { dir, hand, program } = await opened(t, ONE_PAGE)
  await program.current()
  const builds: number[] = []
  program.onBuild((build) => builds.push(build))
  for (let time = 0; time < 12; time += 1) {
    await writeFile(join(dir, 'app.js'), `App({ a: ${10 ** time} })`)
    await hand.look()
  }
  assert.deepEqual(builds, [2])
})

test('a half-written file is told, and the next change mends it', async (t) => {
  const { dir, lines, program } = await opened(t, ONE_PAGE)
  await writeFile(join(dir, 'app.json'), '{ "pages": ["pages/index/')
  assert.deepEqual((await program.current()).program.pages, [])
  await writeFiles(dir, ONE_PAGE)
  const { pages, problems } = (await program.current()).program
  assert.deepEqual([pages, problems], [['pages/index/index'], []])
  assert.equal(lines.length, 1)
  assert.match(lines[0] ?? '', /^mini program: app\.json:1:\d+: no valid JSON/)
})

test('a folder that is no mini program yet becomes one', async (t) => {
  const { dir, hand, program } = await opened(t, {})
  await rm(dir, { recursive: true })
  assert.match((await program.current()).program.problems[0]?.message ?? '', /no app\.json/)
  const builds: number[] = []
  program.onBuild((build) => builds.push(build))
  await writeFiles(dir, ONE_PAGE)
  await looks(hand, 2)
  assert.deepEqual(builds, [2])
  assert.deepEqual((await program.current()).program.problems, [])
})

test('the builds before the newest can still be loaded, the old ones are gone', async (t) => {
  const { dir, program } = await opened(t, ONE_PAGE)
  for (let time = 1; time <= 5; time += 1) {
    await writeFile(join(dir, 'app.js'), `App({ a: ${10 ** time} })`)
    await program.current()
  }
  assert.deepEqual(
    [1, 2, 3, 4, 5].map((build) => program.build(build) !== undefined),
    [false, false, true, true, true],
  )
})

test('a closed one looks no more, even in the middle of a look', async (t) => {
  const { hand, program } = await opened(t, ONE_PAGE)
  program.onBuild(() => {})
  const [run] = hand.waiting
  hand.waiting.clear()
  run?.()
  program.close()
  await program.current()
  await new Promise((resolve) => setImmediate(resolve))
  assert.equal(hand.waiting.size, 0)
})
