import assert from 'node:assert/strict'
import type { Locator } from 'playwright-core'
import { openPage } from '../../../tests/phone/testing/chromium.ts'
import type { World } from './world.ts'

export interface Phone {
  /** Waits until the page on top shows the text, and fails where it does not come. */
  shows(text: string | RegExp): Promise<void>
  tap(text: string): Promise<void>
  type(text: string): Promise<void>
  /** The colour in which a text is drawn, such as `rgb(1, 2, 3)`. */
  colourOf(text: string): Promise<string>
  /** Width of the picture that is shown, in its own pixels: 0 where it could not be loaded. */
  pictureWidth(): Promise<number>
  back(): Promise<void>
  /** As when the mini program was killed and is opened again. */
  reload(): Promise<void>
  /** Closes it; fails where anything went wrong in it. */
  close(): Promise<void>
}

const PATIENCE_MS = 20_000

/** The phone in the browser, with the mini program of a world on it. */
export async function openPhone({ emulator }: World, user: string): Promise<Phone> {
  const frame = `${emulator.url}/_emulator/phone/frame?user=${user}&device=phone&id=1`
  const { page, failures, close } = await openPage(frame, { locale: 'zh-CN' })
  page.setDefaultTimeout(PATIENCE_MS)
  const visible = (locator: Locator) => locator.filter({ visible: true }).last()
  const text = (what: string | RegExp) => visible(page.getByText(what))
  return {
    shows: (what) => text(what).waitFor(),
    tap: (what) => text(what).click(),
    type: (what) => visible(page.locator('input')).fill(what),
    colourOf: (what) => text(what).evaluate('element => getComputedStyle(element).color'),
    pictureWidth: () => visible(page.locator('wx-image')).evaluate(NATURAL_WIDTH),
    back: async () => {
      await page.getByRole('button', { name: /back|返回/i }).click()
    },
    reload: async () => {
      await page.reload()
    },
    close: async () => {
      const problems = await page.evaluate('yaopaiPhone.problems()')
      await close()
      assert.deepEqual([failures, problems], [[], []])
    },
  }
}

const NATURAL_WIDTH = `async (element) => {
  const image = element.querySelector('img')
  await image.decode()
  return image.naturalWidth
}`
