import assert from 'node:assert/strict'
import test, { after, before, describe } from 'node:test'
import type { Emulator } from '@yaopai/wechat-emulator'
import { needs } from '../../tools/needs.ts'
import { casesOf, coveragePages } from '../../tools/phone-coverage.ts'
import { checks } from './checks/all.ts'
import { CaseView } from './checks/case-view.ts'
import { openCoverage, startCoverage } from './testing/coverage.ts'

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

describe('the built-in components, page by page', needs('chromium'), () => {
  let emulator: Emulator
  before(async () => {
    emulator = await startCoverage()
  })
  after(() => emulator[Symbol.asyncDispose]())

  for (const name of coveragePages) {
    describe(name, () => {
      let opened: Awaited<ReturnType<typeof openCoverage>>
      before(async () => {
        opened = await openCoverage(emulator, name)
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
  }
})
