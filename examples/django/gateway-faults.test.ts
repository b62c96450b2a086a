// What nginx does with a /forward-auth that misbehaves. A stand-in plays it: the real one does not answer like this.
import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { needs } from '../../tools/needs.ts'
import { type Shop, startShop } from './shop-process.ts'
import { type Answer, type StandIn, startStandIn } from './stand-in.ts'

const alice = { 'x-yaopai-user': 'usr_alice', 'x-yaopai-session': 'ses_1', 'x-yaopai-app': 'wx1' }

describe('nginx over a Yaopai that misbehaves', needs('python3-django', 'nginx'), () => {
  let standIn: StandIn
  let shop: Shop

  before(async () => {
    standIn = await startStandIn()
    shop = await startShop({ internalUrl: standIn.url, env: { YAOPAI_API_KEY: 'yk1_unused' } })
  })
  beforeEach(() => {
    standIn.answer = head(200, alice)
  })
  after(async () => {
    assert.equal(await shop?.stop(), 0)
    standIn.close()
  })

  const whoami = (init?: RequestInit) =>
    fetch(`${shop.gateway}/whoami`, { headers: { authorization: 'Bearer a' }, ...init })

  test('[F72] nginx asks with the caller’s own Authorization, and without the body', async () => {
    let seen: unknown
    standIn.answer = (response, body, request) => {
      seen = { url: request.url, method: request.method, authorization: request.headers.authorization, body }
      head(200, alice)(response, body, request)
    }
    assert.equal((await whoami({ method: 'POST', body: 'x'.repeat(1000) })).status, 200)
    assert.deepEqual(seen, { url: '/forward-auth', method: 'GET', authorization: 'Bearer a', body: '' })
  })

  test('[F25][F72] a 403 keeps its reason, which nginx by itself would drop', async () => {
    const reason = 'Bearer error="invalid_token", yaopai_code="banned", yaopai_class="denied"'
    standIn.answer = head(403, { 'www-authenticate': reason })
    const response = await whoami()
    assert.equal(response.status, 403)
    assert.equal(response.headers.get('www-authenticate'), reason)
    assert.equal(response.headers.get('content-type'), 'application/problem+json')
    const problem = JSON.stringify(await response.json())
    assert.match(problem, /"code":"banned","class":"denied"/)
  })

  const titles: [number, string, string, string][] = [
    [401, 'expired', 'relogin', 'No session is open for this request'],
    [401, 'logged_out', 'signed_out', 'The session was ended'],
    [403, 'banned', 'denied', 'Access is denied'],
    [401, 'of_tomorrow', 'unheard_of', 'The request was refused'],
  ]
  for (const [status, code, errorClass, title] of titles) {
    test(`[F25][F72] the title fits the class ${errorClass}`, async () => {
      const reason = `Bearer error="invalid_token", yaopai_code="${code}", yaopai_class="${errorClass}"`
      standIn.answer = head(status, { 'www-authenticate': reason })
      const told = await (await whoami()).json()
      assert.deepEqual(told, { type: `/problems/${code}`, title, status, code, class: errorClass })
    })
  }

  const silent: Answer = () => {}
  const closed: [string, Answer][] = [
    ['500', head(500, alice)],
    ['503', head(503, alice)],
    ['404', head(404, alice)],
    ['a redirect', head(302, { ...alice, location: '/elsewhere' })],
    ['429', head(429, alice)],
    ['a cut line', (response) => response.destroy()],
    ['silence for more than 2 s', silent],
  ]
  for (const [name, answer] of closed) {
    test(`[F72] ${name} closes the door with 503 and Retry-After`, async () => {
      standIn.answer = answer
      const response = await whoami()
      assert.equal(response.status, 503)
      assert.equal(response.headers.get('retry-after'), '1')
      assert.match(JSON.stringify(await response.json()), /"code":"store_unavailable","class":"retry"/)
    })
  }

  const nobody: [string, Record<string, string>][] = [
    ['no user', {}],
    ['an empty user', { ...alice, 'x-yaopai-user': '' }],
    ['a user of another shape', { ...alice, 'x-yaopai-user': 'alice' }],
    ['no session', { 'x-yaopai-user': 'usr_alice' }],
  ]
  for (const [name, headers] of nobody) {
    test(`[F72] a 200 with ${name} makes nobody known, whatever the client says`, async () => {
      standIn.answer = head(200, headers)
      const lie = { 'X-Yaopai-User': 'usr_forged', 'X-Yaopai-Session': 'ses_forged' }
      const response = await whoami({ headers: { authorization: 'Bearer a', ...lie } })
      const body = await response.text()
      assert.doesNotMatch(body, /forged/)
      assert.equal(response.status, 401)
    })
  }
})

function head(status: number, headers: Record<string, string>): Answer {
  return (response) => response.writeHead(status, headers).end()
}
