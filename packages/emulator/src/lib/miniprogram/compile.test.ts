import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import {
  compileWith,
  type Files,
  folderWith,
  ONE_PAGE,
  told,
  toldOf,
} from '../../test-support/mini-program.ts'
import { createCompiler } from './compile.ts'
import { createFolderReader } from './folder.ts'

const component = (path: string, json: object = { component: true }): Files => ({
  [`${path}.js`]: 'Component({})',
  [`${path}.wxml`]: '',
  [`${path}.json`]: JSON.stringify(json),
})

test('the example mini program compiles, with nothing to complain about but its package that is not built', async () => {
  const dir = fileURLToPath(new URL('../../../../../examples/miniprogram', import.meta.url))
  const { program, styles } = await createCompiler().compile(await createFolderReader(dir).read(), 1)
  assert.deepEqual(program.pages, ['pages/index/index', 'pages/logs/logs', 'pages/devices/devices'])
  assert.equal(program.components['components/notice/notice']?.styleIsolation, 'apply-shared')
  assert.deepEqual([...styles.keys()].sort()[0], 'app')
  assert.equal(program.theme.dark['navText'], 'white')
  assert.deepEqual(
    program.problems.filter(({ message }) => !message.includes('miniprogram_npm')),
    [],
  )
})

test('pages come in their order, subpackages after them, the entry before all', async () => {
  const page = (path: string) => ({ [`${path}.js`]: 'Page({})', [`${path}.wxml`]: '' })
  const app = {
    pages: ['pages/index/index', '/pages/b/b', 'pages/index/index'],
    subpackages: [{ root: '/sub/', pages: ['c/c'] }],
    subPackages: [{ root: 'other', pages: ['d'] }],
    entryPagePath: 'pages/b/b',
  }
  const files = {
    'app.json': JSON.stringify(app),
    ...page('pages/b/b'),
    ...page('sub/c/c'),
    ...page('other/d'),
  }
  const { program } = await compileWith(files)
  assert.deepEqual(program.pages, ['pages/b/b', 'pages/index/index', 'sub/c/c', 'other/d'])
  assert.deepEqual(program.problems, [])
})

test('components are found beside the file, from the top, as a folder, in miniprogram_npm, through others and generics', async () => {
  const files = {
    ...component('pages/index/beside'),
    ...component('parts/folder/index', {
      component: true,
      componentGenerics: { item: { default: './item' } },
    }),
    ...component('parts/folder/item'),
    ...component('miniprogram_npm/ui/button/index'),
    ...component('miniprogram_npm/ui/icon/index'),
    'pages/index/index.json': JSON.stringify({
      usingComponents: { a: 'beside', b: './beside', c: '/parts/folder', d: 'ui/button', e: 'ui/icon/index' },
    }),
  }
  const { program } = await compileWith(files)
  assert.deepEqual(program.problems.map(told), [])
  assert.deepEqual(program.components['pages/index/index']?.usingComponents, {
    ...{ a: 'pages/index/beside', b: 'pages/index/beside', c: 'parts/folder/index' },
    ...{ d: 'miniprogram_npm/ui/button/index', e: 'miniprogram_npm/ui/icon/index' },
  })
  assert.ok(program.components['parts/folder/item'])
})

test('the appid is the project’s; touristappid is none', async () => {
  const appidOf = async (project?: string) => (await compileWith({}, project)).program.appid
  assert.equal(await appidOf('{ "appid": "wx0123456789abcdef" }'), 'wx0123456789abcdef')
  assert.equal(await appidOf('{ "appid": "touristappid" }'), null)
  assert.equal(await appidOf(), null)
})

