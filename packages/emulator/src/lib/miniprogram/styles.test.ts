import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { compileWith, type Files, toldOf } from '../../test-support/mini-program.ts'

const PAGE = 'pages/index/index'
const HOLD = ':where([data-page="pages/index/index"])'

const flat = (css: string | undefined) => (css ?? '').replace(/\s+/g, ' ').trim()

/** The page's own sheet. */
async function page(wxss: string, files: Files = {}): Promise<string> {
  const { styles } = await compileWith({ ...files, [`${PAGE}.wxss`]: wxss })
  return flat(styles.get(PAGE))
}

/** The sheet of a component that the page uses. */
async function component(wxss: string, json: object = {}): Promise<string> {
  const { styles } = await compileWith(withPart(wxss, json))
  return flat(styles.get('parts/a_b/c'))
}

function withPart(wxss: string, json: object = {}): Files {
  return {
    [`${PAGE}.json`]: '{ "usingComponents": { "part": "/parts/a_b/c" } }',
    'parts/a_b/c.js': 'Component({})',
    'parts/a_b/c.wxml': '<view/>',
    'parts/a_b/c.json': JSON.stringify({ component: true, ...json }),
    'parts/a_b/c.wxss': wxss,
  }
}

const PAGE_CASES: [string, string, string][] = [
  ['classes are held to the page', '.a .b, .c{x:y}', `${HOLD} .a .b,${HOLD} .c{x:y}`],
  ['tags are elements wx-…', 'view>text.a::after{x:y}', `${HOLD} wx-view>wx-text.a::after{x:y}`],
  ['page is the root of the page', 'page{x:y}', `${HOLD}:not(wx-none){x:y}`],
  ['what is below page', 'page .a{x:y}', `${HOLD}:not(wx-none) .a{x:y}`],
  [':root too', ':root{--a:b}', `${HOLD}:not(wx-none){--a:b}`],
  [
    'ids may have the prefix of their owner',
    '#a{x:y}',
    `${HOLD} :where([id="a"],[id$="--a"]):not(#wx-none){x:y}`,
  ],
  ['everything', '*{x:y}', `${HOLD} *{x:y}`],
  ['in :not', 'view:not(.a, text){x:y}', `${HOLD} wx-view:not(.a, wx-text){x:y}`],
  ['counting is no tag', 'view:nth-child(2n+1){x:y}', `${HOLD} wx-view:nth-child(2n+1){x:y}`],
  ['rpx', '.a{width:750rpx;margin:-1.5rpx 0 .5rpx}', `${HOLD} .a{width:100vw;margin:-0.2vw 0 0.06667vw}`],
  ['rpx in calc', '.a{width:calc(100% - 75rpx)}', `${HOLD} .a{width:calc(100% - 10vw)}`],
  [
    'rpx in a name is none',
    '.a{background:url(https://a.b/1rpx.png)}',
    `${HOLD} .a{background:url(https://a.b/1rpx.png)}`,
  ],
  ['media stay', '@media (min-width:10px){.a{x:y}}', `@media (min-width:10px){${HOLD} .a{x:y}}`],
  [
    'dark mode is the phone’s',
    '@media (prefers-color-scheme: dark){.a{x:y}}',
    `:where([data-theme="dark"] [data-page="pages/index/index"]) .a{x:y}`,
  ],
  [
    'dark mode of the page itself',
    '@media (prefers-color-scheme:light){page{x:y}}',
    `:where([data-theme="light"]) ${HOLD}:not(wx-none){x:y}`,
  ],
  [
    'dark mode and more',
    '@media screen and (prefers-color-scheme: dark) and (min-width: 1px){.a{x:y}}',
    `@media (min-width: 1px){:where([data-theme="dark"] [data-page="pages/index/index"]) .a{x:y}}`,
  ],
  [
    'keyframes have the page’s name, in what uses them too',
    '@keyframes in{from{x:y}50%{x:z}} .a{animation:in 1s ease-in,out 2s}',
    `@keyframes pages-index-index--in{from{x:y}50%{x:z}} ${HOLD} .a{animation:pages-index-index--in 1s ease-in,out 2s}`,
  ],
]

