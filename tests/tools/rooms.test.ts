import assert from 'node:assert/strict'
import test, { describe } from 'node:test'
import { checkRooms, printable } from '../../tools/rooms/check.ts'
import { withTree } from './temp-tree.ts'

const lib = 'packages/server/src/lib'
const manifests = {
  'package.json': JSON.stringify({
    name: 'root',
    workspaces: ['packages/server', 'packages/emulator'],
    devDependencies: { 'fast-check': '1.0.0' },
  }),
  'packages/server/package.json': JSON.stringify({ name: 'yaopai', dependencies: { hono: '1.0.0' } }),
  'packages/emulator/package.json': JSON.stringify({ name: '@yaopai/wechat-emulator', dependencies: {} }),
}

function findings(files: Record<string, string>): Promise<string[]> {
  return withTree({ ...manifests, ...files }, (folder) => checkRooms(folder).map(printable))
}

const lines = (count: number, text = '  step()') => Array.from({ length: count }, () => text).join('\n')
const functionOf = (count: number) => `export function walk() {\n${lines(count - 2)}\n}\n`

/** A planted violation, and what the checker must say of it. */
const planted: [title: string, file: string, text: string, said: RegExp][] = [
  [
    'a function of 41 lines',
    `${lib}/login.ts`,
    functionOf(41),
    /login\.ts:1 {2}function length: walk has 41 lines/,
  ],
  [
    'a method of 41 lines',
    `${lib}/login.ts`,
    `export class A {\n  walk() {\n${lines(39)}\n  }\n}\n`,
    /login\.ts:2 {2}function length: walk has 41/,
  ],
  [
    'an arrow function of 41 lines',
    `${lib}/login.ts`,
    `export const walk = () => {\n${lines(39)}\n}\n`,
    /function length: walk has 41/,
  ],
  [
    'a long list with a reason beyond 80 lines',
    `${lib}/login.ts`,
    `// long: a list of checks\n${functionOf(81)}`,
    /81 lines, at most 80/,
  ],
  [
    'a long function with an empty reason',
    `${lib}/login.ts`,
    `// long:\n${functionOf(41)}`,
    /41 lines, at most 40/,
  ],
  [
    'nesting of four',
    `${lib}/login.ts`,
    'export function walk() {\n  if (a) {\n    for (;;) {\n      while (b) {\n        try { c() } finally {}\n      }\n    }\n  }\n}\n',
    /login\.ts:5 {2}nesting: walk nests 4 deep/,
  ],
  ['a file of 301 lines', `${lib}/login.ts`, `${lines(301, 'a()')}\n`, /file length: 301 lines, at most 300/],
  ['export default', `${lib}/login.ts`, 'export default 1\n', /login\.ts:1 {2}default export/],
  [
    'a default export by renaming',
    `${lib}/login.ts`,
    'const a = 1\nexport { a as default }\n',
    /:2 {2}default export/,
  ],
  ['a default function', `${lib}/login.test.ts`, 'export default function a() {}\n', /default export/],
  ['any', `${lib}/login.ts`, 'export const a = (b: any) => b\n', /login\.ts:1 {2}any/],
  ['as any in a test', `${lib}/login.test.ts`, 'export const a = 1 as any\n', /login\.test\.ts:1 {2}any/],
  [
    'a verb that looks up',
    `${lib}/login.ts`,
    "import { a } from './http/public.ts'\n",
    /verbs may not import http/,
  ],
  [
    'a verb that knows a store',
    `${lib}/login.ts`,
    "import { a } from './store/sqlite/open.ts'\n",
    /verbs may not import stores/,
  ],
  [
    'a verb that loads a store late',
    `${lib}/login.ts`,
    "await import('./store/sqlite/open.ts')\n",
    /verbs may not import stores/,
  ],
  [
    'a re-export upwards',
    `${lib}/clock.ts`,
    "export { a } from './login.ts'\n",
    /leaves may not import verbs/,
  ],
  [
    'sideways: wechat to session',
    `${lib}/wechat/x.ts`,
    "import type { A } from '../session/token.ts'\n",
    /wechat may not import session/,
  ],
  [
    'sideways: http to middleware',
    `${lib}/http/x.ts`,
    "import { a } from '../middleware/express.ts'\n",
    /http may not import middleware/,
  ],
  [
    'identity with a store',
    `${lib}/identity/x.ts`,
    "import type { A } from '../store/store.ts'\n",
    /identity may not import port/,
  ],
  [
    'session with a file system',
    `${lib}/session/x.ts`,
    "import fs from 'node:fs'\n",
    /session is pure and may not import node:fs/,
  ],
  ['identity with http', `${lib}/identity/x.ts`, "import http from 'node:http'\n", /identity is pure/],
  ['session with a package', `${lib}/session/x.ts`, "import { Hono } from 'hono'\n", /session is pure/],
  [
    'the port with session code',
    `${lib}/store/store.ts`,
    "import { a } from '../session/token.ts'\n",
    /port may take types alone of session/,
  ],
  [
    'the port that knows a store',
    `${lib}/store/store.ts`,
    "import { a } from './sqlite/open.ts'\n",
    /port may not import stores/,
  ],
  [
    'a store that sees another',
    `${lib}/store/sqlite/x.ts`,
    "import { a } from '../memory/x.ts'\n",
    /sqlite and memory .* do not see each other/,
  ],
  [
    'a store that knows a verb',
    `${lib}/store/sqlite/x.ts`,
    "import { a } from '../../login.ts'\n",
    /stores may not import verbs/,
  ],
  ['code that imports test code', `${lib}/login.ts`, "import { a } from './login.test.ts'\n", /is test code/],
  [
    'an emulator that leaves its package',
    'packages/emulator/src/x.ts',
    "import { a } from '../../server/src/index.ts'\n",
    /imports nothing of ours/,
  ],
  [
    'an emulator test that imports the server',
    'packages/emulator/src/x.test.ts',
    "import { a } from 'yaopai'\n",
    /imports nothing of ours/,
  ],
  [
    'a package that is not declared',
    `${lib}/login.ts`,
    "import { a } from 'left-pad/x'\n",
    /left-pad is not among the dependencies/,
  ],
  [
    "a root's tool in shipped code",
    `${lib}/login.ts`,
    "import fc from 'fast-check'\n",
    /fast-check is not among the dependencies/,
  ],
  ['a builtin without node:', `${lib}/login.ts`, "import fs from 'fs'\n", /write node:fs/],
  [
    'an example that reaches into a package',
    'examples/express/a.ts',
    "import '../../packages/server/src/lib/login.ts'\n",
    /examples may not import verbs/,
  ],
  [
    'code in a public file',
    'packages/server/src/index.ts',
    'export const a = 1\n',
    /index\.ts:1 {2}thin public file/,
  ],
]

