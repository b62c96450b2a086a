import assert from 'node:assert/strict'
import type { Checks } from './case-view.ts'

export const scroll: Checks = {
  'scroll-view: Tells how far it is scrolled, and when an end is near': async (view) => {
    const host = view.tag('scroll-view')
    await host.evaluate((element) => element.scrollTo({ top: 250 }))
    const detail = (await view.hears('scroll')) as Record<string, number>
    assert.deepEqual([detail['scrollTop'], detail['scrollHeight'], detail['deltaY']], [250, 360, -250])
    assert.deepEqual(await view.hears('scrolltolower'), { direction: 'bottom' })
    await host.evaluate((element) => element.scrollTo({ top: 0 }))
    assert.deepEqual(await view.hears('scrolltoupper'), { direction: 'top' })
  },
  'scroll-view: Scrolls sideways with scroll-x, and tells left and right': async (view) => {
    const host = view.tag('scroll-view')
    await host.evaluate((element) => element.scrollTo({ left: element.scrollWidth }))
    assert.deepEqual(await view.hears('scrolltolower'), { direction: 'right' })
    await host.evaluate((element) => element.scrollTo({ left: 0 }))
    assert.deepEqual(await view.hears('scrolltoupper'), { direction: 'left' })
  },
  'scroll-view: scroll-into-view and scroll-top bring it where data says': async (view) => {
    const host = await view.tag('scroll-view').elementHandle()
    await view.button('to row 5').click()
    await view.page.waitForFunction((element) => element?.scrollTop === 240, host)
    await view.button('to 100').click()
    await view.page.waitForFunction((element) => element?.scrollTop === 100, host)
  },
  'scroll-view: Pulled down far enough at its top, it asks to be refreshed': async (view) => {
    await view.drag(view.tag('scroll-view'), 0, 40)
    await view.hears('refresherabort')
    await view.drag(view.tag('scroll-view'), 0, 140)
    await view.hears('refresherrefresh')
    await view.button('done').click()
    await view.hears('refresherrestore')
  },
}
