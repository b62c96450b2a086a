import assert from 'node:assert/strict'
import test, { describe } from 'node:test'
import { startEmulator } from '@yaopai/wechat-emulator'
import { needs } from '../../tools/needs.ts'
import { openPage } from './testing/chromium.ts'

describe('the pages of the emulator', needs('chromium'), () => {
  test('open in a browser, and the rule against foreign and evaluated scripts stops neither', async () => {
    await using emulator = await startEmulator({ demo: true })
    for (const path of ['/', '/_emulator/phone/frame']) {
      const { page, failures, close } = await openPage(emulator.url + path)
      await page.waitForFunction(() => document.body.textContent !== '')
      // Without a mini program and a back end with knobs there is nothing at two addresses, and both are asked.
      assert.deepEqual(
        failures.filter((line) => !line.includes('404 (Not Found)')),
        [],
        path,
      )
      await close()
    }
  })

  test('say how to see them to who asks without a browser', async () => {
    await using emulator = await startEmulator()
    const response = await fetch(emulator.url)
    assert.match(await response.text(), /Open this address in a browser/)
  })
})
