import assert from 'node:assert/strict'
import { openPhone, type PhoneInTest } from '@yaopai/wechat-emulator/testing'
import type { World } from './world.ts'

export interface WatchedPhone extends PhoneInTest {
  back(): Promise<void>
  /** As when the mini program was killed and is opened again. */
  reload(): Promise<void>
  /** The colour in which a text is drawn, such as `rgb(1, 2, 3)`. */
  colourOf(text: string): Promise<string>
  /** Width of the picture on the page in its own pixels; throws where it could not be loaded. */
  pictureWidth(): Promise<number>
  /** Fails where anything went wrong in the mini program, stands on the console as an error, or is not in this phone. */
  isWell(): Promise<void>
}

/** The phone in the browser, with the mini program of a world on it. */
export async function openWatchedPhone({ emulator }: World, user: string): Promise<WatchedPhone> {
  const phone = await openPhone({ emulator, user, timeoutSeconds: 20 })
  const { page } = phone
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(String(error.stack)))
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text())
  })
  return {
    ...phone,
    back: () => page.getByRole('button', { name: /back|返回/i }).click(),
    reload: async () => {
      await page.reload()
    },
    colourOf: (text) => page.getByText(text).evaluate((element) => getComputedStyle(element).color),
    pictureWidth: () =>
      page
        .locator('wx-image img')
        .evaluate((image: Picture) => image.decode().then(() => image.naturalWidth)),
    isWell: async () => {
      assert.deepEqual([await phone.problems(), errors], [[], []])
      assert.doesNotMatch(await phone.text(), /not in this phone/)
    },
  }
}

// Of the browser, in which these few lines run.
declare function getComputedStyle(element: unknown): { readonly color: string }
interface Picture {
  decode(): Promise<void>
  readonly naturalWidth: number
}
