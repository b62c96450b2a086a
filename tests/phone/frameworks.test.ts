import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import test, { after, describe } from 'node:test'
import { openPhone } from '@yaopai/wechat-emulator/testing'
import { needs } from '../../tools/needs.ts'

/** What the builds of Taro and uni-app do, in small; npm run test:frameworks has the large. */
const files: Readonly<Record<string, string>> = {
  'app.json': '{"pages":["pages/index/index"]}',
  'app.js': "require('./vendor'); App({})",
  'vendor.js': `"use strict"
global.createPage = (options) => Component(options)
wx.chunks = (wx.chunks || []).concat('vendor')
const root = typeof globalThis === 'object' ? globalThis : this || new Function('return this')()
module.exports = { root }
const define = Component
Component = (options) => define({ ...options, data: { ...options.data, wrapped: 'wrapped' } })`,
  'pages/index/index.json': '{"usingComponents":{"child":"../../child"}}',
  'pages/index/index.wxml': `<view>{{said}}, {{wrapped}}</view>
<view>{{child}}</view>
<button type="{{nothing}}" bindtap="{{handler}}">Tap</button>
<text>{{tapped}}</text>
<child bind:__l="__l" />`,
  'pages/index/index.js': `const { root } = require('../../vendor')
global.createPage({
  data: { said: '', handler: '', tapped: '', child: '' },
  lifetimes: {
    attached() {
      this.isPage = this.route === 'pages/index/index'
      this.e0 = (event) => this.setData({ tapped: Object.hasOwn(event, 'detail') ? 'own detail' : 'no detail' })
    },
  },
  methods: {
    onLoad() {
      const isBrowser = ['document', 'window', 'fetch'].some((name) => name in root)
      const said = [this.isPage, root === global, root.Math === Math, isBrowser, wx.chunks.join()].join(' ')
      this.setData({ said, handler: 'e0' })
      wx.preloadAssets({ data: [] })
    },
    __l({ detail }) { detail.parent = 'parent' },
  },
})`,
  'child.json': '{"component":true}',
  'child.wxml': '<view>child of {{parent}}</view>',
  'child.js': `Component({
  data: { parent: '' },
  created() { const own = this.triggerEvent; this.triggerEvent = (...args) => own.apply(this, args) },
  lifetimes: { attached() { const link = {}; this.triggerEvent('__l', link); this.setData({ parent: link.parent }) } },
})`,
}

function writeProgram(): string {
  const folder = mkdtempSync(join(tmpdir(), 'yaopai-phone-'))
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  return folder
}

describe('what frameworks build on', needs('chromium'), () => {
  const miniprogram = writeProgram()
  after(() => rmSync(miniprogram, { recursive: true, force: true }))

  test('[F81] globals of their own, pages made by Component(), handlers made at run time, details by reference', async () => {
    await using phone = await openPhone({ miniprogram })
    await phone.see('true true true false vendor, wrapped')
    await phone.see('child of parent')
    assert.equal(await phone.page.locator('wx-button').getAttribute('type'), 'default')
    await phone.tap('Tap')
    await phone.see('own detail')
    assert.deepEqual(await phone.problems(), [])
    assert.doesNotMatch(await phone.text(), /not in this phone/)
  })
})
