import assert from 'node:assert/strict'
import type { CaseView, Checks } from './case-view.ts'

/** Opens a picker by the words in it, and turns its wheels by keys. */
async function turn(view: CaseView, words: string, ...keys: string[]): Promise<void> {
  await view.tag('picker').filter({ hasText: words }).click()
  await view.page.getByRole('dialog').waitFor()
  for (const key of keys) await view.page.keyboard.press(key)
}

const sheet = (view: CaseView) => view.page.locator('.wx-sheet')

export const picker: Checks = {
  'picker: A selector tells the row that was confirmed': async (view) => {
    await turn(view, 'choose a fruit', 'ArrowDown', 'ArrowDown')
    await view.says(sheet(view), 'Fruit')
    await sheet(view).getByRole('button', { name: '确定' }).click()
    assert.deepEqual(await view.hears('change'), { value: 2 })
    assert.equal(await sheet(view).count(), 0)
    await turn(view, 'choose a fruit', 'ArrowUp', 'Enter')
    assert.deepEqual(await view.hears('change', 2), { value: 1 })
  },
  'picker: Cancelled, it tells that alone: by its button, by Escape, by a press beside it': async (view) => {
    await turn(view, 'choose none', 'ArrowDown')
    await sheet(view).getByRole('button', { name: '取消' }).click()
    await view.hears('cancel')
    await turn(view, 'choose none', 'Escape')
    await view.hears('cancel', 2)
    await turn(view, 'choose none')
    await sheet(view).click({ position: { x: 100, y: 100 } })
    await view.hears('cancel', 3)
    assert.equal(await view.heardTimes('change'), 0)
  },
  'picker: A column that turns lets the page change the next': async (view) => {
    await turn(view, 'choose a city', 'ArrowDown')
    assert.deepEqual(await view.hears('columnchange'), { column: 0, value: 1 })
    await view.says(sheet(view), 'Zhuhai')
    await view.page.keyboard.press('Tab')
    await view.page.keyboard.press('End')
    await view.page.keyboard.press('Enter')
    assert.deepEqual(await view.hears('change'), { value: [1, 2] })
  },
  'picker: A time stays between start and end': async (view) => {
    await turn(view, 'choose a time', 'Enter')
    assert.deepEqual(await view.hears('change'), { value: '09:30' })
    await turn(view, 'choose a time', 'End', 'Tab', 'End', 'Enter')
    assert.deepEqual(await view.hears('change', 2), { value: '11:15' })
  },
  'picker: A date knows its months, and fields says how much of it': async (view) => {
    await turn(view, 'choose a day', 'Tab', 'ArrowDown', 'Enter')
    assert.deepEqual(await view.hears('change'), { value: '2024-02-29' })
    await turn(view, 'choose a month', 'Tab', 'ArrowDown', 'Enter')
    assert.deepEqual(await view.hears('change', 2), { value: '2024-02' })
  },
  'picker: A region tells names, codes and the postcode': async (view) => {
    await turn(view, 'choose a region', 'ArrowDown')
    await view.says(sheet(view), '仅含部分地区')
    await view.page.keyboard.press('Enter')
    assert.deepEqual(await view.hears('change'), {
      value: ['上海市', '上海市', '黄浦区'],
      code: ['310000', '310100', '310101'],
      postcode: '200000',
    })
  },
  'picker: Disabled, it does not open': async (view) => {
    await view.tag('picker').click({ force: true })
    assert.equal(await sheet(view).count(), 0)
  },
  'picker-view: A column that is turned tells the rows of all, and stands where data says': async (view) => {
    const [left, right] = [
      view.box.getByRole('spinbutton', { name: 'left' }),
      view.box.getByRole('spinbutton', { name: 'right' }),
    ]
    assert.equal(await right.getAttribute('aria-valuetext'), 'three')
    await left.focus()
    await view.page.keyboard.press('ArrowDown')
    assert.deepEqual(await view.hears('change'), { value: [2, 2] })
    await view.hears('pickstart')
    await view.hears('pickend')
    await right.click({ position: { x: 20, y: 20 } })
    assert.deepEqual(await view.hears('change', 2), { value: [2, 1] })
    await view.button('to four').click()
    await left.and(view.box.locator('[aria-valuetext=four]')).waitFor()
  },
  'picker-view-column: Its rows are as high as the frame in its middle': async (view) => {
    assert.equal((await view.size(view.tag('picker-view-column').locator('wx-view').first())).height, 40)
  },
}
