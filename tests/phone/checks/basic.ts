import assert from 'node:assert/strict'
import type { Checks } from './case-view.ts'

export const basic: Checks = {
  'view: A finger at rest gives it its hover-class, for a while': async ({ tag, page }) => {
    const view = tag('view').filter({ hasText: 'rest here' }).last()
    await view.hover()
    await page.mouse.down()
    await page.locator('wx-view.pressed').waitFor()
    await page.mouse.up()
    await page.locator('wx-view.pressed').waitFor({ state: 'detached' })
  },
  'view: hover-stop-propagation keeps the hover from those around': async ({ tag, page, box }) => {
    await tag('view')
      .filter({ hasText: /^inner$/ })
      .hover()
    await page.mouse.down()
    await box.locator('wx-view.pressed').waitFor()
    assert.equal((await box.locator('wx-view.pressed').innerText()).trim(), 'inner')
    await page.mouse.up()
  },
  'view: A tap bubbles to those around, up to a catch': async (view) => {
    await view.tag('view').filter({ hasText: 'tap the innermost' }).last().click()
    const detail = await view.hears('tap', 2)
    assert.deepEqual(Object.keys(detail as object), ['x', 'y'])
    assert.equal(await view.heardTimes('tap'), 2)
  },
  'view: hidden hides it': async ({ box }) => {
    assert.equal(await box.getByText('not to be seen').isVisible(), false)
    assert.equal(await box.getByText('to be seen', { exact: true }).isVisible(), true)
  },
  'view: aria-label and aria-role are what a screen reader gets': async ({ box }) => {
    assert.equal(await box.getByRole('img', { name: 'a green square' }).count(), 1)
  },
  'text: Keeps the line breaks of its words': async ({ box }) => {
    assert.equal(await box.getByText('one').innerText(), 'one\ntwo')
  },
  'text: decode reads entities, space says how wide a blank is': async ({ box }) => {
    const shown = box.locator('wx-text').filter({ hasText: '<b>' })
    assert.equal(await shown.textContent(), '<b>\u2003&\u2003c')
  },
  'text: Words can be selected with user-select alone': async (view) => {
    assert.equal(await view.style(view.box.getByText('fixed'), 'user-select'), 'none')
    assert.equal(await view.style(view.box.getByText('selectable'), 'user-select'), 'text')
  },
  'text: A text within a text stands in its line': async (view) => {
    const [outer, inner] = [view.box.getByText('outer'), view.box.getByText('inner')]
    assert.equal(await view.style(inner, 'display'), 'inline')
    assert.equal((await view.size(outer)).height, (await view.size(inner)).height)
  },
  'text: max-lines and overflow cut what is too long': async (view) => {
    for (const text of await view.box.getByText('many words').all())
      assert.ok((await view.size(text)).height < 40, 'one line')
  },
  'icon: Every type is drawn, in its size and colour': async (view) => {
    const icons = view.tag('icon')
    assert.equal(await icons.count(), 15)
    for (const icon of await icons.all()) assert.equal(await icon.locator('svg path').count(), 1)
    assert.deepEqual(await view.size(icons.first()), { width: 23, height: 23 })
    assert.deepEqual(await view.size(icons.last()), { width: 40, height: 40 })
    assert.equal(await icons.last().locator('circle').getAttribute('fill'), '#ff0000')
  },
  'progress: Shows its percentage, and tells when an active one has arrived': async (view) => {
    assert.deepEqual(await view.hears('activeend'), { curPercent: 20 })
    await view.button('go on').click()
    assert.deepEqual(await view.hears('activeend', 2), { curPercent: 60 })
    await view.says(view.tag('progress'), '60%')
    assert.equal(await view.tag('progress').getAttribute('aria-valuenow'), '60')
  },
  "rich-text: Shows an array of nodes with the page's classes, and nothing off WeChat's list": async (
    view,
  ) => {
    const paragraph = view.tag('rich-text').locator('p')
    assert.equal(await paragraph.textContent(), 'a < b')
    assert.equal(await view.style(paragraph, 'color'), 'rgb(179, 38, 30)')
    assert.equal(await view.tag('rich-text').locator('iframe').count(), 0)
  },
  'rich-text: Shows a string without its scripts, handlers and links': async ({ tag }) => {
    const html = await tag('rich-text').innerHTML()
    assert.equal(html, '<p>kept <b>bold</b><a>link</a></p>')
  },
}
