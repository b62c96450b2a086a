import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import test, { describe } from 'node:test'
import { DEMO_APP, type Emulator, startEmulator } from '@yaopai/wechat-emulator'
import type { Page } from 'playwright-core'
import { needs } from '../../tools/needs.ts'
import { axeFindings } from './testing/axe.ts'
import { openPage } from './testing/chromium.ts'

const SIZES = [
  { width: 1440, height: 900 },
  { width: 1280, height: 800 },
  { width: 390, height: 844 },
]

/** A server that exchanges a code, and one that uses it twice: arrows good and bad. */
async function talkTo(emulator: Emulator): Promise<void> {
  const { code } = emulator.login({ appid: DEMO_APP.appid, user: 'alice' })
  const query = `appid=${DEMO_APP.appid}&secret=${DEMO_APP.secret}&js_code=${code}&grant_type=authorization_code`
  for (let time = 0; time < 2; time += 1) await fetch(`${emulator.url}/sns/jscode2session?${query}`)
  emulator.advanceClock(86_400)
}

const items = (page: Page) => page.locator('ol.unseen li')

async function openStudio(emulator: Emulator, options: Parameters<typeof openPage>[1] = {}) {
  const opened = await openPage(emulator.url, {
    locale: 'en-US',
    viewport: { width: 1280, height: 800 },
    ...options,
  })
  await opened.page
    .getByText('No phone yet')
    .or(opened.page.getByText('还没有手机'))
    .waitFor({ state: 'attached' })
  // There is no mini program in it, and the browser says so of the question for one.
  const failures = () => opened.failures.filter((line) => !/404/.test(line))
  return { ...opened, failures }
}

