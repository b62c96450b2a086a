// All of it for real: the pages, the client as DevTools gets it, the emulator's phone, Yaopai in a process of its own,
// the demo back end.
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { createWx, DEMO_APP } from '@yaopai/wechat-emulator'
import { bundleForWeChat } from '../../tools/package/build-miniprogram.ts'
import { miniprogramPackage } from '../../tools/package/build-package.ts'
import { type RunningDemo, start } from '../express/start.ts'
import { type RealYaopai, startRealYaopai } from '../testing/real-yaopai.ts'
import './testing/browser.ts'
import { launch, type ShownPage } from './testing/mini-program.ts'
import { standInDialogs } from './testing/stand-ins.ts'

const PNG = Buffer.from('89504e470d0a1a0a0000', 'hex')
const PATIENCE_MS = 20_000

describe('the example mini program', () => {
  let folder: string
  let yaopai: RealYaopai
  let demo: RunningDemo

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'yaopai-miniprogram-'))
    bundleForWeChat(miniprogramPackage, join(folder, 'index.js'))
    yaopai = await startRealYaopai()
    const { internalUrl, apiKey } = yaopai
    demo = await start({ port: 0, internalUrl, apiKey })
  })
  after(async () => {
    await demo?.stop()
    await yaopai?.stop()
    await rm(folder, { recursive: true, force: true })
  })

  /** A phone with the mini program on it, which can be closed and opened again. */
  function phoneOf(user: string, device: string, appid: string = DEMO_APP.appid, devtools = false) {
    const dialogs = standInDialogs()
    const [storage, files] = [new Map(), new Map<string, Uint8Array>()]
    const boot = () => {
      const wx = createWx({ emulator: yaopai.emulator, appid, user, device, devtools, storage, files })
      const program = launch({
        wx: { ...dialogs.wx, ...wx },
        packages: { '@yaopai/miniprogram': join(folder, 'index.js') },
        replaced: { 'config.js': { baseUrl: demo.url, authUrl: yaopai.publicUrl } },
      })
      return { wx, open: program.open }
    }
    return { dialogs, files, boot }
  }

  test('[F57][F64] app and page wait for one silent login, and the back end knows who calls', async () => {
    const { wx, open } = phoneOf('alice', 'phone').boot()
    const index = await open('pages/index/index')
    await shows(index, /微信用户.*1来访次数.*茶席还空着/)
    assert.equal(wx.phone.counts().login, 1)
    await index.tap('.shop-add')
    await shows(index, /1杯中茶 龙井/)
  })

  test('nickname and picture reach Yaopai, and are there on the next phone', async () => {
    const { files, boot } = phoneOf('bob', 'phone')
    const index = await boot().open('pages/index/index')
    await shows(index, /来访次数/)
    await index.fire('.nickname', 'submit', { value: { nickname: '大明' } })
    await shows(index, /大明初次到访/)
    files.set('wxfile://tmp_me.png', PNG)
    await index.fire('.portrait', 'chooseavatar', { avatarUrl: 'wxfile://tmp_me.png' })
    await until(
      () => index.count('.avatar-image') === 1,
      () => index.text(),
    )
    const other = await phoneOf('bob', 'tablet').boot().open('pages/index/index')
    await shows(other, /大明.*你好，大明/)
    const src = /src="([^"]+)"/.exec(other.html())?.[1] ?? ''
    assert.ok(src.startsWith(`${demo.url}/avatars/`))
    assert.deepEqual(Buffer.from(await (await fetch(src)).arrayBuffer()), PNG)
  })

  test('a picture that is none is refused in words, and one that was deleted from the phone too', async () => {
    const { dialogs, files, boot } = phoneOf('carol', 'phone')
    const index = await boot().open('pages/index/index')
    await shows(index, /来访次数/)
    files.set('wxfile://tmp_x.png', Buffer.from('<svg/>'))
    await index.fire('.portrait', 'chooseavatar', { avatarUrl: 'wxfile://tmp_x.png' })
    await until(
      () => dialogs.told.length === 1,
      () => dialogs.told.join(),
    )
    await index.fire('.portrait', 'chooseavatar', { avatarUrl: 'wxfile://tmp_gone.png' })
    await until(
      () => dialogs.told.length === 2,
      () => dialogs.told.join(),
    )
    assert.match(dialogs.told[0] ?? '', /头像没有换成: 不支持这种文件/)
    assert.match(dialogs.told[1] ?? '', /头像没有换成/)
  })

  test('[F24] one device ends the other, which says why and stays out until a tap', async () => {
    const [phone, tablet] = [phoneOf('dave', 'phone'), phoneOf('dave', 'tablet')]
    const first = phone.boot()
    const second = await tablet.boot().open('pages/index/index')
    await shows(second, /来访次数/)
    const devices = await first.open('pages/devices/devices')
    await until(
      () => devices.count('.device') === 2,
      () => devices.text(),
    )
    await devices.tap('.device-end')
    await shows(devices, /只有这台设备登录着/)
    await second.live('onShow')
    await shows(second, /你从另一台设备让这里下线了/)
    const again = tablet.boot()
    const reopened = await again.open('pages/index/index')
    await shows(reopened, /你从另一台设备让这里下线了/)
    assert.equal(again.wx.phone.counts().login, 0)
    await reopened.tap('.login')
    await reopened.tap('.login')
    await shows(reopened, /来访次数/)
    assert.equal(again.wx.phone.counts().login, 1)
    const logs = await first.open('pages/logs/logs')
    await shows(logs, /登录成功刚刚.*一次登录已结束刚刚你从另一台设备让它下线了.*第一次来到这里/)
  })

  test('logging out holds over a restart, and who logs in again is the same', async () => {
    const phone = phoneOf('erin', 'phone')
    const index = await phone.boot().open('pages/index/index')
    await shows(index, /1来访次数/)
    const id = /编号 (\w{8})/.exec(index.text())?.[1]
    await index.tap('.logout')
    await shows(index, /你在这台设备上退出了登录/)
    const reopened = await phone.boot().open('pages/index/index')
    await shows(reopened, /你在这台设备上退出了登录/)
    await reopened.tap('.login')
    await shows(reopened, /2来访次数/)
    assert.equal(/编号 (\w{8})/.exec(reopened.text())?.[1], id)
  })

  test('history comes in pages', async () => {
    const { boot } = phoneOf('frank', 'phone')
    for (let count = 0; count < 20; count += 1) await yaopai.login('frank')
    const logs = await boot().open('pages/logs/logs')
    await shows(logs, /更早的记录/)
    const before = logs.count('.event')
    await logs.tap('.more')
    await until(
      () => logs.count('.event') > before,
      () => logs.text(),
    )
    while (logs.count('.more') > 0) {
      await logs.live('onReachBottom')
      await until(
        () => logs.data['isLoadingMore'] === false,
        () => logs.text(),
      )
    }
    assert.match(logs.text(), /第一次来到这里.*没有更早的了/)
  })

  test('DevTools without an appid logs in as whom the emulator takes it for', async () => {
    yaopai.emulator.setSettings({ mockCodeUser: 'heidi' })
    const { userId } = await yaopai.login('heidi')
    const index = await phoneOf('nobody', 'desk', '', true).boot().open('pages/index/index')
    await shows(index, /1来访次数/)
    assert.ok(index.text().includes(`编号 ${userId.slice(4, 12)}`))
  })

  test('Yaopai is down: who was known stays on the page; it is back: a tap, and all is as before', async () => {
    const phone = phoneOf('grace', 'phone')
    await shows(await phone.boot().open('pages/index/index'), /1来访次数/)
    await yaopai.kill()
    const index = await phone.boot().open('pages/index/index')
    await shows(index, /微信用户.*无法连接服务器/)
    await yaopai.restart()
    await index.tap('.stale-retry')
    await shows(index, /2来访次数/)
  })
})

function shows(page: ShownPage, wanted: RegExp): Promise<void> {
  return until(
    () => wanted.test(page.text()),
    () => `${wanted} is not in: ${page.text()}`,
  )
}

async function until(isSo: () => boolean, seen: () => string): Promise<void> {
  const endMs = Date.now() + PATIENCE_MS
  while (!isSo()) {
    if (Date.now() > endMs) throw new Error(seen())
    await sleep(10)
  }
}