for (const [what, wxss, css] of PAGE_CASES) {
  test(`a page’s style: ${what}`, async () => assert.equal(await page(wxss), css))
}

test('app.wxss is held to pages, whichever', async () => {
  const { styles } = await compileWith({ 'app.wxss': 'page{x:y}.a{x:y}@keyframes in{to{x:y}}' })
  assert.equal(
    styles.get('app'),
    ':where([data-page]):not(wx-none){x:y}:where([data-page]) .a{x:y}@keyframes in{to{x:y}}',
  )
})

const SCOPE = 'parts-a__b-c'
const PART_CASES: [string, string, string, object?][] = [
  ['class names have its prefix', '.a .b:hover{x:y}', `.${SCOPE}--a .${SCOPE}--b:hover{x:y}`],
  [
    'the host is the element itself',
    ':host{x:y}:host .a{x:y}',
    `[wx-host="${SCOPE}"]{x:y}[wx-host="${SCOPE}"] .${SCOPE}--a{x:y}`,
  ],
  [
    'class names in attributes',
    '[class^="i-"],.a[class*="i-"]{x:y}',
    `:where([data-page]) [class^="${SCOPE}--i-"],.${SCOPE}--a[class*="i-"]{x:y}`,
  ],
  ['apply-shared has a prefix too', '.a{x:y}', `.${SCOPE}--a{x:y}`, { styleIsolation: 'apply-shared' }],
  [
    'shared has none, and is held to the pages',
    '.a{x:y}',
    ':where([data-page]) .a{x:y}',
    { styleIsolation: 'shared' },
  ],
  [
    'keyframes have its name',
    '@keyframes b{to{x:y}}.a{animation-name:b}',
    `@keyframes parts-a_b-c--b{to{x:y}}.${SCOPE}--a{animation-name:parts-a_b-c--b}`,
  ],
]

for (const [what, wxss, css, json] of PART_CASES) {
  test(`a component’s style: ${what}`, async () => assert.equal(await component(wxss, json), css))
}

test('no two components have one prefix, and none needs an escape', async () => {
  const paths = ['a-b/c', 'a/b-c', 'a_b/c', 'a/b/c', 'a_/b/c', 'a.b/c', '组件/c', 'a__b/c', 'a_-b/c']
  const parts = paths.flatMap((path) => [
    [`${path}.js`, 'Component({})'],
    [`${path}.json`, '{"component":true}'],
    [`${path}.wxml`, ''],
  ])
  const using = Object.fromEntries(paths.map((path, index) => [`c${index}`, `/${path}`]))
  const json = { [`${PAGE}.json`]: JSON.stringify({ usingComponents: using }) }
  const { program } = await compileWith({ ...Object.fromEntries(parts), ...json })
  const scopes = paths.map((path) => program.components[path]?.styleScope ?? '')
  assert.equal(new Set(scopes).size, paths.length)
  for (const scope of scopes) assert.match(scope, /^[a-z_][\w-]*$/)
})

test('a shared component’s style is held to the pages that it comes up on, through others too', async () => {
  const json = (using: object) =>
    JSON.stringify({ component: true, styleIsolation: 'shared', usingComponents: using })
  const { styles } = await compileWith({
    'app.json': '{ "pages": ["pages/index/index", "pages/b/b"] }',
    [`${PAGE}.json`]: '{ "usingComponents": { "outer": "/outer" } }',
    ...{
      'pages/b/b.js': '',
      'pages/b/b.wxml': '',
      'outer.js': '',
      'outer.wxml': '',
      'inner.js': '',
      'inner.wxml': '',
    },
    'outer.json': json({ inner: 'inner', outer: './outer' }),
    'inner.json': json({}),
    'inner.wxss': '.a{x:y}',
  })
  assert.equal(styles.get('inner'), `${HOLD} .a{x:y}`)
})

