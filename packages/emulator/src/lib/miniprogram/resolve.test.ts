import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { resolveScript } from './resolve.ts'

const FILES = [
  'app.js',
  'lib/a.js',
  'lib/folder/index.js',
  'lib/both.js',
  'lib/both/index.js',
  'pages/index/index.js',
  'pages/index/beside.js',
  'miniprogram_npm/pkg/index.js',
  'miniprogram_npm/@scope/pkg/index.js',
  'miniprogram_npm/@scope/pkg/part.js',
  'miniprogram_npm/main/dist/all.js',
  'sub/miniprogram_npm/pkg/index.js',
  'sub/pages/a.js',
]
const requirable = {
  scripts: new Set(FILES),
  mains: { 'miniprogram_npm/main': 'miniprogram_npm/main/dist/all.js' },
}
const from = (file: string, request: string) => resolveScript(file, request, requirable)

const CASES: [string, string, string | null][] = [
  ['pages/index/index.js', '../../lib/a', 'lib/a.js'],
  ['pages/index/index.js', '../../lib/a.js', 'lib/a.js'],
  ['pages/index/index.js', '/lib/a', 'lib/a.js'],
  ['pages/index/index.js', './beside', 'pages/index/beside.js'],
  ['pages/index/index.js', 'beside', 'pages/index/beside.js'],
  ['pages/index/index.js', '../../lib/folder', 'lib/folder/index.js'],
  ['pages/index/index.js', '../../lib/folder/', 'lib/folder/index.js'],
  ['pages/index/index.js', '../../lib/both', 'lib/both.js'],
  ['lib/folder/index.js', '.', 'lib/folder/index.js'],
  ['pages/index/index.js', '../../app', 'app.js'],
  ['pages/index/index.js', '../../../app', null],
  ['pages/index/index.js', '../../lib/none', null],
  ['app.js', 'pkg', 'miniprogram_npm/pkg/index.js'],
  ['pages/index/index.js', '@scope/pkg', 'miniprogram_npm/@scope/pkg/index.js'],
  ['app.js', '@scope/pkg/part', 'miniprogram_npm/@scope/pkg/part.js'],
  ['app.js', 'main', 'miniprogram_npm/main/dist/all.js'],
  ['sub/pages/a.js', 'pkg', 'sub/miniprogram_npm/pkg/index.js'],
  ['miniprogram_npm/main/dist/all.js', 'pkg', 'miniprogram_npm/pkg/index.js'],
  ['app.js', './pkg', null],
  ['app.js', 'constructor', null],
]

for (const [file, request, expected] of CASES) {
  test(`require('${request}') in ${file} means ${expected ?? 'nothing'}`, () => {
    assert.equal(from(file, request), expected)
  })
}

test('whatever is required, it is a script of the mini program or nothing', () => {
  const part = fc.constantFrom(
    '..',
    '.',
    '',
    'lib',
    'a',
    'a.js',
    'pkg',
    'pages',
    'index',
    '__proto__',
    'both',
  )
  const request = fc.array(part, { minLength: 1, maxLength: 6 }).map((parts) => parts.join('/'))
  fc.assert(
    fc.property(fc.constantFrom(...FILES), request, (file, asked) => {
      const found = from(file, asked)
      assert.ok(found === null || FILES.includes(found))
    }),
    { numRuns: 5000 },
  )
})
