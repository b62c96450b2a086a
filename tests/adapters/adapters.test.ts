import assert from 'node:assert/strict'
import test, { describe, type TestContext } from 'node:test'
import { type Client, clients, type Outcome, readOnly } from './clients.ts'
import { filesOfPage } from './samples.ts'
import { openShop, type Shop } from './shop.ts'

const page = 'docs/guide/adapters.md'
const files = filesOfPage(page)
const ten = Array.from({ length: 10 }, (_, index) => index + 1)

test('[F66] the Chinese page has the same code', () => {
  const code = (path: string) =>
    [...filesOfPage(path)].map(([name, sample]) => [name, sample.code.replaceAll(/\/\*\*.*\*\/\n/g, '')])
  assert.deepEqual(code('docs/guide/zh-CN/adapters.md'), code(page))
})

for (const [name, start] of Object.entries(clients)) {
  const open = async (t: TestContext): Promise<Client & { shop: Shop }> => {
    const shop = await openShop(t)
    return { ...(await start(files, shop)), shop }
  }

  describe(`${name}, as ${page} has it`, () => {
    test('[F66] ten requests without a token are one login, and all are answered', async (t) => {
      const { shop, send } = await open(t)
      await tenOrders(shop, send)
      assert.equal(shop.logins(), 1)
    })

    test('[F66] ten requests with an expired token are one login, and all are answered', async (t) => {
      const { shop, send, token } = await open(t)
      await send('GET', `${shop.url}/orders/0`)
      const expired = token()
      shop.letTokensExpire()
      await tenOrders(shop, send)
      assert.equal(shop.logins(), 2)
      assert.notEqual(token(), expired)
    })

    test("[F66] a 401 of the back end's own passes through and costs no login", async (t) => {
      const { shop, send, token } = await open(t)
      await send('GET', `${shop.url}/orders/0`)
      const before = token()
      const { status, data } = await send('GET', `${shop.url}/vault`)
      assert.deepEqual([status, plain(data)], [401, { error: 'say the password' }])
      assert.deepEqual([shop.logins(), token()], [1, before])
    })

    test('[F66] who is refused with each token is sent twice, and then told', async (t) => {
      const { shop, send } = await open(t)
      await send('GET', `${shop.url}/orders/0`)
      shop.letAMinutePass()
      const { status, class: errorClass } = await send('GET', `${shop.url}/closed`)
      assert.ok(status === 401 || errorClass === 'relogin', `${status} ${errorClass}`)
      assert.deepEqual([shop.turnedAway(), shop.logins()], [2, 2])
    })

    test('[F66] the token goes to nobody else', async (t) => {
      const { shop, send } = await open(t)
      await send('GET', `${shop.url}/orders/0`)
      await send('GET', `${shop.stranger.url}/orders/0`)
      assert.deepEqual(shop.stranger.heard, [undefined])
    })

    test('[F66] who was logged out gets told, each of ten, and nobody is logged in again', async (t) => {
      const { shop, send, token } = await open(t)
      await send('GET', `${shop.url}/orders/0`)
      const headers = { Authorization: `Bearer ${token()}` }
      assert.equal((await fetch(`${shop.url}/session`, { method: 'DELETE', headers })).status, 204)
      const outcomes = await Promise.all(ten.map((id) => send('GET', `${shop.url}/orders/${id}`)))
      assert.deepEqual(
        outcomes,
        ten.map(() => ({ class: 'signed_out' })),
      )
      assert.equal(shop.logins(), 1)
    })
  })

  if (readOnly.has(name)) continue
  test(`[F66] ${name}: a POST is not sent twice, and the next one finds a token`, async (t) => {
    const { shop, send } = await open(t)
    await send('GET', `${shop.url}/orders/0`)
    shop.letTokensExpire()
    const refused = await send('POST', `${shop.url}/orders`)
    assert.ok(refused.status === 401 || refused.class === 'relogin', JSON.stringify(refused))
    assert.equal(shop.placed(), 0)
    const { class: errorClass } = await send('POST', `${shop.url}/orders`)
    assert.deepEqual([errorClass, shop.placed(), shop.logins()], [undefined, 1, 2])
  })
}

async function tenOrders(shop: Shop, send: Client['send']): Promise<void> {
  const outcomes = await Promise.all(ten.map((id) => send('GET', `${shop.url}/orders/${id}`)))
  const ids = outcomes.map(({ status, data }) => [status, plain(data)['id']])
  assert.deepEqual(
    ids,
    ten.map((id) => [200, String(id)]),
  )
  assert.equal(new Set(outcomes.map(({ data }) => plain(data)['of'])).size, 1)
}

// Objects of the other realm have other prototypes.
function plain(data: Outcome['data']): Record<string, unknown> {
  return JSON.parse(JSON.stringify(data))
}