describe('the room checker finds', () => {
  for (const [title, file, text, said] of planted) {
    test(title, async () => {
      const found = await findings({ [file]: text })
      assert.equal(found.length, 1, found.join('\n'))
      assert.match(found[0] ?? '', said)
    })
  }
})

/** What looks near to a violation and is none. */
const allowed: [title: string, file: string, text: string][] = [
  ['a function of 40 lines', `${lib}/login.ts`, functionOf(40)],
  [
    'a list of checks with its reason',
    `${lib}/login.ts`,
    `// long: one check after the other\n${functionOf(80)}`,
  ],
  ['a long test', `${lib}/login.test.ts`, functionOf(400)],
  [
    'nesting of three, and else-if beside it',
    `${lib}/login.ts`,
    'export function walk() {\n  if (a) {\n  } else if (b) {\n    for (;;) {\n      if (c) {\n      } else if (d) e()\n    }\n  }\n}\n',
  ],
  [
    'the port with a type of session',
    `${lib}/store/store.ts`,
    "import type { A } from '../session/token.ts'\n",
  ],
  [
    'a store with its own files and the port',
    `${lib}/store/sqlite/x.ts`,
    "import './y.ts'\nimport '../store.ts'\n",
  ],
  [
    'a test that imports a store',
    `${lib}/login.test.ts`,
    "import './store/memory/x.ts'\nimport 'fast-check'\n",
  ],
  ['main with everything', 'packages/server/src/cli.ts', "import './lib/store/sqlite/x.ts'\nimport 'hono'\n"],
  [
    'the public contract suite',
    'packages/server/src/store-contract.ts',
    "export { a } from './lib/store/contract.ts'\n",
  ],
  ['session with crypto', `${lib}/session/x.ts`, "import 'node:crypto'\n"],
]

describe('the room checker allows', () => {
  for (const [title, file, text] of allowed) {
    test(title, async () => assert.deepEqual(await findings({ [file]: text }), []))
  }
})
