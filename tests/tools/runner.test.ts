import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join, relative } from 'node:path'
import test, { describe } from 'node:test'
import { pathToFileURL } from 'node:url'
import { sourceFlags } from '../../tools/launch.mjs'
import { root } from '../../tools/setup.mjs'
import { filesOf, groups, select } from '../../tools/testing/groups.ts'
import { bundleAll, programArgs, testFileArgs } from '../../tools/testing/programs.ts'
import { tally } from '../../tools/testing/report.ts'
import { readResults, type TestResult, writeResults } from '../../tools/testing/results.ts'
import { runFile } from '../../tools/testing/run-file.ts'
import { withTree } from './temp-tree.ts'

const head = "import test, { describe, before } from 'node:test'\n"

function runText(text: string, timeoutMs = 20_000) {
  return withTree({ 'a.test.ts': head + text }, (folder) =>
    runFile('server', relative(root, join(folder, 'a.test.ts')), timeoutMs),
  )
}

describe('a test file', () => {
  test('gives every test and subtest with its titles around it', async () => {
    const { tests } = await runText(
      "test('[F1] a', async (t) => { await t.test('b', () => {}) })\ndescribe('c', () => { test('d', () => {}); test('e', { skip: 'why' }, () => {}) })",
    )
    assert.deepEqual(
      tests.map(({ titles, status, kind }) => [titles.join(' › '), status, kind]),
      [
        ['[F1] a › b', 'passed', 'test'],
        ['[F1] a', 'passed', 'test'],
        ['c › d', 'passed', 'test'],
        ['c › e', 'skipped', 'test'],
        ['c', 'passed', 'suite'],
      ],
    )
    assert.equal(tests.find(({ status }) => status === 'skipped')?.reason, 'why')
    assert.deepEqual(tally(tests), { passed: 3, failed: 0, skipped: 1 })
  })

  test('that fails says what was thrown', async () => {
    const { tests } = await runText("test('a', () => { throw new Error('the reason') })")
    assert.deepEqual(tally(tests), { passed: 0, failed: 1, skipped: 0 })
    assert.match(tests[0]?.error ?? '', /the reason/)
  })

  test('that throws before its tests is a failure', async () => {
    const { tests, output } = await runText("throw new Error('early')")
    assert.deepEqual(tally(tests), { passed: 0, failed: 1, skipped: 0 })
    assert.match(output, /early/)
  })

  test('whose process is killed is a failure that names the test', async () => {
    const { tests } = await runText(
      "test('deadly', () => new Promise(() => setTimeout(() => process.kill(process.pid, 'SIGKILL'), 500)))",
    )
    assert.match(tests.at(-1)?.error ?? '', /ended by SIGKILL; unfinished: deadly/)
  })

  test('that exits 0 amid its tests is a failure', async () => {
    const { tests } = await runText("test('a', () => process.exit(0))\ntest('b', () => {})")
    assert.ok(tally(tests).failed > 0)
  })

  test('that never ends is killed and names the test', async () => {
    const { tests } = await runText(
      "test('endless', () => new Promise(() => setInterval(() => {}, 1000)))",
      5000,
    )
    assert.match(tests.at(-1)?.error ?? '', /did not end within 5 s and was killed; unfinished: endless/)
  })

  test('that leaves a handle open is a failure', async () => {
    const { tests } = await runText("setInterval(() => {}, 1000)\ntest('a', () => {})", 5000)
    assert.match(tests.at(-1)?.error ?? '', /did not end within 5 s and was killed/)
  })

  test('without a test is a failure', async () => {
    assert.match((await runText('')).tests[0]?.error ?? '', /holds no test/)
  })

  test('with a broken hook is a failure', async () => {
    const { tests } = await runText(
      "describe('a', () => { before(() => { throw new Error('hook') }); test('b', () => {}) })",
    )
    assert.ok(tally(tests).failed > 0)
  })

  test('is not counted twice for a suite that fails with its test', () => {
    const result = (titles: string[], kind: TestResult['kind']): TestResult => ({
      group: 'server',
      file: 'a',
      titles,
      kind,
      status: 'failed',
      ms: 0,
    })
    assert.equal(tally([result(['a', 'b'], 'test'), result(['a'], 'suite')]).failed, 1)
    assert.equal(tally([result(['a'], 'suite')]).failed, 1)
  })
})

