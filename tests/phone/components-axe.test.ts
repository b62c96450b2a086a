import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import test, { after, before, describe } from 'node:test'
import type { Emulator } from '@yaopai/wechat-emulator'
import type { AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'
import { needs } from '../../tools/needs.ts'
import { coveragePages } from '../../tools/phone-coverage.ts'
import { openCoverage, startCoverage } from './testing/coverage.ts'

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

async function axe(page: Page): Promise<string[]> {
  const { violations } = await page.evaluate(() => {
    const runner = (window as unknown as { axe: { run(): Promise<AxeResults> } }).axe
    return runner.run()
  })
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`))
}

describe('the built-in components hold for who hears them and who needs contrast', needs('chromium'), () => {
  let emulator: Emulator
  before(async () => {
    emulator = await startCoverage()
  })
  after(() => emulator[Symbol.asyncDispose]())

  for (const name of coveragePages)
    test(`${name}, light and dark`, async () => {
      const { page, close } = await openCoverage(emulator, name)
      await page.evaluate(axeSource)
      assert.deepEqual(await axe(page), [], 'light')
      await page.evaluate(() => window.yaopaiPhone?.setDark(true))
      assert.deepEqual(await axe(page), [], 'dark')
      await close()
    })
})
