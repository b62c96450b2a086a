import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runInNewContext } from 'node:vm'
import { compileWith, toldOf } from '../../test-support/mini-program.ts'
import { SHADOWED } from './shadowed.ts'

type Factory = (
  this: unknown,
  require: (request: string) => unknown,
  module: { exports: unknown },
  exports: unknown,
) => void

/** Runs a served script as the phone does; answers what it exports. */
function run(
  served: string | undefined,
  require: (request: string) => unknown = () => ({}),
  globals: object = {},
): unknown {
  const made: Factory[] = []
  const __yaopai = { define: (_name: string, factory: Factory) => made.push(factory) }
  runInNewContext(served ?? '', { __yaopai, ...globals }, { filename: 'x.js' })
  const module = { exports: {} }
  made[0]?.call(module.exports, require, module, module.exports)
  return module.exports
}

async function served(file: string, text: string): Promise<string> {
  const { scripts } = await compileWith({ [file]: text })
  return scripts.get(file.replace(/\.ts$/, '.js')) ?? ''
}

test('CommonJS is served as it was written, from its first line on', async () => {
  const text = "const { a } = require('./a')\nmodule.exports = `a\n` + a\n"
  const code = await served('lib/x.js', text)
  assert.ok(code.includes(text))
  assert.match(code, /^__yaopai\.define\("lib\/x\.js",function\(require,module,exports,[^\n]*const \{ a \}/)
})

test('an error names the line that the developer wrote, in modules and TypeScript too', async () => {
  const lines: [string, string][] = [
    ['lib/x.js', 'const a = 1\n\nthrow new Error(a)'],
    ['lib/x.js', "import { b } from './b'\nexport const a = b\nthrow new Error('here')"],
    ['lib/x.ts', 'interface A {\n  b: string }\nthrow new Error("here" as string)'],
  ]
  for (const [file, text] of lines) {
    const code = await served(file, text)
    assert.throws(
      () => run(code),
      (error: Error) => /x\.[jt]s:3:/.test(error.stack ?? ''),
      text,
    )
  }
})

test('modules become CommonJS, with their names and defaults', async () => {
  const code = await served(
    'lib/x.js',
    "import one, { two as deux } from './b'\nexport default one\nexport { deux }\nexport * from './c'",
  )
  const exported = run(code, (request) =>
    request === './b' ? { __esModule: true, default: 1, two: 2 } : { three: 3 },
  )
  assert.deepEqual({ ...Object(exported) }, { default: 1, deux: 2, three: 3 })
})

test('syntax of today is left alone', async () => {
  const text =
    'class A { #b = 1; static { A.c ??= 2n } get b() { return this?.#b } }\nmodule.exports = new A().b'
  assert.ok((await served('lib/x.js', text)).includes(text))
  const types = await served(
    'lib/x.ts',
    'export const a: number | undefined = undefined\nexport const b = a ?? 1\n',
  )
  assert.match(types, /a \?\? 1/)
})

test('the words import and export in a comment or a string make no module', async () => {
  const text = "// import x from 'y'\nmodule.exports = `\nexport default 1\n`\n"
  assert.ok((await served('lib/x.js', text)).includes(text))
})

test('what only a browser has is not there, and a script may declare those names', async () => {
  const list = SHADOWED.map((name) => `typeof ${name}`).join(',')
  const globals = Object.fromEntries(SHADOWED.map((name) => [name, {}]))
  const types = run(await served('lib/x.js', `module.exports = [${list}]`), undefined, globals)
  assert.deepEqual(new Set(Object.values(Object(types))), new Set(['undefined']))
  const own = 'const window = 1, fetch = 2\nlet document = 3\nmodule.exports = window + fetch + document'
  assert.equal(run(await served('lib/y.js', own)), 6)
})

test('a script that no engine takes is told with file, line and column, and throws where it is required', async () => {
  const files = {
    'lib/x.js': 'const a = 1\nlet b = ;\n',
    'lib/y.ts': 'const a: = 1\n',
    'lib/z.js': 'export const a = (\n',
  }
  const problems = await toldOf(files)
  assert.match(problems[0] ?? '', /^error lib\/x\.js:2:9 syntax error: Unexpected token ';'/)
  assert.match(problems[1] ?? '', /^error lib\/y\.ts:1:\d+ syntax error: Unexpected token/)
  assert.match(problems[2] ?? '', /^error lib\/z\.js:[12]:\d+ syntax error: Unexpected/)
  assert.equal(problems.length, 3)
  const { scripts } = await compileWith(files)
  assert.throws(() => run(scripts.get('lib/x.js')), /lib\/x\.js:2:9: Unexpected token/)
  assert.throws(() => run(scripts.get('lib/y.js')), /lib\/y\.ts:1:/)
})
