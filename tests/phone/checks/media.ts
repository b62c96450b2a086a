import assert from 'node:assert/strict'
import type { Checks } from './case-view.ts'

export const media: Checks = {
  'image: Tells the size of what it loaded, and what it could not load': async (view) => {
    assert.deepEqual(await view.hears('load'), { width: 80, height: 40 })
    const { errMsg } = (await view.hears('error')) as { errMsg: string }
    assert.match(errMsg, /none\.png/)
    assert.equal(await view.box.getByRole('img', { name: 'wide' }).count(), 1)
  },
  'image: mode says how the picture lies in its box': async (view) => {
    const fits = await view
      .tag('image')
      .locator('img')
      .evaluateAll((all) =>
        all.map((picture) => {
          const { objectFit, objectPosition } = getComputedStyle(picture)
          return `${objectFit} ${objectPosition}`
        }),
      )
    assert.deepEqual(fits.slice(0, 5), [
      'fill 50% 50%',
      'contain 50% 50%',
      'cover 50% 50%',
      'none 0% 0%',
      'none 50% 50%',
    ])
    assert.deepEqual(await view.size(view.tag('image').nth(5)), { width: 60, height: 30 })
    assert.deepEqual(await view.size(view.tag('image').nth(6)), { width: 120, height: 60 })
  },
  'image: Without a size it is 320 by 240, as in WeChat': async (view) => {
    assert.deepEqual(await view.size(view.tag('image')), { width: 320, height: 240 })
  },
  'cover-view: Is a view that tells its taps': async (view) => {
    await view.tag('cover-view').click()
    await view.hears('tap')
  },
  'cover-image: Is an image that tells what it loaded': async (view) => {
    assert.deepEqual(await view.hears('load'), { width: 80, height: 40 })
  },
}