describe('the bundle of the test files', () => {
  const file = 'packages/server/src/lib/ids.test.ts'

  test('runs as the files do', async () => {
    await bundleAll([file])
    assert.match(testFileArgs(file).at(-1) ?? '', /ids\.test\.mjs$/)
    const { tests } = await runFile('server', file, 20_000)
    assert.ok(tally(tests).passed > 0)
    assert.deepEqual({ ...tally(tests), passed: 0 }, { passed: 0, failed: 0, skipped: 0 })
  })

  test('holds the command, which knows where its source is', async () => {
    const { stdout, stderr } = spawnSync(process.execPath, [...(await programArgs('yaopai')), '--version'], {
      encoding: 'utf8',
    })
    assert.match(stdout, /^\d+\.\d+\.\d+/, stderr)
  })

  test('names the file that cannot be in it', async () => {
    await assert.rejects(bundleAll(['tests/tools/absent.test.ts']), /tests\/tools\/absent\.test\.ts/)
  })

  test('is not there for other files, which run from source', () => {
    assert.deepEqual(testFileArgs('tests/a.test.ts'), [...sourceFlags, join(root, 'tests/a.test.ts')])
  })
})

describe('what a test needs', () => {
  const program = `import { needs } from ${JSON.stringify(pathToFileURL(join(root, 'tools', 'needs.ts')).href)}
    console.log(JSON.stringify(needs('nginx', 'python3-django')))`
  const ask = (env: Record<string, string>) =>
    withTree({ 'a.mts': program }, (folder) =>
      spawnSync(process.execPath, [...sourceFlags, join(folder, 'a.mts')], {
        cwd: root,
        encoding: 'utf8',
        env: { ...process.env, ...env },
      }),
    )

  test('is a reason to skip when it is missing', async () => {
    const { stdout } = await ask({ PATH: '/nowhere', YAOPAI_REQUIRE: '', YAOPAI_PRETEND_MISSING: 'nginx' })
    assert.match(JSON.parse(stdout).skip, /needs nginx \(Debian: apt-get install nginx-light\)/)
  })

  test('is a failure when it is missing and all is required', async () => {
    const { status, stderr } = await ask({ YAOPAI_REQUIRE: 'all', YAOPAI_PRETEND_MISSING: 'nginx' })
    assert.equal(status, 1)
    assert.match(stderr, /needs nginx/)
  })
})

describe('npm test -- …', () => {
  const files = {
    'packages/server/src/a.test.ts': '',
    'packages/server/src/lib/b.test.ts': '',
    'packages/server/src/node_modules/c.test.ts': '',
    'packages/emulator/src/a.test.ts': '',
    'tests/e2e.test.ts': '',
    'tests/package/package.test.ts': '',
    'tests/tools/tool.test.ts': '',
    'tools/docs/samples.test.ts': '',
  }
  const chosen = (...args: string[]) =>
    withTree(files, (folder) =>
      select(args, folder).map((group) => `${group.name}: ${group.files.join(' ')}`),
    )

  test('runs every group with its own files, each file in one group', async () => {
    await withTree(files, (folder) => {
      const all = groups.flatMap((group) => filesOf(group, folder))
      assert.deepEqual(new Set(all).size, all.length)
      assert.equal(all.length, Object.keys(files).length - 1)
    })
    assert.ok((await chosen()).includes('end to end: tests/e2e.test.ts'))
  })

  test('leaves the group for last that builds anew what others read', () => {
    assert.deepEqual(
      groups.filter(({ isAlone }) => isAlone).map(({ name }) => name),
      ['package'],
    )
    assert.equal(groups.at(-1)?.name, 'package')
  })

  test('takes names of groups and beginnings of paths', async () => {
    assert.deepEqual(await chosen('tools'), ['tools: tests/tools/tool.test.ts'])
    assert.deepEqual(await chosen('emulator', './packages/server/src/lib'), [
      'emulator: packages/emulator/src/a.test.ts',
      'server: packages/server/src/lib/b.test.ts',
    ])
  })

  test('refuses what names no test', async () => {
    await assert.rejects(chosen('serer'), /No test matches "serer": give a path or one of "checks"/)
  })
})

test('results of a part replace those of its files and keep the others', async () => {
  const result = (file: string, status: TestResult['status']): TestResult => ({
    group: 'tools',
    file,
    titles: ['a'],
    kind: 'test',
    status,
    ms: 1,
  })
  await withTree({}, (folder) => {
    const file = join(folder, '.cache', 'results.json')
    const [here, other] = ['tests/tools/runner.test.ts', 'tests/tools/docs.test.ts'] as const
    writeResults(
      [result(here, 'failed'), result(other, 'passed'), result('gone.test.ts', 'passed')],
      new Set(),
      file,
    )
    writeResults([result(here, 'passed')], new Set([here]), file)
    const found = readResults(file)?.tests.map((one) => `${one.file} ${one.status}`)
    assert.deepEqual(found, [`${other} passed`, `${here} passed`])
  })
})
