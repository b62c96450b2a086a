import assert from 'node:assert/strict'
import type { Checks } from './case-view.ts'

export const layers: Checks = {
  'navigator: Opens a page by an address from its own folder': async (view) => {
    await view.tag('navigator').click()
    await view.page.getByText('opened from layers').waitFor()
    await view.page.getByText('back to where it came from').click()
    await view.page.getByText('opened from layers').waitFor({ state: 'detached' })
    assert.match(String(((await view.hears('success')) as { errMsg: string }).errMsg), /:ok$/)
    await view.hears('complete')
  },
  'navigator: Tells that a page is not there': async (view) => {
    await view.tag('navigator').click()
    assert.match(String(((await view.hears('fail')) as { errMsg: string }).errMsg), /fail/)
  },
  'navigator: Another mini program is named by the phone as missing': async (view) => {
    await view.tag('navigator').click()
    await view.hears('fail')
    await view.page.locator('.notice-missing').waitFor()
  },
  'page-container: Comes and goes, and tells each step': async (view) => {
    await view.button('open the container').click()
    await view.hears('afterenter')
    await view.page.getByText('in the container').waitFor()
    await view.page.mouse.click(100, 300)
    await view.hears('clickoverlay')
    await view.hears('afterleave')
    await view.page.getByText('in the container').waitFor({ state: 'hidden' })
  },
  'match-media: Shows what fits the window': async ({ box }) => {
    assert.equal(await box.getByText('for all').isVisible(), true)
    assert.equal(await box.getByText('for walls').isVisible(), false)
  },
  'root-portal: Lifts what is in it above the page': async (view) => {
    assert.equal(await view.style(view.tag('root-portal'), 'z-index'), '1000')
  },
  'page-meta: Gives the page a style': async (view) => {
    assert.equal(await view.style(view.box.getByText('spaced'), 'letter-spacing'), '1px')
  },
  'navigation-bar: Says the title of the page, and another when data changes': async (view) => {
    await view.page.getByText('Layers', { exact: true }).waitFor()
    await view.button('rename').click()
    await view.page.getByText('Renamed', { exact: true }).waitFor()
  },
}
