// What WeChat DevTools would say of the source before it runs, and that every word is there in both languages.
import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { YaopaiErrorCode } from '../../packages/miniprogram/src/types.ts'
import { type EndReason, ERROR_CODES, type ErrorCode } from '../../packages/server/src/lib/errors.ts'
import { EVENT_TYPES } from '../../packages/server/src/lib/events.ts'
import './testing/browser.ts'
import { asMembers, jsonOf, miniprogramRoot } from './testing/mini-program.ts'
import { compiler, hasOfficialCompiler } from './testing/simulator.ts'

const require = createRequire(import.meta.url)
const official = hasOfficialCompiler ? {} : { skip: 'WeChat’s compiler is a program for Linux on x86-64' }

const files = readdirSync(miniprogramRoot, { recursive: true, encoding: 'utf8' })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => !/(^|\/)(miniprogram_npm|node_modules)(\/|$)/.test(file))
const named = (suffix: string) => files.filter((file) => file.endsWith(suffix))
const textOf = (file: string) => readFileSync(join(miniprogramRoot, file), 'utf8')
const pages = listOf(jsonOf('app.json')['pages'])

test('WeChat’s own compiler takes every template', official, () => {
  const code = compiler.wxmlToJs(miniprogramRoot)
  assert.ok(named('.wxml').length > pages.length)
  for (const file of named('.wxml')) assert.ok(code.includes(`'${file}'`), file)
  withFile('a.wxml', '<view><text></view>', (folder) =>
    assert.throws(() => compiler.wxmlToJs(folder), /a\.wxml:1/),
  )
})

test(
  'WeChat’s own compiler takes every style sheet, and those of components hold classes alone',
  official,
  () => {
    const compile: (root: string, files: string[]) => unknown = require('miniprogram-compiler/src/wcsc.js')
    const sheets = named('.wxss')
    const compiled = asMembers(
      compile(
        miniprogramRoot,
        sheets.map((file) => file.replace(/\.wxss$/, '')),
      ),
    )
    for (const sheet of sheets) {
      assert.equal(typeof compiled[sheet], 'string', sheet)
      const complaint = /Some selectors are not allowed[^(]*\((?!app\.wxss)[^)]*\)/.exec(
        String(compiled[sheet]),
      )
      assert.equal(complaint, null)
    }
    withFile('a.wxss', '.a { color: red', (folder) => assert.ok(compile(folder, ['a']) instanceof Error))
  },
)

test('every page and component that is named is there, with all its files', () => {
  const used = [...pages, ...named('.json')].flatMap((file) => {
    const path = file.replace(/\.json$/, '')
    const components = existsSync(join(miniprogramRoot, `${path}.json`))
      ? jsonOf(`${path}.json`)['usingComponents']
      : {}
    return Object.values(asMembers(components)).map((at) => join(path, '..', String(at)))
  })
  assert.deepEqual([pages[0], pages.length, new Set(used).size], ['pages/index/index', 3, 1])
  for (const path of new Set([...pages, ...used])) {
    for (const kind of ['js', 'json', 'wxml', 'wxss'])
      assert.ok(existsSync(join(miniprogramRoot, `${path}.${kind}`)), path)
  }
})

test('the project points at the mini program, and the mini program at what is there', () => {
  const folder = join(miniprogramRoot, '..')
  const project = asMembers(JSON.parse(readFileSync(join(folder, 'project.config.json'), 'utf8')))
  assert.equal(join(folder, String(project['miniprogramRoot']), '.'), join(miniprogramRoot, '.'))
  const { themeLocation, sitemapLocation } = jsonOf('app.json')
  const themes = asMembers(jsonOf(String(themeLocation)))
  const wanted = [...textOf('app.json').matchAll(/"@(\w+)"/g)].map(([, name]) => name).sort()
  for (const theme of ['light', 'dark']) {
    assert.deepEqual(Object.keys(asMembers(themes[theme])).sort(), [...new Set(wanted)])
  }
  assert.ok(Array.isArray(jsonOf(String(sitemapLocation))['rules']))
  const sdk = JSON.parse(readFileSync(join(folder, '../../packages/miniprogram/package.json'), 'utf8'))
  assert.deepEqual(jsonOf('package.json')['dependencies'], { [sdk.name]: sdk.version })
})

