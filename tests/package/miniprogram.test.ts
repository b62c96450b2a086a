import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { after, before, describe } from 'node:test'
import { gzipSync } from 'node:zlib'
import { buildSync } from 'esbuild'
import { getBrowsersList } from 'miniprogram-compat'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { inside } from '../../tools/package/build-miniprogram.ts'
import { buildPackage, miniprogramPackage } from '../../tools/package/build-package.ts'
import { packPackage } from '../../tools/package/stage-package.ts'
import { root } from '../../tools/setup.mjs'
import { freeNames } from './free-names.ts'
import { lateMethods, lateStatics, OLDEST_BASE_LIBRARY } from './language.ts'
import { memberNames } from './member-names.ts'
import { loadUntouched } from './mini-realm.ts'
import { filesIn } from './tarball.ts'
import { makeUserFolder, type UserFolder } from './user-folder.ts'

const minifiedAtMostBytes = 8192
const gzippedAtMostBytes = 3072

// What a mini program's module may reach for: the language, timers, WeChat.
const mayUse = new Set([
  ...['Array', 'ArrayBuffer', 'Boolean', 'Date', 'Error', 'Infinity', 'JSON', 'Map', 'Math', 'NaN', 'Number'],
  ...[
    'Object',
    'Promise',
    'RegExp',
    'Set',
    'String',
    'Symbol',
    'TypeError',
    'Uint8Array',
    'WeakMap',
    'undefined',
  ],
  ...['decodeURIComponent', 'encodeURIComponent', 'isFinite', 'isNaN', 'parseFloat', 'parseInt'],
  ...['clearTimeout', 'console', 'module', 'setTimeout', 'wx'],
])