test('options in the script make a component shared, as in .json', async () => {
  const styleOf = async (script: string) => {
    const { program } = await compileWith({ ...withPart(''), 'parts/a_b/c.js': script })
    return program.components['parts/a_b/c']?.styleIsolation
  }
  assert.equal(await styleOf("Component({ options: { styleIsolation: 'shared' } })"), 'shared')
  assert.equal(await styleOf('Component({ options: { styleIsolation: "apply-shared" } })'), 'apply-shared')
  assert.equal(await styleOf('Component({ options: { addGlobalClass: true } })'), 'apply-shared')
  assert.equal(await styleOf('Component({})'), 'isolated')
})

test('imports are put in place, with their own files made right', async () => {
  const files = {
    'lib/a.wxss': "@import './b.wxss';.a{background:url('./img/a b.png')}",
    'lib/b.wxss': '.b{x:y}',
    'lib/img/a b.png': '',
  }
  assert.equal(
    await page('@import "../../lib/a.wxss";@import url(/lib/b.wxss);.c{x:y}', files),
    `${HOLD} .b{x:y}${HOLD} .a{background:url('@files/lib/img/a%20b.png')}${HOLD} .b{x:y}${HOLD} .c{x:y}`,
  )
})

const BROKEN: [string, string, RegExp][] = [
  ['a brace that is missing', '.a{x:y}\n.b{', /^error pages\/index\/index\.wxss:2:1 WXSS: Unclosed block/],
  ['a declaration that is none', '.a{\n  color red;\n}', /^error .*wxss:2:3 WXSS: Unknown word/],
  ['a selector that is none', '.a{x:y}\n.b[{x:y}', /^error .*wxss:2:\d+ WXSS: /],
  ['a selector that ends too early', '\n.a:not({x:y}', /^error .*wxss:2:\d+ WXSS/],
  [
    'an import of nothing',
    '.a{x:y}\n@import "none.wxss";',
    /^error .*wxss:2:1 @import: none\.wxss is not there/,
  ],
  ['an import from the network', '@import url(https://a.b/c.css);', /^error .*wxss:1:1 @import https:/],
  [
    'an import of itself',
    '@import "./index.wxss";',
    /^error .*wxss:1:1 @import: \.\/index\.wxss imports this file again/,
  ],
  [
    'a picture that is not there',
    '.a{\n background: url(./a.png)}',
    /^warning .*wxss:2:2 url\(\.\/a\.png\) is not there/,
  ],
]

for (const [what, wxss, expected] of BROKEN) {
  test(`${what} is told with file and line`, async () => {
    const problems = await toldOf({ [`${PAGE}.wxss`]: wxss })
    assert.match(problems.join('\n'), expected)
    assert.equal(problems.length, 1)
  })
}

test('what is wrong in an imported file is told of that file', async () => {
  const files = {
    [`${PAGE}.wxss`]: '\n@import "b.wxss";',
    'pages/index/b.wxss': '.a{x:y}\n\n.b:not({x:y}.c{',
  }
  assert.match((await toldOf(files)).join('\n'), /^error pages\/index\/b\.wxss:3:/)
})

test('tags, ids and attributes in a component’s style are warned of, once', async () => {
  const problems = await toldOf(withPart('.a{x:y}\n.b view{x:y}\n#c{x:y}@keyframes d{to{x:y}}'))
  assert.deepEqual(problems, [
    "warning parts/a_b/c.wxss:2:1 `view`: a component's style should use class names only; tags, ids and attributes reach beyond it",
  ])
})

test('no text whatever stops the compiler', async () => {
  const piece = fc.constantFrom(
    '.a',
    '{',
    '}',
    ':',
    ';',
    'x',
    '(',
    ')',
    '"',
    '/*',
    '*/',
    '@media ',
    '@import "b.wxss"',
    '[',
    ']',
    ',',
    '#',
    '\\',
    'rpx',
    'url(',
    '&',
    '>',
    ':not(',
    '\n',
    '@keyframes ',
    '(prefers-color-scheme: dark)',
  )
  const text = fc.oneof(
    fc.string(),
    fc.array(piece, { maxLength: 20 }).map((pieces) => pieces.join('')),
  )
  await fc.assert(
    fc.asyncProperty(text, text, async (wxss, other) => {
      await compileWith({ ...withPart(wxss), [`${PAGE}.wxss`]: wxss, 'pages/index/b.wxss': other })
    }),
    { numRuns: 300 },
  )
})
