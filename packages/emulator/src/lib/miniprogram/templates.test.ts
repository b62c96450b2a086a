import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Script } from 'node:vm'
import fc from 'fast-check'
import {
  compileWith,
  drawn,
  type Files,
  folderWith,
  ONE_PAGE,
  runTemplates,
  told,
  toldOf,
} from '../../test-support/mini-program.ts'
import { createCompiler } from './compile.ts'

const PAGE = 'pages/index/index'

async function draw(files: Files, data: object = {}): Promise<string> {
  return drawn(runTemplates(await compileWith(files)), PAGE, data)
}

test('a template draws its data; imports, includes and templates work across files', async () => {
  const files = {
    [`${PAGE}.wxml`]:
      '<import src="../../parts/a"/><template is="a" data="{{ name }}"/><include src="/parts/b.wxml"/><text>{{ name }}!</text>',
    'parts/a.wxml': '<template name="a"><text>({{ name }})</text></template>',
    'parts/b.wxml': '<text>[{{ name }}]</text>',
  }
  assert.equal(await draw(files, { name: 'tea' }), '(tea)[tea]tea!')
  assert.deepEqual(await toldOf(files), [])
})

test('WXS runs: inline and from files, which require each other, with its own constructor, dates and expressions', async () => {
  const files = {
    [`${PAGE}.wxml`]:
      '<wxs src="../../lib/a.wxs" module="a"/><wxs module="b">module.exports.twice = function (x) { return x + x }</wxs><text>{{ a.kinds([1]) }} {{ b.twice(1) }} {{ a.year() }} {{ a.match() }}</text>',
    'lib/a.wxs': `var kind = require("./b.wxs")
      module.exports = {
        kinds: function (list) { return kind.of(list) + kind.of('a.constructor') + kind.of({}) },
        year: function () { return getDate(2020, 1, 1).getFullYear() },
        match: function () { return getRegExp('^a+$', 'i').test('AA') },
      }`,
    'lib/b.wxs': "module.exports.of = function (value) { return value . constructor } // 'constructor'",
  }
  assert.equal(await draw(files), 'ArrayStringObject 2 2020 true')
  assert.deepEqual(await toldOf(files), [])
})

test('a broken template is told with line and column, and the others are drawn', async () => {
  const files = {
    ...{
      'app.json': '{ "pages": ["pages/index/index", "pages/b/b"] }',
      'pages/b/b.js': 'Page({})',
      'pages/b/b.json': '{}',
    },
    'pages/b/b.wxml': '<view>\n  <text class="{{ a + }}">a</text>\n</view>',
  }
  const problems = await toldOf(files)
  assert.match(problems[0] ?? '', /^error pages\/b\/b\.wxml:2:23 unexpected character inside expression/)
  assert.equal(await draw(files), 'hello')
})

const BROKEN: [string, string, RegExp][] = [
  [
    'a tag that is not closed',
    '<view>\n  <text>a\n</view>',
    /^error .*index\.wxml:2:4 missing end tag `text`/,
  ],
  ['an end that nothing began', 'a\n</view>', /^error .*index\.wxml:2:1 invalid end tag/],
  ['a binding that does not end', '<view>{{ a </view>', /^error .*index\.wxml:1:7 missing expression end/],
  [
    'an import of nothing',
    '<view/>\n<import src="./none"/>',
    /^error .*index\.wxml:2:14 <import>: \.\/none is not there/,
  ],
  [
    'an include that leaves the folder',
    '<include src="../../../x"/>',
    /^error .*:1:15 <include>: \.\.\/\.\.\/\.\.\/x is not/,
  ],
  [
    'a wxs that is not there',
    '<wxs module="a" src="./none.wxs"/><text>{{ a.b() }}</text>',
    /^error .*:1:22 <wxs>: \.\/none\.wxs/,
  ],
  [
    'a syntax error in a wxs',
    '<view/>\n<wxs module="a">\nvar b = ;</wxs>',
    /^error .*:3:9 syntax error in WXS: Unexpected/,
  ],
  [
    'a wxs that requires nothing',
    '<wxs module="a">\nvar b = require(\'./c.wxs\')</wxs>',
    /^error .*:2:9 WXS module \.\/c\.wxs is not/,
  ],
  [
    'an unknown tag',
    '<view>\n  <vieww/>\n  <vieww/></view>',
    /^warning .*index\.wxml:2:3 <vieww> is no component/,
  ],
  ['a tag that is half written', '<view>a</view>\n<vie', /^error .*:2:1 incomplete tag/],
  ['a value that is half written', '<view>a</view>\n<text id="', /^error .*:2:1 incomplete tag/],
  [
    'a space that is none',
    '<view\n  a="\u3000"\u3000b="c">\u3000</view>',
    /^error .*:2:8 not a plain space: U\+3000/,
  ],
  [
    'a space that is none in what is broken',
    '<view\u00a0a="{{">',
    /^error .*:1:6 not a plain space: U\+00A0/,
  ],
  ['an import without a source', '<import/>', /^error .*:1:2 missing source path/],
]