describe('the studio', needs('chromium'), () => {
  test('shows without a mini program how to get a code and a phone, and what a server says to WeChat as it happens', async () => {
    await using emulator = await startEmulator({ demo: true })
    const { page, failures, close } = await openStudio(emulator)
    assert.match(
      await page.locator('.no-program').innerText(),
      new RegExp(`curl.*${emulator.url}/_emulator/wx/login`),
    )
    await page.getByText('Nothing was said yet').waitFor()
    await talkTo(emulator)
    await items(page).filter({ hasText: '40163' }).waitFor({ state: 'attached' })
    const told = await items(page).allInnerTexts()
    assert.ok(
      told.some((line) => /^Server to WeChat: GET \/sns\/jscode2session ‹code 1›/.test(line)),
      told.join('\n'),
    )
    assert.ok(
      told.some((line) => /40163.*\(refused\)/.test(line)),
      told.join('\n'),
    )
    assert.ok(told.includes('Operator: 1 day pass'))
    assert.equal(await page.locator('.dg-row').count(), told.length)
    assert.deepEqual(failures(), [])
    await close()
  })

  test('is read and walked with the keyboard alone: arrows move, Enter opens, Escape goes back', async () => {
    await using emulator = await startEmulator({ demo: true })
    await talkTo(emulator)
    const { page, close } = await openStudio(emulator)
    const refusal = items(page).filter({ hasText: '40163' })
    await refusal.waitFor({ state: 'attached' })
    await items(page).last().locator('button').focus()
    await page.keyboard.press('ArrowUp')
    await page.locator(':focus', { hasText: '40163' }).waitFor({ state: 'attached' })
    await page.locator('.dg-row.is-focused', { hasText: '40163' }).waitFor()
    await page.keyboard.press('Enter')
    const detail = page.locator('.detail')
    await detail.getByText('What helps').waitFor()
    assert.match(await detail.innerText(), /The code was used before/)
    assert.match(await detail.innerText(), /errcode/)
    await page.keyboard.press('Escape')
    await detail.waitFor({ state: 'detached' })
    await page.locator(':focus', { hasText: '40163' }).waitFor({ state: 'attached' })
    await close()
  })

  test('keeps secrets to itself until it is asked for them', async () => {
    await using emulator = await startEmulator({ demo: true })
    const { code } = emulator.login({ appid: DEMO_APP.appid, user: 'alice' })
    await fetch(
      `${emulator.url}/sns/jscode2session?appid=${DEMO_APP.appid}&secret=${DEMO_APP.secret}&js_code=${code}`,
    )
    const { page, close } = await openStudio(emulator)
    await page.locator('.dg-call').last().click()
    await page.locator('.detail mark', { hasText: 'code' }).first().waitFor()
    const before = await page.content()
    assert.ok(!before.includes(code) && !before.includes(DEMO_APP.secret))
    await page.getByRole('button', { name: 'Show secrets' }).click()
    await page.locator('.detail mark', { hasText: code }).first().waitFor()
    assert.ok(!(await page.content()).includes(DEMO_APP.secret), 'an AppSecret is shown to nobody')
    await page.getByRole('button', { name: 'Show secrets' }).click()
    await page.waitForFunction((value) => !document.body.innerText.includes(value), code)
    await close()
  })

  test('remembers language and look, and speaks Chinese to a Chinese browser', async () => {
    await using emulator = await startEmulator({ demo: true })
    const { page, close } = await openStudio(emulator, { locale: 'zh-CN' })
    assert.equal(await page.locator('html').getAttribute('lang'), 'zh-CN')
    await page.getByRole('button', { name: 'EN: switch to English' }).click()
    await page.getByRole('button', { name: 'Theme: system' }).click()
    await page.getByRole('button', { name: 'Theme: light' }).click()
    await page.reload()
    await page.getByRole('button', { name: 'Theme: dark' }).waitFor()
    const kept = await page.evaluate(() => {
      const { lang, dataset } = document.documentElement
      return [lang, dataset['theme']]
    })
    assert.deepEqual(kept, ['en', 'dark'])
    await close()
  })

  test('exports a picture that needs nothing else, and the text that the emulator has', async () => {
    await using emulator = await startEmulator({ demo: true })
    await talkTo(emulator)
    const { page, close } = await openStudio(emulator)
    await items(page).filter({ hasText: '40163' }).waitFor({ state: 'attached' })
    const save = async (name: string) => {
      await page.locator('summary').click()
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name }).click(),
      ])
      return readFile(await download.path(), 'utf8')
    }
    const svg = await save('Picture (SVG)')
    assert.match(svg, /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"/)
    assert.match(svg, /prefers-color-scheme: dark/)
    assert.match(svg, />code 1</)
    assert.doesNotMatch(svg, /var\(--|light-dark\(|href=|url\(/)
    await page.setContent(svg)
    assert.equal(await page.locator('.dg-row').count(), (emulator.conversation().arrows ?? []).length)
    await close()
  })

  test('draws to scale on demand, holds back while paused, and is empty when cleared', async () => {
    await using emulator = await startEmulator({ demo: true })
    await talkTo(emulator)
    const { page, close } = await openStudio(emulator)
    await items(page).filter({ hasText: '40163' }).waitFor({ state: 'attached' })
    const count = await items(page).count()
    await page.getByRole('button', { name: 'To scale' }).click()
    assert.equal(await page.getByRole('button', { name: 'To scale' }).getAttribute('aria-pressed'), 'true')
    await page.getByRole('button', { name: 'Pause' }).click()
    emulator.advanceClock(60)
    await page.getByText('1 new while paused').waitFor()
    assert.equal(await items(page).count(), count)
    await page.getByRole('button', { name: 'Follow' }).click()
    await items(page).nth(count).waitFor({ state: 'attached' })
    // The page is empty at once, the emulator when it has heard of it.
    const heard = page.waitForResponse((answer) => answer.request().method() === 'DELETE')
    await page.getByRole('button', { name: 'Clear' }).click()
    await page.getByText('Nothing was said yet').waitFor()
    await heard
    assert.deepEqual(emulator.conversation().arrows, [])
    await close()
  })

  for (const colorScheme of ['light', 'dark'] as const) {
    for (const viewport of SIZES) {
      test(`has nothing that axe objects to: ${colorScheme}, ${viewport.width} pixels wide`, async () => {
        await using emulator = await startEmulator({ demo: true })
        await talkTo(emulator)
        const { page, failures, close } = await openStudio(emulator, { colorScheme, viewport })
        const asked: string[] = []
        page.on('request', (request) => asked.push(request.url()))
        await page.locator('.dg-row').first().waitFor()
        assert.deepEqual(await axeFindings(page), [], 'the conversation')
        await page.locator('.dg-refused').first().click()
        await page.locator('.detail').waitFor()
        assert.deepEqual(await axeFindings(page), [], 'the details')
        await page.keyboard.press('Escape')
        for (const name of ['Stories', 'Controls']) {
          await page.getByRole('button', { name, exact: true }).filter({ visible: true }).click()
          assert.deepEqual(await axeFindings(page), [], name)
        }
        assert.ok(
          asked.every((url) => url.startsWith(emulator.url)),
          asked.join('\n'),
        )
        assert.deepEqual(failures(), [])
        await close()
      })
    }
  }
})
