import assert from 'node:assert/strict'
import { join } from 'node:path'
import test from 'node:test'
import { ignoreReason, misnamed } from '../../tools/docs/collect.ts'
import { examplesOf, fencesOf, proseOf } from '../../tools/docs/fences.ts'
import { readPages, readPublicSource } from '../../tools/docs/files.ts'
import { deadLinks } from '../../tools/docs/links.ts'
import { run } from '../../tools/docs/run-samples.ts'
import { complaintsOfScripts } from '../../tools/docs/scripts.ts'
import { laySamples, typeCheck } from '../../tools/docs/type-samples.ts'
import { root } from '../../tools/setup.mjs'
import { withTree } from './temp-tree.ts'

const page = (text: string) => ({ path: 'README.md', text })

test('fences are cut out with language, flags, line and text', () => {
  const text = 'a\n```ts\nconst a = 1\n```\n- b\n  ~~~sh run\n  echo ```\n  ~~~\n````md\n```ts\n```\n````\n'
  assert.deepEqual(fencesOf(page(text)), [
    { file: 'README.md', line: 3, language: 'ts', flags: '', code: 'const a = 1' },
    { file: 'README.md', line: 7, language: 'sh', flags: 'run', code: 'echo ```' },
    { file: 'README.md', line: 10, language: 'md', flags: '', code: '```ts\n```' },
  ])
})

test('a fence that is never closed runs to the end', () => {
  assert.deepEqual(
    fencesOf(page('```ts\nconst a = 1')).map(({ code }) => code),
    ['const a = 1'],
  )
})

test('examples are cut out of TSDoc, and only of @example', () => {
  const text = [
    '/**',
    ' * ```ts',
    ' * no',
    ' * ```',
    ' * @example named',
    ' * ```ts',
    ' * const a = {',
    ' *   b: 1,',
    ' * }',
    ' * ```',
    ' * @returns ```ts',
    ' */',
    'const code = 1',
  ].join('\n')
  assert.deepEqual(examplesOf({ path: 'a.ts', text }), [
    { file: 'a.ts', line: 7, language: 'ts', flags: '', code: 'const a = {\n  b: 1,\n}' },
  ])
})

test('prose is what is left without fences and inline code', () => {
  assert.equal(proseOf(page('a `[x](y)`\n```ts\n[b](c)\n```\n[d](e)')), 'a ``\n```ts\n\n```\n[d](e)')
})

test('a sample with a wrong type or a misspelt name is found, with the line of its page', () => {
  const sample = (line: number, code: string) => ({
    file: 'docs/a.md',
    line,
    language: 'ts',
    flags: '',
    code,
  })
  const laid = laySamples(
    [
      sample(7, 'const a: number = 1\nconst b = 2'),
      sample(20, "import assert from 'node:assert'\nassert.equaal(1, 1)"),
    ],
    join(root, '.cache', 'samples-of-test'),
  )
  const [right, wrong] = laid.map(({ path }) => typeCheck(laid).get(path))
  assert.deepEqual(right, [])
  assert.match(wrong?.join() ?? '', /^docs\/a\.md:21 Property 'equaal' does not exist/)
})

test('a program that fails or hangs is told from one that does not', async () => {
  assert.equal((await run(process.execPath, ['-e', ''], 10_000)).status, 0)
  const failed = await run(process.execPath, ['-e', 'throw new Error("no")'], 10_000)
  assert.equal(failed.status, 1)
  assert.match(failed.output, /Error: no/)
  assert.equal((await run(process.execPath, ['-e', 'setInterval(() => {}, 9)'], 300)).status, null)
})

test('leaving a sample out needs a reason, and languages have one name', () => {
  const sample = (language: string, flags: string) => ({ file: 'a.md', line: 2, language, flags, code: '' })
  assert.equal(ignoreReason(sample('ts', '')), undefined)
  assert.equal(ignoreReason(sample('ts', 'ignore: shows the error')), 'shows the error')
  assert.throws(() => ignoreReason(sample('ts', 'ignore')), /a\.md:2 say why/)
  assert.deepEqual(misnamed([sample('bash', ''), sample('ts', '')]), ['a.md:2 write sh for bash'])
})

test('links that lead nowhere are found: files, headings, ways out of the repository', async () => {
  const text = [
    '# Über: `code` & 中文 标题',
    '[a](docs/b.md) [a](docs/b.md#two-2) [a](#über-code--中文-标题) [a](https://example.com/x) `[no](no.md)`',
    '[a](docs/c.md)',
    '[a](docs/b.md#three)',
    '[a](../x.md)',
    '[r]: docs/d.md',
  ].join('\n')
  await withTree({ 'README.md': text, 'docs/b.md': '## Two!\n\n## Two 2\n' }, (folder) => {
    const found = readPages(folder).flatMap((one) => deadLinks(one, folder))
    assert.deepEqual(found, [
      'README.md:3 docs/c.md: there is no docs/c.md',
      'README.md:4 docs/b.md#three: docs/b.md has no heading #three',
      'README.md:5 ../x.md: leaves the repository',
      'README.md:6 docs/d.md: there is no docs/d.md',
    ])
  })
})

test('pages and source are found where readers find them', async () => {
  const files = {
    'README.md': '',
    'docs/guide/a.md': '',
    'packages/server/README.md': '',
    'packages/server/node_modules/x/README.md': '',
    'node_modules/x/README.md': '',
    'packages/server/src/a.ts': '',
    'packages/server/src/a.test.ts': '',
  }
  await withTree(files, (folder) => {
    assert.deepEqual(
      readPages(folder).map(({ path }) => path),
      ['README.md', 'docs/guide/a.md', 'packages/server/README.md'],
    )
    assert.deepEqual(
      readPublicSource(folder).map(({ path }) => path),
      ['packages/server/src/a.ts'],
    )
  })
})

test('a shell sample that calls a script that is not there is found', async () => {
  await withTree({ 'package.json': '{ "scripts": { "start": "", "test:a": "" } }' }, (folder) => {
    assert.deepEqual(complaintsOfScripts('npm start\nnpm run -s test:a\nnpm test', folder), [
      'there is no script "test"',
    ])
    assert.deepEqual(complaintsOfScripts('npm run gone -- x', folder), ['there is no script "gone"'])
  })
})