test('no template calls what its page has not', () => {
  for (const file of named('.wxml')) {
    const script = textOf(file.replace('.wxml', '.js'))
    const handlers = [...textOf(file).matchAll(/\bbind\w+="(\w+)"/g)].map(([, name]) => String(name))
    assert.ok(handlers.length > 0, file)
    for (const name of handlers)
      assert.match(script, new RegExp(`^ +(async )?${name}\\(`, 'm'), `${file}: ${name}`)
  }
})

const words = asMembers(asMembers(require(join(miniprogramRoot, 'lib/i18n.js')))['WORDS'])
const languages = { zh: flat(words['zh']), en: flat(words['en']) }

test('both languages have every word, with the same places to fill', () => {
  const keys = Object.keys(languages.zh)
  assert.deepEqual(Object.keys(languages.en), keys)
  const places = (text: string) => (text.match(/\{\w+\}/g) ?? []).sort()
  for (const key of keys) {
    const [zh = '', en = ''] = [languages.zh[key], languages.en[key]]
    assert.ok(zh.trim() && en.trim(), key)
    assert.deepEqual(places(zh), places(en), key)
  }
})

test('there is a word for every code, every event and every reason', () => {
  const own: Record<Exclude<YaopaiErrorCode, ErrorCode>, true> = {
    network: true,
    timeout: true,
    aborted: true,
    interrupted: true,
    bad_response: true,
    login_unavailable: true,
    phone_refused: true,
    invalid_option: true,
  }
  const reasons: Record<EndReason, true> = {
    replaced: true,
    logged_out: true,
    revoked_by_user: true,
    revoked_by_admin: true,
    reuse_detected: true,
    user_deleted: true,
  }
  const wanted = {
    codes: { ...ERROR_CODES, ...own, unknown: true },
    reasons,
    events: asKeys([...EVENT_TYPES, 'other']),
  }
  for (const [table, keys] of Object.entries(wanted)) {
    assert.deepEqual(
      Object.keys(asMembers(asMembers(words['zh'])[table])).sort(),
      Object.keys(keys).sort(),
      table,
    )
  }
})

test('every word that is asked for is there, and no word is there for nothing', () => {
  const source = [...named('.wxml'), ...named('.js').filter((file) => !file.startsWith('lib/words/'))]
    .map(textOf)
    .join()
  const asked = [...source.matchAll(/\bwords\.(\w+)\.(\w+)/g)].map(([, table, name]) => `${table}.${name}`)
  assert.ok(asked.length > 40)
  for (const key of asked.filter((name) => name !== 'teas.length')) assert.ok(key in languages.zh, key)
  const shown = Object.keys(languages.zh).filter((key) =>
    /^(index|logs|devices|toast|failure|dialog)\./.test(key),
  )
  const unused = shown.filter((key) => !new RegExp(`\\b${key.split('.')[1]}\\b`).test(source))
  assert.deepEqual(unused, [])
})

test('no word of either language stands in a template', () => {
  for (const file of named('.wxml')) {
    const text = textOf(file)
      .replace(/\{\{.*?\}\}/gs, '')
      .replace(/<[^>]*>/gs, '')
    // The two seals are pictures that happen to be characters.
    assert.match(text.replace(/[记机]/g, ''), /^[\s?×·]*$/, file)
  }
})

function withFile(name: string, text: string, look: (folder: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), 'yaopai-shape-'))
  try {
    writeFileSync(join(folder, name), text)
    look(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function flat(value: unknown, path = ''): Record<string, string> {
  if (typeof value !== 'object' || value === null) return { [path]: String(value) }
  const inner = Object.entries(value).map(([key, one]) => flat(one, path === '' ? key : `${path}.${key}`))
  return Object.assign({}, ...inner)
}

function asKeys(names: readonly string[]): Record<string, true> {
  return Object.fromEntries(names.map((name) => [name, true]))
}

function listOf(value: unknown): string[] {
  assert.ok(Array.isArray(value))
  return value.map(String)
}
