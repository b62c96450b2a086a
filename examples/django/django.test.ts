// The shop for real: emulator, `yaopai serve`, Django and nginx, each in its own process.
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { after, before, describe, test } from 'node:test'
import { needs } from '../../tools/needs.ts'
import { type RealYaopai, startRealYaopai } from '../testing/real-yaopai.ts'
import { rawRequest } from './raw-request.ts'
import { type Shop, startShop } from './shop-process.ts'

type Variant = 'plain' | 'gateway'

const variants: [Variant, string][] = [
  ['plain', '[F70] Django alone'],
  ['gateway', '[F70][F72] Django behind nginx'],
]

const spellings = [
  'X-Yaopai-User',
  'x-yaopai-user',
  'X_Yaopai_User',
  'X-Yaopai_User',
  'X_YAOPAI-USER',
  'HTTP_X_YAOPAI_USER',
  'HTTP-X-YAOPAI-USER',
  'X.Yaopai.User',
  'X-Yaopai.User',
  "X'Yaopai'User",
  'X~Yaopai~User',
]

describe('the shop knows who calls', needs('python3-django', 'nginx'), () => {
  let yaopai: RealYaopai
  let shop: Shop

  before(async () => {
    yaopai = await startRealYaopai()
    shop = await startShop({ internalUrl: yaopai.internalUrl, env: { YAOPAI_API_KEY: yaopai.apiKey } })
  })
  after(async () => {
    assert.equal(await shop?.stop(), 0)
    await yaopai?.stop()
    assert.ok(!shop.output().includes(yaopai.apiKey))
    assert.doesNotMatch(shop.output(), /yp1_/)
  })

  const urlOf = (variant: Variant) => {
    const url = shop[variant]
    assert.ok(url, `${variant} did not start`)
    return url
  }
  const as = (token: string) => ({ headers: { authorization: `Bearer ${token}` } })
  const whoami = (variant: Variant, token: string) => fetch(`${urlOf(variant)}/whoami`, as(token))

  async function assertKnown(variant: Variant, token: string, userId: string) {
    const response = await whoami(variant, token)
    assert.equal(response.status, 200)
    assert.equal(userIdIn(await response.json()), userId)
  }

  for (const [variant, name] of variants) {
    test(`${name}: who logged in is known`, async () => {
      const alice = await yaopai.login('alice')
      const bob = await yaopai.login('bob')
      assert.notEqual(alice.userId, bob.userId)
      await assertKnown(variant, alice.token, alice.userId)
      await assertKnown(variant, bob.token, bob.userId)
    })

    test(`${name}: a stranger is told that no token was sent`, async () => {
      const response = await fetch(`${urlOf(variant)}/whoami`)
      assert.equal(response.status, 401)
      assert.equal(response.headers.get('content-type'), 'application/problem+json')
      assert.match(response.headers.get('www-authenticate') ?? '', /yaopai_code="missing_token"/)
      const problem = await response.json()
      assert.deepEqual([part(problem, 'code'), part(problem, 'class')], ['missing_token', 'relogin'])
    })

    test(`${name}: orders belong to the user who placed them`, async () => {
      const alice = await yaopai.login('alice')
      const bob = await yaopai.login('bob')
      const placed = await fetch(`${urlOf(variant)}/orders/`, {
        method: 'POST',
        body: JSON.stringify({ item: '龙井茶', quantity: 2 }),
        ...as(alice.token),
      })
      assert.equal(placed.status, 201)
      const id = part(await placed.json(), 'id')
      const listOf = async (token: string) =>
        JSON.stringify(await (await fetch(`${urlOf(variant)}/orders/`, as(token))).json())
      assert.match(await listOf(alice.token), /龙井茶/)
      assert.doesNotMatch(await listOf(bob.token), /龙井茶/)
      assert.equal((await fetch(`${urlOf(variant)}/orders/${id}/`, as(alice.token))).status, 200)
      assert.equal((await fetch(`${urlOf(variant)}/orders/${id}/`, as(bob.token))).status, 404)
    })

    test(`${name}: no spelling of X-Yaopai-User that a client sends gets through`, async () => {
      const alice = await yaopai.login('alice')
      const bob = await yaopai.login('bob')
      for (const spelling of spellings) {
        const lie = [
          [spelling, alice.userId],
          [spelling.replace(/user/i, 'Session'), alice.sessionId],
        ] as const
        const stranger = await rawRequest(`${urlOf(variant)}/whoami`, lie)
        assert.ok([400, 401].includes(stranger.status), `${spelling}: ${stranger.status}`)
        const headers = [['Authorization', `Bearer ${bob.token}`], ...lie, ...lie] as const
        const caller = await rawRequest(`${urlOf(variant)}/whoami`, headers)
        assert.ok([200, 400].includes(caller.status), `${spelling}: ${caller.status}`)
        assert.ok(!caller.body.includes(alice.userId), spelling)
        if (caller.status === 200) assert.equal(userIdIn(JSON.parse(caller.body)), bob.userId)
      }
    })

    test(`${name}: Authorization sent twice is refused`, async () => {
      const { token } = await yaopai.login('alice')
      const twice = [
        ['Authorization', `Bearer ${token}`],
        ['authorization', `Bearer ${token}`],
      ] as const
      assert.equal((await rawRequest(`${urlOf(variant)}/whoami`, twice)).status, 400)
    })

    test(`${name}: a token in the URL, a cookie or a form is no token`, async () => {
      const { token } = await yaopai.login('alice')
      const url = `${urlOf(variant)}/whoami`
      assert.equal((await fetch(`${url}?token=${token}&access_token=${token}`)).status, 401)
      assert.equal((await fetch(url, { headers: { cookie: `token=${token}` } })).status, 401)
      const body = new URLSearchParams({ token, access_token: token })
      assert.equal((await fetch(url, { method: 'POST', body })).status, 401)
    })

    test(`${name}: [F25] a login that was ended is refused with Yaopai's own reason`, async () => {
      const ended = await yaopai.login('alice')
      await assertKnown(variant, ended.token, ended.userId)
      const other = await yaopai.login('alice')
      const url = `${yaopai.publicUrl}/me/sessions/${ended.sessionId}`
      assert.equal((await fetch(url, { method: 'DELETE', ...as(other.token) })).status, 204)
      await assertReason(variant, ended.token, 'revoked_by_user')
      assert.equal(
        (await fetch(`${yaopai.publicUrl}/session`, { method: 'DELETE', ...as(other.token) })).status,
        204,
      )
      await assertReason(variant, other.token, 'logged_out')
    })
  }

  async function assertReason(variant: Variant, token: string, code: string) {
    const ownWord = await fetch(`${yaopai.publicUrl}/session`, as(token))
    const response = await whoami(variant, token)
    assert.equal(response.status, 401)
    const header = response.headers.get('www-authenticate')
    assert.equal(header, ownWord.headers.get('www-authenticate'))
    assert.match(header ?? '', new RegExp(`yaopai_code="${code}", yaopai_class="signed_out"`))
    const problem = await response.json()
    assert.deepEqual([part(problem, 'code'), part(problem, 'class')], [code, 'signed_out'])
  }

  test('[F70] what does not fit an order is refused by name, never by a 500', async () => {
    const { token } = await yaopai.login('alice')
    const deep = '['.repeat(15_000)
    const rows: [string, number, string?][] = [
      ['', 400, 'body'],
      ['[]', 400, 'body'],
      [deep, 400, 'body'],
      ['{"item":""}', 400, 'item'],
      ['{"item":"a\\u0000b"}', 400, 'item'],
      ['{"item":"\\ud800"}', 400, 'item'],
      [`{"item":"${'x'.repeat(81)}"}`, 400, 'item'],
      ['{"item":"tea","quantity":true}', 400, 'quantity'],
      ['{"item":"tea","quantity":1e99}', 400, 'quantity'],
      ['{"item":"tea","quantity":0}', 400, 'quantity'],
      [`{"item":"${'x'.repeat(20_000)}"}`, 413],
    ]
    for (const [body, status, field] of rows) {
      const response = await fetch(`${urlOf('plain')}/orders/`, { method: 'POST', body, ...as(token) })
      assert.equal(response.status, status, body.slice(0, 40))
      assert.equal(part(await response.json(), 'field'), field)
    }
    const huge = await fetch(`${urlOf('plain')}/orders/${'9'.repeat(30)}/`, as(token))
    assert.equal(huge.status, 404)
  })

  test('[F70] Django that trusts a gateway trusts nobody who comes over TCP', async () => {
    const { userId, sessionId } = await yaopai.login('alice')
    const child = spawn('/usr/bin/python3', ['serve.py', '127.0.0.1:0'], {
      cwd: import.meta.dirname,
      env: { SHOP_BEHIND_GATEWAY: '1', PYTHONUNBUFFERED: '1', PYTHONDONTWRITEBYTECODE: '1' },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    try {
      const [line] = await once(child.stdout, 'data')
      const url = /http:\S+/.exec(String(line))?.[0]
      const headers = [
        ['X-Yaopai-User', userId],
        ['X-Yaopai-Session', sessionId],
      ] as const
      assert.equal((await rawRequest(`${url}/whoami`, headers)).status, 401)
    } finally {
      child.kill()
    }
  })

  test('[F70][F72] what comes with Django serves both variants alike', async () => {
    const env = { YAOPAI_API_KEY: yaopai.apiKey }
    const second = await startShop({ internalUrl: yaopai.internalUrl, env, server: 'django' })
    try {
      const { token, userId } = await yaopai.login('bob')
      for (const url of [second.plain, second.gateway]) {
        const headers = [
          ['Authorization', `Bearer ${token}`],
          ['X_Yaopai_User', 'usr_forged'],
        ] as const
        const answer = await rawRequest(`${url}/whoami`, headers)
        assert.equal(answer.status, 200)
        assert.equal(userIdIn(JSON.parse(answer.body)), userId)
      }
    } finally {
      assert.equal(await second.stop(), 0)
    }
  })

  test('[F70] without an API key the shop does not start and says which setting is missing', () => {
    const ended = spawnSync('/usr/bin/python3', ['run.py'], {
      cwd: import.meta.dirname,
      env: {},
      encoding: 'utf8',
    })
    assert.equal(ended.status, 78)
    assert.match(ended.stderr, /YAOPAI_API_KEY/)
  })

  test('[F70][F72] Yaopai killed: closed with 503; started again: everybody is still known', async () => {
    const { token, userId } = await yaopai.login('alice')
    for (const [variant] of variants) await assertKnown(variant, token, userId)
    await yaopai.kill()
    for (const [variant] of variants) {
      const response = await whoami(variant, token)
      assert.equal(response.status, 503)
      assert.ok(response.headers.get('retry-after'))
      assert.equal(response.headers.get('www-authenticate'), null)
      assert.equal(part(await response.json(), 'code'), 'store_unavailable')
    }
    await yaopai.restart()
    for (const [variant] of variants) await assertKnown(variant, token, userId)
  })
})

function part(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined
}

function userIdIn(body: unknown): unknown {
  return part(part(body, 'user'), 'id')
}
