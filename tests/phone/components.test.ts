import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import test, { after, before, describe } from 'node:test'
import { type Emulator, startEmulator } from '@yaopai/wechat-emulator'
import type { AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'
import { needs } from '../../tools/needs.ts'
import { casesOf, coverageFolder, coveragePages } from '../../tools/phone-coverage.ts'
import { checks } from './checks/all.ts'
import { CaseView } from './checks/case-view.ts'
import { openPage } from './testing/chromium.ts'

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

test('every case of the coverage pages is checked, and every check has its case', () => {
  for (const name of coveragePages)
    assert.deepEqual(
      Object.keys(checks[name] ?? {}).sort(),
      casesOf(name)
        .map(({ key }) => key)
        .sort(),
      name,
    )
})

async function axe(page: Page): Promise<string[]> {
  await page.evaluate(axeSource)
  const { violations } = await page.evaluate(() => {
    const runner = (window as unknown as { axe: { run(): Promise<AxeResults> } }).axe
    return runner.run()
  })
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`))
}

describe('the built-in components, page by page', needs('chromium'), () => {
  let emulator: Emulator
  before(async () => {
    emulator = await startEmulator({ demo: true, miniprogram: join(coverageFolder) })
  })
  after(() => emulator[Symbol.asyncDispose]())

  const open = async (name: string, dark = false) => {
    const query = `user=alice&device=phone&id=1&lang=zh&path=pages/${name}/${name}${dark ? '&dark=1' : ''}`
    const opened = await openPage(`${emulator.url}/_emulator/phone/frame?${query}`, {
      viewport: { width: 390, height: 844 },
      colorScheme: dark ? 'dark' : 'light',
    })
    await opened.page.locator('wx-case-box').first().waitFor()
    return opened
  }

  for (const name of coveragePages) {
    describe(name, () => {
      let opened: Awaited<ReturnType<typeof open>>
      before(async () => {
        opened = await open(name)
        opened.page.setDefaultTimeout(10_000)
      })
      after(() => opened.close())

      for (const [key, check] of Object.entries(checks[name] ?? {})) {
        test(key, async () => {
          const [tag = '', title = ''] = key.split(/: (.*)/s)
          const boxes = opened.page.locator('wx-case-box')
          const box = boxes
            .filter({ has: opened.page.getByText(title, { exact: true }) })
            .filter({ has: opened.page.locator('wx-text').getByText(tag, { exact: true }) })
            .first()
          const view = new CaseView(opened.page, box)
          await box.scrollIntoViewIfNeeded()
          await check(view)
        })
      }

      test('says nothing to the console that it should not', () => {
        const unexpected = opened.failures.filter((line) => !/404 \(Not Found\)/.test(line))
        assert.deepEqual(unexpected, [])
      })
    })

    test(`${name} holds for who hears it or needs contrast, light and dark`, async () => {
      for (const dark of [false, true]) {
        const { page, close } = await open(name, dark)
        assert.deepEqual(await axe(page), [], dark ? 'dark' : 'light')
        await close()
      }
    })
  }
})
