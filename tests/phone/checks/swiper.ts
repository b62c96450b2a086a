import assert from 'node:assert/strict'
import type { Checks } from './case-view.ts'

export const swiper: Checks = {
  'swiper: A drag of a fifth brings the next slide, a shorter one none': async (view) => {
    await view.drag(view.tag('swiper'), -40, 0)
    await view.drag(view.tag('swiper'), -120, 0)
    const detail = { current: 1, currentItemId: 'two', source: 'touch' }
    assert.deepEqual(await view.hears('change'), detail)
    assert.deepEqual(await view.hears('animationfinish'), detail)
    assert.equal(await view.heardTimes('change'), 1)
    assert.equal(await view.tag('swiper').locator('.wx-dots > i').count(), 3)
  },
  'swiper: Circular, it goes around its ends; the arrow keys move it': async (view) => {
    await view.tag('swiper').focus()
    await view.page.keyboard.press('ArrowLeft')
    assert.deepEqual(await view.hears('change'), { current: 2, currentItemId: 'three', source: 'touch' })
    await view.page.keyboard.press('ArrowRight')
    assert.equal(((await view.hears('change', 2)) as { current: number }).current, 0)
  },
  'swiper: current follows data, and who changed it is told': async (view) => {
    await view.button('to three').click()
    assert.deepEqual(await view.hears('change'), { current: 2, currentItemId: 'three', source: '' })
  },
  'swiper: autoplay goes on by itself, and says so': async (view) => {
    await view.button('play').click()
    assert.deepEqual(await view.hears('change'), { current: 1, currentItemId: 'two', source: 'autoplay' })
    assert.equal(((await view.hears('change', 3)) as { current: number }).current, 0)
  },
  'swiper-item: Fills its swiper; those out of sight cannot be reached': async (view) => {
    const items = view.tag('swiper-item')
    assert.deepEqual(await view.size(items.first()), await view.size(view.tag('swiper')))
    assert.deepEqual(await items.evaluateAll((all) => all.map((item) => item.hasAttribute('inert'))), [
      false,
      true,
      true,
    ])
  },
  'movable-area: Keeps what is in it within its edges': async (view) => {
    await view.drag(view.tag('movable-view'), 500, 20)
    const detail = (await view.hears('change')) as Record<string, unknown>
    assert.equal(detail['source'], 'touch')
    const [area, thing] = [await view.tag('movable-area').boundingBox(), view.tag('movable-view')]
    const edge = (area?.x ?? 0) + (area?.width ?? 0) - 40
    const handle = await thing.elementHandle()
    await view.page.waitForFunction(([element, x]) => (element as Element).getBoundingClientRect().x === x, [
      handle,
      edge,
    ] as const)
  },
  'movable-view: Moves along its direction, and to where data says': async (view) => {
    await view.tag('movable-view').focus()
    await view.page.keyboard.press('ArrowRight')
    assert.deepEqual(await view.hears('change'), { x: 10, y: 0, source: 'touch' })
    await view.page.keyboard.press('ArrowDown')
    await view.button('to 40').click()
    assert.deepEqual(await view.hears('change', 2), { x: 40, y: 0, source: '' })
  },
}
