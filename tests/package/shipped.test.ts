import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { after, before, describe, type TestContext } from 'node:test'
import { createContext, runInContext } from 'node:vm'
import { createYaopai, type Yaopai } from '@yaopai/miniprogram'
import { bundleMiniprogram } from '../../tools/package/build-miniprogram.ts'
import { miniprogramPackage } from '../../tools/package/build-package.ts'
import { openShop, type Shop } from '../adapters/shop.ts'

const folder = mkdtempSync(join(tmpdir(), 'yaopai-shipped-'))

// Tests elsewhere run the source. Shortened names and lowered syntax are in this file alone.
describe('the very file that goes into mini programs', () => {
  before(() => bundleMiniprogram(miniprogramPackage, folder))
  after(() => rmSync(folder, { recursive: true, force: true }))

  test('[F57][F58] logs ten requests in at once, again when the token expired, and out', async (t) => {
    const { shop, yaopai } = await open(t)
    await tenOrders(shop, yaopai)
    assert.equal(shop.logins(), 1)
    shop.letTokensExpire()
    await tenOrders(shop, yaopai)
    assert.equal(shop.logins(), 2)
    assert.equal(await yaopai.logout(), true)
    const after = yaopai.request({ url: '/orders/1' })
    await assert.rejects(after, { code: 'logged_out', class: 'signed_out' })
    await yaopai.login()
    assert.equal((await yaopai.request({ url: '/orders', method: 'POST' })).statusCode, 201)
  })

  test('[F57] has every member that the types promise', async (t) => {
    const { shop, yaopai } = await open(t)
    const fromSource = createYaopai({ baseUrl: shop.url, platform: shop.wx })
    const kinds = (client: Yaopai) => Object.entries(client).map(([name, value]) => [name, typeof value])
    assert.deepEqual(kinds(yaopai), kinds(fromSource))
    await yaopai.ready()
    assert.match(yaopai.user?.id ?? '', /^usr_/)
    assert.match(yaopai.token() ?? '', /^yp1_/)
  })

  test('[F57] keeps in Storage what another build of it reads', async (t) => {
    const { shop, yaopai } = await open(t)
    await yaopai.ready()
    const fromAnother = start(shop, 'dist/index.js')
    await fromAnother.ready()
    assert.equal(fromAnother.token(), yaopai.token())
    assert.deepEqual({ ...fromAnother.user }, { ...yaopai.user })
    assert.equal(shop.logins(), 1)
  })

  test('[F57] tells what is wrong under the names of the types', async (t) => {
    const { shop, yaopai } = await open(t)
    shop.wx.phone.failNext('request', 'request:fail timeout', 5)
    const failed = yaopai.request({ url: '/orders/1', auth: false })
    await assert.rejects(failed, { name: 'YaopaiError', code: 'timeout', class: 'retry', errno: 5 })
    const [call] = [yaopai.request({ url: '/orders/1' })]
    call?.abort()
    await assert.rejects(call, { code: 'aborted', class: 'input' })
  })
})

async function open(t: TestContext): Promise<{ shop: Shop; yaopai: Yaopai }> {
  const shop = await openShop(t)
  return { shop, yaopai: start(shop, 'miniprogram_dist/index.js') }
}

function start(shop: Shop, built: string): Yaopai {
  const file = join(folder, built)
  const module = { exports: {} }
  const context = createContext({ setTimeout, clearTimeout, Date: shop.Date, wx: shop.wx })
  const run = runInContext(`(function (module, exports) {${readFileSync(file, 'utf8')}\n})`, context)
  run(module, module.exports)
  return Object(module.exports).createYaopai({ baseUrl: shop.url })
}

async function tenOrders(shop: Shop, yaopai: Yaopai): Promise<void> {
  const ten = Array.from({ length: 10 }, (_, id) => yaopai.request({ url: `${shop.url}/orders/${id}` }))
  const answers = await Promise.all(ten)
  assert.ok(answers.every(({ statusCode }) => statusCode === 200))
}
