import assert from 'node:assert/strict'
import type { Checks } from './case-view.ts'

export const button: Checks = {
  'button: A tap, Enter and Space all tell': async (view) => {
    await view.button('press').click()
    await view.page.keyboard.press('Tab')
    await view.button('press').focus()
    await view.page.keyboard.press('Enter')
    await view.page.keyboard.press('Space')
    await view.hears('tap', 3)
    assert.equal(await view.heardTimes('tap'), 3)
    assert.equal(await view.box.getByRole('button', { name: 'press' }).count(), 1)
  },
  'button: Disabled, its taps are heard by nobody': async (view) => {
    await view.button('cannot').click({ force: true })
    assert.equal(await view.heardTimes('tap'), 0)
    assert.equal(await view.button('cannot').getAttribute('aria-disabled'), 'true')
  },
  'button: loading shows that something turns': async (view) => {
    assert.equal(await view.style(view.tag('button').locator('.wx-spinner'), 'animation-name'), 'wx-spin')
  },
  'button: type, plain and size are its look': async (view) => {
    assert.notEqual(
      await view.style(view.button('primary'), 'background-color'),
      await view.style(view.button('warn'), 'background-color'),
    )
    assert.equal(await view.style(view.button('plain'), 'background-color'), 'rgba(0, 0, 0, 0)')
    assert.equal(await view.style(view.button('mini'), 'display'), 'inline-block')
  },
  'button: Pressed, it has its hover-class': async (view) => {
    const classes: string[] = []
    for (const label of ['usual', 'of its own', 'none']) {
      await view.button(label).hover()
      await view.page.mouse.down()
      if (label !== 'none') await view.box.locator('.button-hover, .pressed').waitFor()
      classes.push((await view.button(label).getAttribute('class')) ?? '')
      await view.page.mouse.up()
      await view.box.locator('.button-hover, .pressed').waitFor({ state: 'detached' })
    }
    assert.deepEqual(classes, ['button-hover', 'pressed', ''])
  },
  'button: getPhoneNumber asks for consent, and hands over a code': async (view) => {
    await view.button('phone number').click()
    await view.page.getByRole('button', { name: '允许', exact: true }).click()
    const detail = (await view.hears('getphonenumber')) as Record<string, unknown>
    assert.deepEqual(Object.keys(detail).sort(), ['code', 'encryptedData', 'errMsg', 'iv'])
    assert.equal(detail['errMsg'], 'getPhoneNumber:ok')
  },
  'button: chooseAvatar hands over a picture': async (view) => {
    await view.button('avatar').click()
    await view.page.getByRole('button', { name: /头像 1/ }).click()
    const detail = (await view.hears('chooseavatar')) as Record<string, unknown>
    assert.match(String(detail['avatarUrl']), /^(wxfile|http):\/\//)
  },
  'button: agreePrivacyAuthorization tells that it was agreed': async (view) => {
    await view.button('agree').click()
    assert.deepEqual(await view.hears('agreeprivacyauthorization'), {
      errMsg: 'agreePrivacyAuthorization:ok',
    })
  },
  'button: An open-type that is not here is named by the phone': async (view) => {
    await view.button('real-time number').click()
    await view.page.locator('.notice-missing').waitFor()
  },
}