for (const [what, wxml, expected] of BROKEN) {
  test(`${what} is told with file and line, in both languages, and the page is drawn as far as it goes`, async () => {
    const build = await compileWith({ [`${PAGE}.wxml`]: wxml })
    const { problems } = build.program
    assert.match(problems.map(told).join('\n'), new RegExp(expected.source, 'm'))
    assert.ok(problems.every(({ messageZh }) => /[一-鿿]/.test(messageZh)))
    assert.doesNotThrow(() => drawn(runTemplates(build), PAGE, {}))
  })
}

test('wide spaces in texts and values stay what they are', async () => {
  const files = { [`${PAGE}.wxml`]: '<text title="\u3000">\u3000{{ "\u3000" }}\u00a0</text>' }
  assert.equal(await draw(files), '\u3000\u3000\u00a0')
  assert.deepEqual(await toldOf(files), [])
})

test('includes in a circle are told and cut, so that drawing ends', async () => {
  const files = {
    [`${PAGE}.wxml`]: '<text>a</text>\n<include src="../../parts/b"/>',
    'parts/b.wxml': '<text>b</text>\n<include src="c"/>',
    'parts/c.wxml': '<text>c</text>\n<include src="b"/>',
  }
  assert.equal(await draw(files), 'abc'.replace('c', ''))
  const problems = await toldOf(files)
  assert.match(
    problems.join('\n'),
    /^error parts\/b\.wxml:2:1 <include>: parts\/c\.wxml includes this file again/m,
  )
})

test('a wxs that throws leaves the other templates alone, and is handed over with its path', async () => {
  const build = await compileWith({
    'lib/a.wxs': 'module.exports = nobody.knows',
    [`${PAGE}.wxml`]: '<wxs src="../../lib/a.wxs" module="a"/><text>{{ a.b }}still</text>',
  })
  const ran = runTemplates(build)
  assert.deepEqual(ran.failures.map(({ path }) => path).join(), 'lib/a')
  assert.equal(drawn(ran, PAGE, {}), 'still')
})

test('tags of usingComponents, of app.json, and generics are known; in a template that others import too', async () => {
  const component = (path: string) => ({
    [`${path}.js`]: 'Component({})',
    [`${path}.wxml`]: '',
    [`${path}.json`]: '{"component":true}',
  })
  const files = {
    ...component('parts/own/own'),
    ...component('parts/all/all'),
    'app.json': '{ "pages": ["pages/index/index"], "usingComponents": { "all": "/parts/all/all" } }',
    [`${PAGE}.json`]:
      '{ "usingComponents": { "own": "../../parts/own/own" }, "componentGenerics": { "any": true } }',
    [`${PAGE}.wxml`]: '<own/><all/><any/><import src="t"/>',
    'pages/index/t.wxml': '<template name="t"><own/><nobody/></template>',
  }
  assert.deepEqual(await toldOf(files), [
    "warning pages/index/t.wxml:1:26 <nobody> is no component of WeChat's and stands in no usingComponents",
  ])
})

test('no text whatever stops the compiler, and templates.js is a script that runs', async () => {
  const piece = fc.constantFrom(
    '<view',
    '</view>',
    '>',
    '/>',
    '"',
    "'",
    '{{',
    '}}',
    ' a=',
    '<wxs module="m">',
    '</wxs>',
    '<include src="t"/>',
    '<import src="t"/>',
    '\n',
    'a',
    '`',
    '\\',
    '${',
  )
  const text = fc.array(piece, { maxLength: 20 }).map((pieces) => pieces.join(''))
  const compiler = createCompiler()
  await fc.assert(
    fc.asyncProperty(text, text, async (wxml, other) => {
      const files = { ...ONE_PAGE, [`${PAGE}.wxml`]: wxml, 'pages/index/t.wxml': other, 'a.wxs': other }
      const build = await compiler.compile(folderWith(files), 1)
      new Script(build.templates)
      if (!build.program.problems.some(({ message }) => /gave up/.test(message))) return
      assert.fail('the compiler gave up')
    }),
    { numRuns: 400 },
  )
})
