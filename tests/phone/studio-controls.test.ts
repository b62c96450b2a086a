import assert from 'node:assert/strict'
import test, { before, describe } from 'node:test'
import type { Page } from 'playwright-core'
import type { Demo } from '../../tools/demo/start-demo.ts'
import { needs } from '../../tools/needs.ts'
import { axeFindings } from './testing/axe.ts'
import { openPage } from './testing/chromium.ts'
import { startDemoForFile } from './testing/demo.ts'

let demo: Demo
before(async () => {
  demo = await startDemoForFile()
})

const LOGOUT = 'Log out'
const LOGIN = 'Log in with WeChat'

async function openStudio(viewport = { width: 1440, height: 900 }) {
  const opened = await openPage(demo.emulator.url, { locale: 'en-US', viewport })
  const phone = (id: number) => opened.page.locator(`[title^="Phone ${id}:"]`).contentFrame()
  await phone(1).getByText(LOGOUT, { exact: true }).waitFor()
  return { ...opened, phone }
}

const press = (page: Page, name: string) =>
  page.locator('.side').getByRole('button', { name, exact: true }).click()
const said = (page: Page, text: string | RegExp) =>
  page.locator('ol.unseen li').filter({ hasText: text }).last().waitFor({ state: 'attached' })

describe('the controls of the studio', needs('chromium'), () => {
  test('put the phone into other hands, and a second one beside it', async () => {
    const { page, phone, close } = await openStudio()
    await press(page, 'bob')
    await page.locator('iframe[title="Phone 1: bob, phone"]').waitFor()
    await phone(1).getByText(LOGOUT, { exact: true }).waitFor()
    await page.getByRole('textbox', { name: 'new name' }).fill('carol')
    await press(page, 'Go')
    await page.locator('iframe[title="Phone 1: carol, phone"]').waitFor()
    await page.locator('.add-second').getByRole('button', { name: 'bob' }).click()
    await phone(2).getByText(LOGOUT, { exact: true }).waitFor()
    assert.deepEqual(await axeFindings(page), [])
    const users = demo.emulator.conversation().stations.flatMap(({ user }) => user ?? [])
    assert.ok(users.includes('carol') && users.includes('bob'), users.join())
    await close()
  })

  test('move both clocks: after days the server has ended the session, and the phone logs in anew', async () => {
    const { page, phone, close } = await openStudio()
    const before = demo.emulator.nowMs()
    await press(page, '4 days')
    await said(page, '4 days pass for the server too')
    assert.ok(demo.emulator.nowMs() - before >= 345_600_000)
    await page.getByRole('button', { name: 'Close the mini program and open it again' }).click()
    await said(page, /401 idle_timeout/)
    await phone(1).getByText(LOGOUT, { exact: true }).waitFor()
    await close()
  })

  test('end sessions and ban, and the phone shows why', async () => {
    const { page, phone, close } = await openStudio()
    const again = page.getByRole('button', { name: 'Close the mini program and open it again' })
    await press(page, 'as an admin')
    await said(page, "an admin ends alice's session")
    await again.click()
    await said(page, /401 revoked_by_admin/)
    await phone(1).getByText(LOGIN).click()
    await phone(1).getByText(LOGOUT, { exact: true }).waitFor()
    await press(page, 'Ban')
    await said(page, 'alice is banned')
    await again.click()
    await said(page, /403 banned/)
    await press(page, 'Lift the ban')
    await said(page, 'the ban of alice is lifted')
    await close()
  })

  test('make WeChat ill and well again, and count how often it struck', async () => {
    const { page, close } = await openStudio()
    await press(page, '1 ×')
    await press(page, 'busy')
    await press(page, 'New phone')
    await said(page, /503 wechat_unavailable/)
    await page.locator('.side').getByText('WeChat is well.').waitFor()
    await press(page, 'until I say stop')
    await press(page, 'down')
    await page.locator('.trouble-on').waitFor()
    await press(page, 'Make well')
    await said(page, 'WeChat is well again')
    await press(page, 'Rotate')
    await said(page, 'a new session_key for alice')
    await close()
  })

  test('lose an answer, cut the network, send it to the background', async () => {
    const { page, phone, close } = await openStudio()
    await press(page, 'request')
    await phone(1)
      .getByText(/A cup of/)
      .click()
    await said(page, /\(lost on the way\)/)
    await press(page, 'offline')
    assert.equal(
      await page.locator('.side').getByRole('button', { name: 'offline' }).getAttribute('aria-pressed'),
      'true',
    )
    await press(page, 'in the background')
    await page.locator('.device.is-away').waitFor()
    await press(page, 'in the background')
    await press(page, 'offline')
    await press(page, 'dark')
    assert.equal(await phone(1).locator('html').getAttribute('data-theme'), 'dark')
    await close()
  })
})