const WRONG: [string, Files, RegExp][] = [
  ['app.json that is broken', { 'app.json': '{\n  "pages": [}' }, /^error app\.json:2:13 no valid JSON/],
  [
    'app.json without pages',
    { 'app.json': '{\n  "pages": [] }' },
    /^error app\.json:2:12 app\.json must name a page/,
  ],
  [
    'a page that is not there',
    { 'app.json': '{ "pages": ["pages/index/index",\n"pages/b/b"] }' },
    /^error app\.json:2:1 there is no page at pages\/b\/b/,
  ],
  [
    'a page without .wxml',
    { 'app.json': '{ "pages": ["pages/index/index", "b"] }', 'b.js': '' },
    /^error b\.wxml the page b has no \.wxml/,
  ],
  [
    'a page without .js',
    { 'app.json': '{ "pages": ["pages/index/index", "b"] }', 'b.wxml': '' },
    /^error b\.js the page b has no/,
  ],
  [
    'a page’s .json that is broken',
    { 'pages/index/index.json': '{\n"a" 1}' },
    /^error pages\/index\/index\.json:2:5 no valid JSON: a colon/,
  ],
  [
    'a component that is not there',
    { 'pages/index/index.json': '{ "usingComponents": {\n "a": "./none" } }' },
    /^error pages\/index\/index\.json:2:7 <a>: there is no component at \.\/none/,
  ],
  [
    'a component of a plugin',
    { 'pages/index/index.json': '{ "usingComponents": { "a": "plugin://b/c" } }' },
    /^warning pages\/index\/index\.json:1:29 <a>: plugins are not here/,
  ],
  [
    'a component that does not say so',
    { ...component('part', {}), 'pages/index/index.json': '{ "usingComponents": { "a": "/part" } }' },
    /^warning part\.json:1:1 a component needs "component": true/,
  ],
  [
    'a tab that is no page',
    {
      'app.json': '{ "pages": ["pages/index/index"],\n"tabBar": { "list": [{ "pagePath": "pages/b/b" }] } }',
    },
    /^error app\.json:2:36 tabBar: "pages\/b\/b" is not in "pages"/,
  ],
  [
    'an icon of a tab that is not there',
    {
      'app.json':
        '{ "pages": ["pages/index/index"],\n"tabBar": { "list": [{ "pagePath": "pages/index/index", "iconPath": "a.png" }] } }',
    },
    /^error app\.json:2:69 tabBar: a\.png is not there/,
  ],
  [
    'plugins',
    { 'app.json': '{ "pages": ["pages/index/index"],\n"plugins": { "a": {} } }' },
    /^warning app\.json:2:12 plugins: /,
  ],
  [
    'workers',
    { 'app.json': '{ "pages": ["pages/index/index"],\n"workers": "w" }' },
    /^warning app\.json:2:12 workers: /,
  ],
  [
    'cloud',
    { 'app.json': '{ "pages": ["pages/index/index"],\n"cloud": true }' },
    /^warning app\.json:2:10 cloud: /,
  ],
  [
    'a theme that is not there',
    { 'app.json': '{ "pages": ["pages/index/index"],\n"themeLocation": "t.json" }' },
    /^error app\.json:2:18 themeLocation: t\.json is not there/,
  ],
  [
    'a colour that the theme has not',
    {
      'app.json': '{ "pages": ["pages/index/index"],\n"window": { "backgroundColor": "@bg" } }',
      'theme.json': '{ "light": { "bg": "#fff" } }',
    },
    /^error app\.json:2:32 @bg is not in theme\.json: dark/,
  ],
  [
    'a script that requires nothing',
    { 'app.js': "\nrequire('./none')" },
    /^error app\.js:2:1 require: \.\/none is not there/,
  ],
  [
    'a package that was not built',
    { 'app.js': "import a from '@b/c/d'", 'package.json': '{ "dependencies": { "@b/c": "1" } }' },
    /^error app\.js:1:\d+ require: the package @b\/c is in package\.json, but not in miniprogram_npm; run npm install/,
  ],
  [
    'a package that nobody asked for',
    { 'app.js': "require('b')" },
    /^error app\.js:1:1 require: b is not there/,
  ],
  [
    'styles that have to be compiled',
    { 'pages/index/index.scss': '' },
    /^warning pages\/index\/index\.scss this phone reads WXSS only/,
  ],
]

for (const [what, files, expected] of WRONG) {
  test(`${what}: told with file and line, in both languages, and the rest is there`, async () => {
    const { program, scripts } = await compileWith(files)
    assert.match(program.problems.map(told).join('\n'), expected)
    assert.equal(program.problems.length, 1)
    assert.match(program.problems[0]?.messageZh ?? '', /[一-鿿]/)
    assert.ok(scripts.has('app.js') && scripts.has('pages/index/index.js'))
  })
}

test('a folder without app.json, or with nothing at all, is an empty program that says so', async () => {
  const { program } = await createCompiler().compile(folderWith({}), 1)
  assert.deepEqual([program.pages, program.scripts], [[], []])
  assert.match(
    program.problems.map(told).join('\n'),
    /^error app\.json there is no app\.json: this folder is no mini program/,
  )
  const { 'app.js': _, ...withoutScript } = ONE_PAGE
  const other = await createCompiler().compile(folderWith(withoutScript), 1)
  assert.deepEqual(other.program.problems.map(told), ['error app.js there is no app.js'])
})

test('what is required in comments, in strings, in built packages or by a name that is made is left alone', async () => {
  const script =
    '// require("./a")\n/* require("./b") */ var c = "require(\'./c\')" + `require("./d")`\nvar e = require("./" + c); f.require("./g")'
  assert.deepEqual(await toldOf({ 'app.js': script, 'miniprogram_npm/a/index.js': 'require("fs")' }), [])
})

test('json is passed on as it stands: generics, placeholders, and what nobody here knows', async () => {
  const json = { componentPlaceholder: { a: 'view' }, componentGenerics: { b: true }, anything: [1] }
  const { program } = await compileWith({ 'pages/index/index.json': JSON.stringify(json) })
  assert.equal(JSON.stringify(program.components['pages/index/index']?.json), JSON.stringify(json))
})

test('after an edit all is as if it had been compiled from the start', async () => {
  const compiler = createCompiler()
  const edits: Files[] = [
    {},
    { 'pages/index/index.wxml': '<include src="b"/>', 'pages/index/index.wxss': '@import "b.wxss";' },
    {
      'pages/index/index.wxml': '<include src="b"/>',
      'pages/index/index.wxss': '@import "b.wxss";',
      'pages/index/b.wxss': '.a{x:y}',
      'pages/index/b.wxml': '<include src="index"/>',
    },
    { 'app.js': 'let a = ;', 'pages/index/index.wxss': '.a{background:url(a.png)}' },
    { 'pages/index/index.wxss': '.a{background:url(a.png)}', 'pages/index/a.png': '' },
  ]
  for (const edit of edits) {
    const folder = folderWith({ ...ONE_PAGE, ...edit })
    assert.deepEqual(await compiler.compile(folder, 1), await createCompiler().compile(folder, 1))
  }
})
