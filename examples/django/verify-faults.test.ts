// What Django does with a Yaopai that misbehaves. A stand-in plays it: the real one does not answer like this.
import assert from 'node:assert/strict'
import { Agent } from 'node:http'
import { after, before, beforeEach, describe, test } from 'node:test'
import { needs } from '../../tools/needs.ts'
import { rawRequest } from './raw-request.ts'
import { type Shop, startShop } from './shop-process.ts'
import { type Answer, type StandIn, startStandIn } from './stand-in.ts'

const apiKey = 'yk1_a-key-that-no-log-may-show'
const alice = {
  ok: true,
  user: { id: 'usr_alice', nickname: '爱丽丝' },
  session: { id: 'ses_1', appid: 'wx1' },
}

describe('Django over a Yaopai that misbehaves', needs('python3-django'), () => {
  let standIn: StandIn
  let shop: Shop

  before(async () => {
    standIn = await startStandIn()
    shop = await startShop({ internalUrl: standIn.url, env: { YAOPAI_API_KEY: apiKey } })
  })
  beforeEach(() => {
    standIn.calls = 0
    standIn.connections.clear()
    standIn.answer = json(200, alice)
  })
  after(async () => {
    assert.equal(await shop?.stop(), 0)
    standIn.close()
    assert.doesNotMatch(shop.output(), /no-log-may-show|token-of-alice/)
  })

  const whoami = (authorization?: string) =>
    fetch(`${shop.plain}/whoami`, authorization === undefined ? {} : { headers: { authorization } })

  async function assertClosed(response: Response) {
    assert.equal(response.status, 503)
    assert.equal(response.headers.get('content-type'), 'application/problem+json')
    assert.equal(response.headers.get('retry-after'), '1')
    assert.equal(codeOf(await response.json()), 'store_unavailable')
  }

  test('[F70] the token goes to /verify in the body, the API key in the header', async () => {
    let seen: unknown
    standIn.answer = (response, body, request) => {
      seen = { url: request.url, method: request.method, authorization: request.headers.authorization, body }
      json(200, alice)(response, body, request)
    }
    const response = await whoami('Bearer token-of-alice')
    assert.equal(response.status, 200)
    assert.deepEqual(seen, {
      url: '/verify',
      method: 'POST',
      authorization: `Bearer ${apiKey}`,
      body: '{"token": "token-of-alice"}',
    })
  })

  test('[F70] a request without a token is refused without asking', async () => {
    for (const authorization of [
      undefined,
      '',
      'Basic YTpi',
      'Bearer',
      'Bearer a b',
      `Bearer ${'a'.repeat(513)}`,
    ]) {
      const response = await whoami(authorization)
      assert.equal(response.status, 401, authorization)
      assert.match(response.headers.get('www-authenticate') ?? '', /yaopai_class="relogin"/)
    }
    assert.equal(standIn.calls, 0)
  })

  test('[F70] 96 requests, eight at a time, share few connections, and each gets its own answer', async () => {
    standIn.answer = (response, body, request) => {
      const { token } = JSON.parse(body) as { token: string }
      const delayMs = Number(token.slice(4)) % 7
      setTimeout(() => json(200, { ...alice, user: { id: token } })(response, body, request), delayMs)
    }
    const ask = async (id: string) =>
      (await (await whoami(`Bearer ${id}`)).json()) as { user: { id: string } }
    for (let first = 0; first < 96; first += 8) {
      const ids = Array.from({ length: 8 }, (_, index) => `usr_${first + index}`)
      const answers = await Promise.all(ids.map(ask))
      assert.deepEqual(
        answers.map(({ user }) => user.id),
        ids,
      )
    }
    assert.equal(standIn.calls, 96)
    assert.ok(standIn.connections.size <= 16, `${standIn.connections.size} connections`)
  })

  test('[F70] a kept connection that Yaopai closed costs nobody a refusal', async () => {
    await whoami('Bearer token-of-alice')
    standIn.dropConnections()
    assert.equal((await whoami('Bearer token-of-alice')).status, 200)
  })

  test('[F70] bodies that no view reads hold no thread', { timeout: 20_000 }, async () => {
    const agent = new Agent({ keepAlive: true })
    const sent = { agent, body: 'x'.repeat(100_000) }
    const post = () => rawRequest(`${shop.plain}/whoami`, [['Authorization', 'Bearer a']], sent)
    const statuses = (await Promise.all(Array.from({ length: 16 }, post))).map(({ status }) => status)
    assert.deepEqual(new Set(statuses), new Set([200]))
    assert.equal((await rawRequest(`${shop.plain}/`, [])).status, 200)
    agent.destroy()
  })

  const nonsense: [string, Answer][] = [
    ['a page instead of a verdict', (response) => response.end('<html>ok: true</html>')],
    ['a verdict of no type', json(200, null)],
    ['ok without a user', json(200, { ok: true, session: { id: 'ses_1' } })],
    ['ok that is only truthy', json(200, { ...alice, ok: 1 })],
    ['a user id that is no text', json(200, { ...alice, user: { id: 7 } })],
    ['a refusal without a status', json(200, { ok: false, problem: { code: 'expired' } })],
    ['a refusal that would be a success', json(200, { ok: false, problem: { status: 200 } })],
    ['brackets beyond count', (response) => response.end('['.repeat(60_000))],
    [
      'an answer without end',
      (response) => response.end(JSON.stringify({ ...alice, pad: 'x'.repeat(70_000) })),
    ],
    ['a refused API key', json(401, { code: 'invalid_token' })],
    ['a key without the scope', json(403, { code: 'insufficient_scope' })],
    ['a redirect', (response) => response.writeHead(302, { location: '/elsewhere' }).end()],
    ['a bug', json(500, alice)],
    ['a cut line', (response) => response.destroy()],
    [
      'half an answer',
      (response) => {
        response.writeHead(200, { 'content-length': '500' })
        response.write('{"ok":true')
        response.destroy()
      },
    ],
    ['silence for more than 2 s', () => {}],
  ]
  for (const [name, nonsenseAnswer] of nonsense) {
    test(`[F70] ${name} is 503, never an identity and never a 401`, async () => {
      standIn.answer = nonsenseAnswer
      await assertClosed(await whoami('Bearer token-of-alice'))
    })
  }

  const advice: [number, RegExp][] = [
    [401, /Yaopai does not know the API key \(401\): name it in YAOPAI_API_KEYS or "backends"/],
    [403, /Yaopai refuses the API key \(403\): give it the scope introspect/],
    [404, /Yaopai has no such route \(404\): YAOPAI_INTERNAL_URL/],
  ]
  for (const [status, told] of advice) {
    test(`[F70] the log says what to mend when Yaopai answers ${status}`, async () => {
      standIn.answer = json(status, {})
      await assertClosed(await whoami('Bearer token-of-alice'))
      assert.match(shop.output(), told)
    })
  }

  test('[F70] a token on a route open to strangers is not taken for a stranger while Yaopai fails', async () => {
    standIn.answer = json(500, {})
    await assertClosed(await fetch(shop.plain, { headers: { authorization: 'Bearer token-of-alice' } }))
    assert.equal((await fetch(shop.plain)).status, 200)
  })

  test('[F25][F70] the reason reaches the client word for word', async () => {
    const problem = {
      type: 'x:y',
      title: '已被撤销',
      status: 403,
      code: 'banned',
      class: 'denied',
      detail: '…',
      n: 1,
    }
    standIn.answer = json(200, { ok: false, problem, wwwAuthenticate: 'Bearer yaopai_code="banned"' })
    const response = await whoami('Bearer token-of-alice')
    assert.equal(response.status, 403)
    assert.equal(response.headers.get('content-type'), 'application/problem+json')
    assert.equal(response.headers.get('www-authenticate'), 'Bearer yaopai_code="banned"')
    assert.deepEqual(await response.json(), problem)
  })
})

function json(status: number, body: unknown): Answer {
  return (response) => {
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(JSON.stringify(body))
  }
}

function codeOf(body: unknown): unknown {
  return typeof body === 'object' && body !== null && 'code' in body ? body.code : undefined
}
