import assert from 'node:assert/strict'
import test, { after, before, describe } from 'node:test'
import { needs } from '../needs.ts'
import { buildExample } from './build.ts'
import { openWatchedPhone } from './test-support/watched-phone.ts'
import { startWorld, type World } from './test-support/world.ts'

describe("the example, made by WeChat's own builder, on the phone in the browser", needs('chromium'), () => {
  let world: World
  before(async () => {
    world = await startWorld(buildExample)
  })
  after(() => world?.stop())

  test('[F81] logs in, shows who calls, keeps it over a reload and a walk to another page', async () => {
    await using phone = await openWatchedPhone(world, 'alice')
    await phone.see('No tea yet. A cup?')
    await phone.tap('A cup of Longjing')
    await phone.see("A cup of Pu'er")
    await phone.type('What shall we call you?', 'Ah Li')
    await phone.tap('Save')
    await phone.see('Ah Li')
    await phone.tap('History')
    await phone.see('All that happened to your account')
    await phone.back()
    await phone.reload()
    await phone.see('Hello, Ah Li')
    assert.equal(world.emulator.calls().length, 1, 'one login')
    await phone.isWell()
  })

  test('[F81] stays out after a logout, until a tap', async () => {
    await using phone = await openWatchedPhone(world, 'bob')
    await phone.tap('Log out')
    await phone.see('Log out?')
    await phone.tap('Log out')
    await phone.see('No badge yet')
    await phone.restart()
    await phone.tap('Log in with WeChat')
    await phone.see('No tea yet. A cup?')
    await phone.isWell()
  })
})
