// The demo for real: emulator, `yaopai serve` in its own process, the demo on a free port.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type RealYaopai, startRealYaopai } from '../testing/real-yaopai.ts'
import { type RunningDemo, start } from './start.ts'

describe('the demo back end', () => {
  let yaopai: RealYaopai
  let demo: RunningDemo
  const logged: string[] = []

  before(async () => {
    yaopai = await startRealYaopai()
    const { internalUrl, apiKey } = yaopai
    demo = await start({ port: 0, internalUrl, apiKey, log: (line) => logged.push(line) })
  })
  after(async () => {
    await demo?.stop()
    await yaopai?.stop()
  })

  const as = (token: string) => ({ authorization: `Bearer ${token}` })
  const whoami = (token: string) => fetch(`${demo.url}/whoami`, { headers: as(token) })
  const addToCart = (token: string, body: string) =>
    fetch(`${demo.url}/cart`, {
      method: 'POST',
      headers: { ...as(token), 'content-type': 'application/json' },
      body,
    })

  test('[F69] who logged in gets their own business data', async () => {
    const alice = await yaopai.login('alice')
    const bob = await yaopai.login('bob')
    assert.equal((await addToCart(alice.token, '{"item":"龙井茶"}')).status, 201)
    const first = await bodyOf(await whoami(alice.token))
    const second = await bodyOf(await whoami(alice.token))
    assert.equal(part(part(first, 'user'), 'id'), alice.userId)
    assert.equal(part(part(first, 'session'), 'id'), alice.sessionId)
    assert.deepEqual([part(first, 'visits'), part(second, 'visits')], [1, 2])
    assert.deepEqual(part(second, 'cart'), ['龙井茶'])
    const ofBob = await bodyOf(await whoami(bob.token))
    assert.deepEqual([part(part(ofBob, 'user'), 'id'), part(ofBob, 'visits')], [bob.userId, 1])
    assert.deepEqual(part(ofBob, 'cart'), [])
  })

  test('[F69] greets in the language of who calls', async () => {
    const { token } = await yaopai.login('erin')
    const rows: [string, string][] = [
      ['zh-CN', '你好'],
      ['zh', '你好'],
      ['en', 'Hello, you'],
      ['fr', 'Hello, you'],
      ['*', 'Hello, you'],
    ]
    for (const [language, greeting] of rows) {
      const headers = { ...as(token), 'accept-language': language }
      assert.equal(part(await bodyOf(await fetch(`${demo.url}/whoami`, { headers })), 'greeting'), greeting)
    }
  })

  test('[F69] a second login of the same user finds the same data', async () => {
    const first = await yaopai.login('carol')
    await addToCart(first.token, '{"item":"tea"}')
    const second = await yaopai.login('carol')
    assert.notEqual(second.token, first.token)
    const cart = await bodyOf(await fetch(`${demo.url}/cart`, { headers: as(second.token) }))
    assert.deepEqual(part(cart, 'cart'), ['tea'])
  })

  test('[F69] strangers may read the home page and are told that no token was sent elsewhere', async () => {
    assert.equal((await fetch(demo.url)).status, 200)
    const response = await fetch(`${demo.url}/whoami`)
    assert.equal(response.status, 401)
    assert.match(response.headers.get('content-type') ?? '', /^application\/problem\+json/)
    assert.match(response.headers.get('www-authenticate') ?? '', /yaopai_code="missing_token"/)
    assert.equal(part(await bodyOf(response), 'code'), 'missing_token')
  })

  test('[F25][F69] who logged out is refused with Yaopai’s own reason, in header and body', async () => {
    const { token } = await yaopai.login('alice')
    assert.equal((await whoami(token)).status, 200)
    const session = `${yaopai.publicUrl}/session`
    assert.equal((await fetch(session, { method: 'DELETE', headers: as(token) })).status, 204)
    const ownWord = await fetch(session, { headers: as(token) })
    const response = await whoami(token)
    assert.equal(response.status, 401)
    assert.equal(response.headers.get('www-authenticate'), ownWord.headers.get('www-authenticate'))
    const problem = await bodyOf(response)
    assert.deepEqual([part(problem, 'code'), part(problem, 'class')], ['logged_out', 'signed_out'])
  })

  test('[F69] what does not fit a cart is refused by name', async () => {
    const { token } = await yaopai.login('dave')
    const rows: [string, number][] = [
      ['', 400],
      ['[]', 400],
      ['{"item":', 400],
      ['{"item":""}', 400],
      ['{"item":7}', 400],
      [`{"item":"${'x'.repeat(81)}"}`, 400],
      [`{"item":"${'x'.repeat(5000)}"}`, 413],
    ]
    for (const [body, status] of rows) {
      const response = await addToCart(token, body)
      assert.equal(response.status, status, body.slice(0, 20))
      assert.equal(part(await bodyOf(response), 'class'), 'input')
    }
    for (let placed = 0; placed < 50; placed += 1) await addToCart(token, '{"item":"tea"}')
    assert.equal((await addToCart(token, '{"item":"tea"}')).status, 409)
    assert.equal((await fetch(`${demo.url}/nowhere`)).status, 404)
  })

  test('[F69] Yaopai killed: closed with 503; started again: everybody is still known', async () => {
    const { token, userId } = await yaopai.login('alice')
    await yaopai.kill()
    const response = await whoami(token)
    assert.equal(response.status, 503)
    assert.ok(response.headers.get('retry-after'))
    assert.equal(part(await bodyOf(response), 'code'), 'store_unavailable')
    assert.ok(logged.length > 0)
    assert.ok(!logged.join().includes(yaopai.apiKey) && !logged.join().includes(token))
    await yaopai.restart()
    const known = await bodyOf(await whoami(token))
    assert.equal(part(part(known, 'user'), 'id'), userId)
  })
})

function bodyOf(response: Response): Promise<unknown> {
  return response.json()
}

function part(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined
  return Object.entries(value).find(([key]) => key === name)?.[1]
}
