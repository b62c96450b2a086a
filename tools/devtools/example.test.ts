import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import test, { after, before, describe } from 'node:test'
import { bundleForWeChat } from '../package/build-miniprogram.ts'
import { miniprogramPackage } from '../package/build-package.ts'
import { root } from '../setup.mjs'

describe("the example mini program, compiled by WeChat's own compiler", () => {
  const folder = mkdtempSync(join(tmpdir(), 'yaopai-example-'))
  const zip = join(folder, 'out.zip')
  const compile = () => {
    const args = [join(import.meta.dirname, 'compile-project.cjs'), folder, zip]
    return spawnSync(process.execPath, args, { encoding: 'utf8' })
  }

  before(() => {
    cpSync(join(root, 'examples', 'miniprogram'), folder, { recursive: true })
    const client = join('miniprogram', 'miniprogram_npm', '@yaopai', 'miniprogram', 'index.js')
    bundleForWeChat(miniprogramPackage, join(folder, client))
  })
  after(() => rmSync(folder, { recursive: true, force: true }))

  test('is taken whole: its settings, its pages, its component and the client', () => {
    const { status, stdout, stderr } = compile()
    assert.equal(status, 0, stdout + stderr)
    const names = readFileSync(zip, 'latin1')
    const pages = ['index', 'logs', 'devices'].flatMap((page) =>
      ['js', 'json', 'wxml', 'wxss'].map((kind) => `pages/${page}/${page}.${kind}`),
    )
    const others = ['app.json', 'theme.json', 'sitemap.json', 'components/notice/notice.wxml']
    for (const name of [...pages, ...others, 'miniprogram_npm/@yaopai/miniprogram/index.js']) {
      assert.ok(names.includes(name), name)
    }
    assert.ok(!names.includes('.test.ts') && !names.includes('README'), 'nothing of the workshop is uploaded')
  })

  test('and is refused where its settings name a page that is not there', () => {
    const settings = join(folder, 'miniprogram', 'app.json')
    writeFileSync(settings, readFileSync(settings, 'utf8').replace('pages/logs/logs', 'pages/none/none'))
    const { status, stdout, stderr } = compile()
    assert.notEqual(status, 0)
    assert.match(stdout + stderr, /pages\/none\/none/)
  })
})
