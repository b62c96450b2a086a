import assert from 'node:assert/strict'
import type { Checks } from './case-view.ts'

const full = {
  input: 'i',
  textarea: 't',
  switch: true,
  slider: 30,
  boxes: ['a', 'b'],
  radios: 'y',
  picker: '1',
  nested: 'n',
  own: '5',
  grouped: 'of the group',
}

const empty = {
  input: '',
  textarea: '',
  switch: false,
  slider: 0,
  boxes: [],
  radios: '',
  picker: 0,
  nested: '',
  own: '5',
  grouped: '',
}

export const form: Checks = {
  'form: submit collects every field by its name, reset empties them': async (view) => {
    await view.button('submit').click()
    const first = (await view.hears('submit')) as Record<string, unknown>
    assert.deepEqual(first['value'], full)
    const target = first['target'] as Record<string, unknown>
    assert.deepEqual([target['id'], target['dataset']], ['send', { kind: 'first' }])
    await view.button('reset').click()
    await view.hears('reset')
    await view.button('submit').click()
    assert.deepEqual(((await view.hears('submit', 2)) as Record<string, unknown>)['value'], empty)
  },
  'label: A tap on its words presses the control within': async (view) => {
    await view.box.getByText('words of the label').click()
    assert.deepEqual(await view.hears('change'), { value: ['within'] })
    await view.tag('checkbox').click()
    assert.deepEqual(await view.hears('change', 2), { value: [] })
    assert.equal(await view.heardTimes('change'), 2)
    await view.box.getByRole('checkbox', { name: 'words of the label' }).waitFor()
  },
  'label: for names the control by its id': async (view) => {
    await view.box.getByText('words elsewhere').click()
    assert.deepEqual(await view.hears('change'), { value: true })
    await view.box.getByRole('switch', { name: 'words elsewhere' }).waitFor()
  },
  'checkbox-group: Tells the values that are ticked, in the order of the page': async (view) => {
    await view.tag('checkbox').filter({ hasText: 'box a' }).click()
    assert.deepEqual(await view.hears('change'), { value: ['a', 'b'] })
    await view.tag('checkbox').filter({ hasText: 'box b' }).click()
    assert.deepEqual(await view.hears('change', 2), { value: ['a'] })
  },
  'checkbox: Is ticked by the keyboard too, and never when disabled': async (view) => {
    await view.tag('checkbox').filter({ hasText: 'open' }).focus()
    await view.page.keyboard.press('Space')
    assert.deepEqual(await view.hears('change'), { value: ['one'] })
    await view.tag('checkbox').filter({ hasText: 'closed' }).click({ force: true })
    assert.equal(await view.heardTimes('change'), 1)
    assert.equal(await view.box.getByRole('checkbox', { name: 'open', checked: true }).count(), 1)
  },
  'radio-group: One at a time, and told which': async (view) => {
    await view.tag('radio').filter({ hasText: 'medium' }).click()
    assert.deepEqual(await view.hears('change'), { value: 'm' })
    await view.tag('radio').filter({ hasText: 'medium' }).click()
    assert.equal(await view.heardTimes('change'), 1)
    assert.equal(await view.box.getByRole('radio', { checked: true }).count(), 1)
  },
  'radio: Arrow keys go from one to the next': async (view) => {
    await view.tag('radio').filter({ hasText: 'north' }).focus()
    await view.page.keyboard.press('ArrowDown')
    assert.deepEqual(await view.hears('change'), { value: 's' })
    await view.page.keyboard.press('ArrowDown')
    assert.deepEqual(await view.hears('change', 2), { value: 'n' })
  },
  'switch: Tells whether it is on, by finger and by keyboard; not when disabled': async (view) => {
    await view.tag('switch').nth(0).click()
    assert.deepEqual(await view.hears('change'), { value: true })
    await view.page.keyboard.press('Space')
    assert.deepEqual(await view.hears('change', 2), { value: false })
    await view.tag('switch').nth(1).click()
    assert.deepEqual(await view.hears('change', 3), { value: true })
    await view.tag('switch').nth(2).click({ force: true })
    assert.equal(await view.heardTimes('change'), 3)
    assert.equal(await view.box.getByRole('switch', { name: 'light' }).count(), 1)
  },
  'slider: Tells while it moves and when it rests, by steps': async (view) => {
    await view.field('slider').focus()
    await view.page.keyboard.press('ArrowRight')
    assert.deepEqual(await view.hears('changing'), { value: 25 })
    assert.deepEqual(await view.hears('change'), { value: 25 })
    await view.says(view.tag('slider'), '25')
    await view.page.keyboard.press('End')
    assert.deepEqual(await view.hears('change', 2), { value: 50 })
  },
}
