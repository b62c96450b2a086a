import assert from 'node:assert/strict'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import process from 'node:process'
import test, { before, describe } from 'node:test'
import type { Page } from 'playwright-core'
import type { Arrow } from '../../packages/emulator/src/lib/conversation/arrow.ts'
import { STORIES } from '../../packages/emulator/src/studio/stories/stories.ts'
import type { Demo } from '../../tools/demo/start-demo.ts'
import { needs } from '../../tools/needs.ts'
import { axeFindings } from './testing/axe.ts'
import { openPage } from './testing/chromium.ts'
import { startDemoForFile } from './testing/demo.ts'

const PATIENCE_MS = 60_000
/** Named: a picture of each story's end is put there, for the guide. */
const PICTURES = process.env['YAOPAI_PICTURES']

let demo: Demo
before(async () => {
  demo = await startDemoForFile()
})

/** Plays a story to its end and gives what was said meanwhile. */
async function play(page: Page, id: string): Promise<Arrow[]> {
  const before = demo.emulator.conversation().arrows.at(-1)?.seq ?? 0
  await page.evaluate((hash) => {
    location.hash = hash
  }, `story=${id}&pace=0`)
  const end = page.locator(`[data-story="${id}"]:is([data-phase="done"], [data-phase="failed"])`)
  await end.waitFor({ timeout: PATIENCE_MS })
  assert.equal(await end.getAttribute('data-phase'), 'done', await end.innerText())
  return demo.emulator.conversation().arrows.filter(({ seq }) => seq > before)
}

async function keepPicture(page: Page, name: string): Promise<void> {
  if (PICTURES === undefined) return
  await mkdir(PICTURES, { recursive: true })
  await page.screenshot({ path: join(PICTURES, `${name}.png`) })
}

const calls = (arrows: Arrow[], label: RegExp) =>
  arrows.filter(({ part, label: text }) => part === 'call' && label.test(text)).length

/** What only the arrows of a story can show. */
const PROOFS: Readonly<Record<string, (arrows: Arrow[]) => void>> = {
  'ten-requests': (arrows) => {
    const days = arrows.findIndex(({ action }) => action === 'clock.advance')
    const since = arrows.slice(days)
    assert.equal(calls(since, /^wx\.login/), 1)
    assert.equal(calls(since, /^POST \/login/), 1)
  },
  'stolen-key': (arrows) => {
    const toPhone = arrows.filter(({ to }) => to.startsWith('phone:'))
    assert.ok(!JSON.stringify(toPhone).includes('‹session_key'), 'no key on any arrow to a phone')
  },
  'logged-out-by-admin': (arrows) => {
    const refusal = arrows.findIndex(({ reason }) => reason === 'revoked_by_admin')
    assert.equal(calls(arrows.slice(refusal), /^wx\.login/), 1, 'that of the tap alone')
  },
  'first-tap-fails': (arrows) => {
    const lost = arrows.findIndex(({ outcome }) => outcome === 'lost')
    assert.ok(lost >= 0)
    assert.equal(calls(arrows.slice(lost), /jscode2session/), 0, 'WeChat is not asked twice')
  },
}

describe('the stories of the studio', needs('chromium'), () => {
  for (const locale of ['en-US', 'zh-CN']) {
    test(`the first thing to see is a login, from the code to the back end's answer (${locale})`, async () => {
      demo.emulator.clearConversation()
      const viewport = { width: 1440, height: 900 }
      const { page, close } = await openPage(demo.emulator.url, { locale, colorScheme: 'light', viewport })
      const list = page.locator('[role="listbox"], ol').filter({ hasText: 'GET /whoami' }).first()
      await list
        .filter({ hasText: 'wx.login' })
        .filter({ hasText: 'POST /verify' })
        .waitFor({ state: 'attached' })
      await keepPicture(page, `first-login.${locale}`)
      await close()
    })
  }

  for (const [at, { id }] of STORIES.entries()) {
    const colorScheme = at % 2 === 0 ? 'light' : 'dark'
    test(`${id} plays itself in the phone and ends with the reason that it is about`, async () => {
      const options = {
        locale: at % 3 === 0 ? 'zh-CN' : 'en-US',
        colorScheme,
        viewport: { width: 1440, height: 900 },
      } as const
      const { page, close } = await openPage(demo.emulator.url, options)
      await page.locator('.device iframe').first().waitFor()
      const arrows = await play(page, id)
      const quote = await page.locator('.quote code').innerText()
      assert.equal(quote, STORIES[at]?.quotes?.reason)
      assert.ok(arrows.some(({ reason }) => reason === quote))
      PROOFS[id]?.(arrows)
      await keepPicture(page, id)
      await page.locator('.quote').click()
      await page.locator('.detail').waitFor()
      await close()
    })
  }

  test('play on a screen as narrow as a phone too, with nothing that axe objects to', async () => {
    const viewport = { width: 390, height: 844 }
    const { page, close } = await openPage(demo.emulator.url, { locale: 'zh-CN', viewport })
    await page.locator('.device iframe').first().waitFor({ state: 'attached' })
    await play(page, 'two-phones')
    assert.deepEqual(await axeFindings(page), [])
    await keepPicture(page, 'two-phones-narrow')
    await page.getByRole('button', { name: '手机', exact: true }).click()
    assert.deepEqual(await axeFindings(page), [])
    await close()
  })
})
