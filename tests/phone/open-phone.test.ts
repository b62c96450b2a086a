import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import test, { after, describe } from 'node:test'
import { startEmulator } from '@yaopai/wechat-emulator'
import { openPhone } from '@yaopai/wechat-emulator/testing'
import { needs } from '../../tools/needs.ts'

const files: Readonly<Record<string, string>> = {
  'app.js': 'App({})',
  'app.json': '{"pages":["pages/index/index"],"window":{"navigationBarTitleText":"Tea"}}',
  'pages/index/index.wxml': `<view>{{said}}</view>
<input placeholder="Name" bindinput="name" />
<button bindtap="login">Log in</button>
<view wx:if="{{name}}">Hello, {{name}}</view>
<view wx:else>Nobody is here</view>`,
  'pages/index/index.js': `Page({
  data: { said: '', name: '' },
  onLoad() { this.setData({ said: 'you came ' + ((wx.getStorageSync('visits') || 0) + 1) + ' times' }); wx.setStorageSync('visits', (wx.getStorageSync('visits') || 0) + 1) },
  name(event) { this.setData({ name: event.detail.value }) },
  login() { wx.login({ success: ({ code }) => this.setData({ said: 'a code of ' + code.length }), fail: ({ errMsg }) => this.setData({ said: errMsg }) }) },
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

describe('a phone in one line', needs('chromium'), () => {
  const miniprogram = writeProgram()
  after(() => rmSync(miniprogram, { recursive: true, force: true }))

  test('[F83] runs a mini program for a test: see, type, tap, and a real wx.login', async () => {
    await using phone = await openPhone({ miniprogram })
    await phone.see('Nobody is here')
    await phone.type('Name', 'Ming')
    await phone.see('Hello, Ming')
    await phone.seeNot('Nobody is here')
    await phone.tap('Log in')
    await phone.see('a code of 32')
    assert.equal(await phone.route(), 'pages/index/index')
    assert.deepEqual(await phone.problems(), [])
  })

  test('[F83] keeps its Storage over a restart, and loses it with the phone', async () => {
    await using phone = await openPhone({ miniprogram })
    await phone.see('you came 1 times')
    await phone.restart()
    await phone.see('you came 2 times')
    await phone.restart({ wipe: true })
    await phone.see('you came 1 times')
  })

  test('[F83] plays the mishaps of a network, and says what it shows where a wish does not come true', async () => {
    await using phone = await openPhone({ miniprogram, timeoutSeconds: 1 })
    await phone.setOffline(true)
    await phone.tap('Log in')
    await phone.see(/login:fail/)
    await assert.rejects(phone.see('Fridays'), /waited in vain to see Fridays.*Nobody is here/)
    await assert.rejects(phone.tap('Fridays'), /could not tap Fridays.*Nobody is here/)
  })

  test('[F83] several phones share an emulator and a browser, each with a user and a Storage of its own', async () => {
    await using emulator = await startEmulator({ demo: true, miniprogram })
    await using alice = await openPhone({ emulator })
    await using bob = await openPhone({ emulator, user: 'bob' })
    await Promise.all([alice.see('you came 1 times'), bob.see('you came 1 times')])
    await alice.tap('Log in')
    await alice.see('a code of 32')
    assert.match(await bob.text(), /you came 1 times/)
    assert.equal(bob.emulator, emulator)
  })

  test('[F83] asks for a mini program where there is none', async () => {
    await assert.rejects(openPhone({}), /knows no mini program; give miniprogram/)
    await assert.rejects(
      openPhone({ miniprogram: join(miniprogram, 'nowhere') }),
      /there is no .*nowhere; give/,
    )
  })
})
