import assert from 'node:assert/strict'
import test, { after, before, describe } from 'node:test'
import { needs } from '../needs.ts'
import { buildExample } from './build.ts'
import { openPhone } from './test-support/open-phone.ts'
import { startWorld, type World } from './test-support/world.ts'

describe("the phone in the browser, with what WeChat's own builder makes of the example", needs('chromium'), () => {
  let world: World
  before(async () => {
    world = await startWorld(buildExample)
  })
  after(() => world?.stop())

  test('[F81] logs in, keeps it over a reload, and walks to another page and back', async () => {
    const phone = await openPhone(world, 'alice')
    await phone.shows('微信用户')
    await phone.shows('来访次数')
    await phone.close()
  })
})
