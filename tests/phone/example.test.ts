import assert from 'node:assert/strict'
import test, { after, before, describe } from 'node:test'
import { type RunningDemo, start } from '../../examples/express/start.ts'
import { type RealYaopai, startRealYaopai } from '../../examples/testing/real-yaopai.ts'
import { needs } from '../../tools/needs.ts'
import { axeFindings } from './testing/axe.ts'
import { openPage } from './testing/chromium.ts'
import { copyExample, type ExampleProgram } from './testing/example-program.ts'

describe('[F81] the example mini program on the phone, with real servers', needs('chromium'), () => {
  let example: ExampleProgram
  let yaopai: RealYaopai
  let demo: RunningDemo

  before(async () => {
    example = await copyExample()
    yaopai = await startRealYaopai({ miniprogram: example.dir })
    const { internalUrl, apiKey } = yaopai
    demo = await start({ port: 0, internalUrl, apiKey })
    await example.pointAt({ baseUrl: demo.url, authUrl: yaopai.publicUrl })
  })
  after(async () => {
    await demo?.stop()
    await yaopai?.stop()
    await example?.remove()
  })

  const open = (query: string) =>
    openPage(`${yaopai.emulator.url}/_emulator/phone/frame?${query}`, {
      viewport: { width: 375, height: 760 },
      locale: 'zh-CN',
    })

  test('logs in by itself, takes a name and a picture, and shows them after a restart', async () => {
    const { page, failures, close } = await open('user=alice')
    await page.getByText('来访次数').waitFor()
    await page.getByText('微信用户').waitFor()
    assert.deepEqual(await axeFindings(page), [])
    const tea = await page.locator('.shop-add').boundingBox()
    assert.ok((tea?.width ?? 0) > 280, "its own style of a button wins over WeChat's 184 px")
    await page.getByPlaceholder('怎么称呼你').fill('大明')
    await page.getByText('保存').click()
    await page.locator('.badge-name').getByText('大明').waitFor()
    await page.getByRole('button', { name: '换头像' }).click()
    await page.getByRole('button', { name: '头像 2' }).click()
    const picture = page.locator('.avatar-image img')
    await picture.waitFor()
    assert.ok((await picture.getAttribute('src'))?.startsWith(`${demo.url}/avatars/`))
    await page.evaluate('window.yaopaiPhone.restart()')
    await page.getByText('你好，大明').waitFor()
    await page.reload()
    await page.getByText('你好，大明').waitFor()
    await picture.waitFor()
    assert.equal(yaopai.emulator.calls().length, 1, 'one exchange of a code for all of it')
    assert.deepEqual(failures, [])
    await close()
  })

  test('logged out by its user it stays out over a restart, until a tap', async () => {
    const { page, close } = await open('user=bob')
    await page.getByText('来访次数').waitFor()
    await page.getByText('登录记录').click()
    await page.getByText('登录成功').waitFor()
    await page.getByRole('button', { name: '返回' }).click()
    await page.getByText('退出登录').click()
    await page.getByRole('dialog').getByRole('button', { name: '退出登录' }).click()
    await page.getByText('你在这台设备上退出了登录').waitFor()
    await page.evaluate('window.yaopaiPhone.restart()')
    await page.getByText('你在这台设备上退出了登录').waitFor()
    await page.evaluate('window.yaopaiPhone.setDark(true)')
    assert.deepEqual(await axeFindings(page), [])
    await page.locator('.login').click()
    await page.getByText('来访次数').waitFor()
    await close()
  })
})
