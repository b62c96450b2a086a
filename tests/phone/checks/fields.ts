import assert from 'node:assert/strict'
import type { Checks } from './case-view.ts'

export const fields: Checks = {
  'input: Each change tells value, cursor and key': async (view) => {
    await view.field('input').click()
    await view.page.keyboard.type('ab')
    assert.deepEqual(await view.hears('input', 2), { value: 'ab', cursor: 2, keyCode: 66 })
    assert.equal(await view.heardTimes('input'), 2)
  },
  'input: What its handler returns stands there instead': async (view) => {
    await view.field('input').click()
    await view.page.keyboard.type('ab')
    assert.equal(await view.field('input').inputValue(), 'AB')
    const cursor = await view.field('input').evaluate((field) => (field as HTMLInputElement).selectionStart)
    assert.equal(cursor, 1)
  },
  'input: A keyboard of digits lets digits in, maxlength cuts the rest': async (view) => {
    for (const [index, left] of ['123', '1.2345', '12345X'].entries()) {
      await view.field('input', index).click()
      await view.page.keyboard.type('1.2a345X')
      assert.equal(await view.field('input', index).inputValue(), left)
    }
  },
  'input: Enter confirms and leaves the field, unless confirm-hold': async (view) => {
    const isFocused = (index: number) =>
      view.field('input', index).evaluate((field) => document.activeElement === field)
    await view.field('input', 0).press('Enter')
    assert.deepEqual(await view.hears('confirm'), { value: 'a' })
    assert.equal(await isFocused(0), false)
    await view.field('input', 1).press('Enter')
    assert.deepEqual(await view.hears('confirm', 2), { value: 'b' })
    assert.equal(await isFocused(1), true)
  },
  'input: Focus and blur tell the value; focus can be given by data': async (view) => {
    await view.button('give it the focus').click()
    assert.deepEqual(await view.hears('focus'), { value: 'x', height: 0 })
    await view.field('input').blur()
    assert.equal(((await view.hears('blur')) as { value: string }).value, 'x')
  },
  'input: The placeholder has a style and a class, and goes where there is a value': async (view) => {
    const hint = view.box.locator('.wx-placeholder')
    assert.equal(await hint.textContent(), 'hint')
    assert.equal(await view.style(hint, 'color'), 'rgb(179, 38, 30)')
    assert.equal(await view.style(hint, 'font-style'), 'italic')
    await view.field('input').fill('x')
    assert.equal(await hint.textContent(), '')
    assert.equal(await view.box.getByPlaceholder('hint').count(), 1)
  },
  'input: A password is hidden': async (view) => {
    for (const index of [0, 1])
      assert.equal(await view.field('input', index).getAttribute('type'), 'password')
  },
  'input: model:value follows both ways': async (view) => {
    await view.field('input').fill('second')
    await view.says(view.tag('view'), 'now: second')
  },
  'input: Setting the same value again clears what was typed': async (view) => {
    await view.field('input').fill('typed')
    await view.button('clear').click()
    assert.equal(await view.field('input').inputValue(), '')
  },
  'input: type=nickname offers the nickname, and tells that it was let pass': async (view) => {
    await view.field('input').focus()
    const offer = view.page.locator('.wx-nickname-bar button')
    const nickname = await offer.textContent()
    await offer.click()
    assert.equal(((await view.hears('input')) as { value: string }).value, nickname)
    assert.deepEqual(await view.hears('nicknamereview'), { pass: true, timeout: false })
    await offer.waitFor({ state: 'detached' })
  },
  'input: Disabled, it takes nothing': async (view) => {
    assert.equal(await view.field('input').isDisabled(), true)
  },
  'textarea: auto-height grows with the lines, and tells them': async (view) => {
    const { height } = await view.size(view.tag('textarea'))
    await view.field('textarea').focus()
    await view.page.keyboard.type('one\ntwo\nthree')
    const detail = (await view.hears('linechange', 2)) as Record<string, number>
    assert.equal(detail['lineCount'], 3)
    assert.ok((await view.size(view.tag('textarea'))).height > height * 2)
  },
  'textarea: Enter writes a line; with another confirm-type it confirms': async (view) => {
    await view.field('textarea', 0).focus()
    await view.page.keyboard.type('a\nb')
    assert.equal(await view.field('textarea', 0).inputValue(), 'a\nb')
    await view.field('textarea', 1).focus()
    await view.page.keyboard.type('a\n')
    assert.deepEqual(await view.hears('confirm'), { value: 'a' })
    assert.equal(await view.heardTimes('confirm'), 1)
  },
}