describe('the client as mini programs get it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'yaopai-pack-'))
  let tarball: string
  let user: UserFolder
  const installed = (...path: string[]) => join(user.path, 'node_modules', '@yaopai', 'miniprogram', ...path)
  const forDevTools = () => readFileSync(installed('miniprogram_dist', 'index.js'), 'utf8')

  before(() => {
    buildPackage(miniprogramPackage)
    tarball = packPackage(miniprogramPackage, folder)
    user = makeUserFolder()
    user.install(tarball)
  })

  after(async () => {
    await user.remove()
    rmSync(folder, { recursive: true, force: true })
  })

  test('[F57] carries what its users need, and nothing else', () => {
    assert.deepEqual(filesIn(tarball), [
      'LICENSE',
      'README.md',
      'dist/index.d.ts',
      'dist/index.js',
      'dist/index.mjs',
      'miniprogram_dist/index.js',
      'package.json',
    ])
  })

  test('[F57] has the shape that WeChat DevTools builds from', () => {
    const manifest = JSON.parse(readFileSync(installed('package.json'), 'utf8'))
    const { main, module, types, miniprogram, exports, type, dependencies, peerDependencies } = manifest
    assert.deepEqual([exports, dependencies, peerDependencies], [undefined, undefined, undefined])
    assert.equal(type, 'commonjs')
    // The builder makes nothing at all, and says nothing, of a main that is .mjs or .cjs.
    assert.match(main, /\.js$/)
    for (const path of [main, module, types]) assert.ok(existsSync(installed(path)), path)
    assert.deepEqual(readdirSync(installed(miniprogram)), ['index.js'])
    assert.deepEqual(readdirSync(join(user.path, 'node_modules')).sort(), ['.package-lock.json', '@yaopai'])
  })

  test('has a manifest in which publint finds but what mini programs ask for', async () => {
    const bytes = readFileSync(tarball)
    const data = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength)
    const { messages, pkg } = await publint({ pack: { tarball: data } })
    // Node takes main where there are no exports, and that is the same code.
    const others = messages.filter(({ code }) => code !== 'HAS_MODULE_BUT_NO_EXPORTS')
    assert.deepEqual(
      others.map((message) => formatMessage(message, pkg)),
      [],
    )
  })

  test('[F65] has types that stand alone, in ES2015 and without any other typings', () => {
    const text = readFileSync(installed('dist', 'index.d.ts'), 'utf8')
    assert.doesNotMatch(text, /^\s*import\b|\bimport\(|\brequire\(|<reference|\bfrom ['"]|WechatMiniprogram/m)
    writeFileSync(join(user.path, 'use.ts'), program)
    const compilerOptions = { strict: true, noEmit: true, target: 'es2015', lib: ['es2015'], types: [] }
    for (const modules of [{ module: 'nodenext' }, { module: 'esnext', moduleResolution: 'bundler' }]) {
      const tsconfig = { compilerOptions: { ...compilerOptions, ...modules }, files: ['use.ts'] }
      writeFileSync(join(user.path, 'tsconfig.json'), JSON.stringify(tsconfig))
      const { stdout } = user.run([join(root, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.json'])
      assert.equal(stdout, '')
    }
  })

  test('[F65] has no member shortened that the types name', () => {
    const names = memberNames(readFileSync(installed('dist', 'index.d.ts'), 'utf8'))
    assert.ok(names.includes('handle401') && names.includes('getStorageSync'), `found only ${names}`)
    assert.deepEqual(
      names.filter((name) => inside.test(name)),
      [],
    )
  })

  test('[F57] is there for require, for import and for bundlers', () => {
    const names = 'console.log(typeof createYaopai, typeof YaopaiError)'
    const required = `const { createYaopai, YaopaiError } = require('@yaopai/miniprogram'); ${names}`
    const imported = `import { createYaopai, YaopaiError } from '@yaopai/miniprogram'; ${names}`
    for (const [type, code] of [
      ['commonjs', required],
      ['module', imported],
    ] as const) {
      const { stdout, stderr } = user.run([`--input-type=${type}`, '-e', code])
      assert.equal(stdout.trim(), 'function function', stderr)
    }
  })

  test('[F57] touches no global when it is imported, in each of its forms', () => {
    const forms = { require: bundled('main'), import: bundled('module'), devtools: forDevTools() }
    for (const [form, script] of Object.entries(forms)) {
      const { createYaopai, YaopaiError } = loadUntouched(script)
      assert.deepEqual([form, typeof createYaopai, typeof YaopaiError], [form, 'function', 'function'])
    }
  })

  test(`[P16] is at most ${minifiedAtMostBytes} bytes in a mini program`, (t) => {
    const { size } = statSync(installed('miniprogram_dist', 'index.js'))
    const gzipped = gzipSync(forDevTools(), { level: 9 }).length
    const verdict = gzipped <= gzippedAtMostBytes ? 'within' : 'OVER'
    t.diagnostic(`${size} bytes, gzipped ${gzipped}: ${verdict} the ${gzippedAtMostBytes} that are wanted`)
    assert.ok(size <= minifiedAtMostBytes, `${size} bytes`)
  })

  test('[F57] speaks the language of the oldest base library', () => {
    assert.deepEqual(getBrowsersList(OLDEST_BASE_LIBRARY), ['ios 9', 'chrome 53'])
    for (const script of [forDevTools(), readFileSync(installed('dist', 'index.js'), 'utf8')]) {
      assert.deepEqual([...lateStatics(script), ...lateMethods(script)], [])
    }
  })

  test('[F57] takes nothing from browsers, nothing from Node, and makes no code at run time', () => {
    const names = freeNames(installed('miniprogram_dist', 'index.js'))
    assert.ok(names.includes('Promise'), `found only ${names}`)
    assert.deepEqual(
      names.filter((name) => !mayUse.has(name)),
      [],
    )
  })

  test('[T02] holds nothing that looks like an AppSecret', () => {
    for (const file of ['dist/index.js', 'dist/index.mjs', 'dist/index.d.ts', 'miniprogram_dist/index.js']) {
      assert.doesNotMatch(readFileSync(installed(file), 'utf8'), /\b[0-9a-f]{32}\b/i)
    }
  })

  function bundled(field: 'main' | 'module'): string {
    const contents = `import { createYaopai, YaopaiError } from '@yaopai/miniprogram'
      module.exports = { createYaopai, YaopaiError }`
    const { outputFiles } = buildSync({
      stdin: { contents, resolveDir: user.path },
      bundle: true,
      write: false,
      format: 'cjs',
      platform: 'neutral',
      mainFields: [field],
    })
    return outputFiles[0]?.text ?? ''
  }
})

const program = `
import { createYaopai, YaopaiError, type SessionView, type UserView, type WxLike } from '@yaopai/miniprogram'

declare const platform: WxLike
const yaopai = createYaopai({ baseUrl: 'https://api.example.com', platform })

export async function run(): Promise<string> {
  await yaopai.ready()
  const user: UserView | null = yaopai.user
  const { data } = await yaopai.request<{ id: string }>({ url: '/orders', method: 'POST', data: {} })
  const again: boolean = await yaopai.handle401({ statusCode: 401 }, yaopai.token())
  return [user && user.phone, data.id, again].join()
}

export function isOut(error: unknown): boolean {
  if (!(error instanceof YaopaiError)) return false
  // @ts-expect-error no such code: the union is no plain string
  if (error.code === 'no_such_code') return false
  return error.code === 'logged_out' || error.class === 'signed_out'
}

// @ts-expect-error a misspelt option
createYaopai({ baseUrl: 'https://api.example.com', platfrom: platform })
export type Session = SessionView
`
