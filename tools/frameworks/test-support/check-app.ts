import assert from 'node:assert/strict'
import test, { after, before, describe } from 'node:test'
import { needs } from '../../needs.ts'
import type { Build } from '../build.ts'
import { openWatchedPhone } from './watched-phone.ts'
import { startWorld, type World } from './world.ts'

const CINNABAR = 'rgb(184, 69, 47)'
const JADE = 'rgb(47, 111, 94)'

/** What the small apps of tools/frameworks do on the phone in the browser, each built by its own framework. */
export function checkApp(name: string, build: Build): void {
  describe(`the phone in the browser, with what ${name} makes`, needs('chromium'), () => {
    let world: World
    before(async () => {
      world = await startWorld(build)
    })
    after(() => world?.stop())

    test('[F66][F81] logs in, shows who calls, keeps it over a reload and a walk to another page', async () => {
      await using phone = await openWatchedPhone(world, 'alice')
      await phone.see('你好')
      await phone.see('visit 1, start 1')
      assert.equal(await phone.colourOf('nobody yet'), JADE)
      assert.equal(await phone.pictureWidth(), 96)

      await phone.type('Nickname', '阿离')
      await phone.tap('Save')
      await phone.see('你好，阿离')

      await phone.tap('Cart')
      await phone.see('empty')
      await phone.tap('Add')
      await phone.see('1. Longjing (newest)')
      await phone.tap('Add')
      await phone.see("2. Pu'er (newest)")
      assert.equal(await phone.colourOf('1. Longjing'), CINNABAR)
      assert.notEqual(await phone.colourOf("2. Pu'er"), CINNABAR)
      await phone.back()
      await phone.see('visit 3, start 1')

      await phone.reload()
      await phone.see('visit 4, start 2')
      assert.equal(world.emulator.calls().length, 1, 'one login')
      await phone.isWell()
    })

    test('[F66][F81] stays out after a logout, until a tap', async () => {
      await using phone = await openWatchedPhone(world, 'bob')
      await phone.tap('Log out')
      await phone.see('Log in (logged_out)')
      await phone.restart()
      await phone.tap('Log in (logged_out)')
      await phone.see('visit 2, start 2')
      await phone.isWell()
    })
  })
}
