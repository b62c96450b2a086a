import assert from 'node:assert/strict'
import test, { after, before, describe } from 'node:test'
import { needs } from '../needs.ts'
import { buildExample } from './build.ts'
import { openPhone } from './test-support/open-phone.ts'
import { startWorld, type World } from './test-support/world.ts'

describe("the example, made by WeChat's own builder, on the phone in the browser", needs('chromium'), () => {
  let world: World
  before(async () => {
    world = await startWorld(buildExample)
  })
  after(() => world?.stop())

  test('[F81] logs in, shows who calls, keeps it over a reload and a walk to another page', async () => {
    const phone = await openPhone(world, 'alice')
    await phone.shows('茶席还空着，来一杯？')
    await phone.tap('来一杯龙井')
    await phone.shows('来一杯普洱')
    await phone.type('阿离')
    await phone.tap('保存')
    await phone.shows('昵称已保存')
    await phone.tap('登录记录')
    await phone.shows('登录成功')
    await phone.back()
    await phone.reload()
    await phone.shows('你好，阿离')
    assert.equal(world.emulator.calls().length, 1, 'one login')
    await phone.close()
  })

  test('[F81] stays out after a logout, until a tap', async () => {
    const phone = await openPhone(world, 'bob')
    await phone.tap('退出登录')
    await phone.shows('退出登录？')
    await phone.tap('退出登录')
    await phone.shows('尚未佩牌')
    await phone.reload()
    await phone.tap('微信登录')
    await phone.shows('来访次数')
    await phone.close()
  })
})
