import assert from 'node:assert/strict'
import { createHmac, randomBytes, sign } from 'node:crypto'
import { test } from 'node:test'
import { createMovedClock } from '../../../testing/moved-clock.ts'
import { createAssertions } from '../../assertions.ts'
import { type Desk, openDesk } from '../../http/testing/desk.ts'
import { newUserId } from '../../ids.ts'
import { systemRandom } from '../../random.ts'
import { Secret } from '../../secret.ts'
import { deriveSigningKey } from '../../signing-keys.ts'
import { createAssertionVerifier } from './assertion-verifier.ts'

const ORDERS = 'https://orders.example.com'
const JWKS_URL = 'http://yaopai.test/.well-known/jwks.json'

function masterKey(kid: string) {
  return { kid, key: new Secret(randomBytes(32).toString('base64')) }
}

function deskFor(...audiences: string[]): Desk {
  const plain = openDesk()
  const [backend] = plain.deps.backends
  assert.ok(backend)
  const backends = audiences.map((audience, index) => ({ ...backend, name: `b${index}`, audience }))
  return openDesk({ deps: { backends } })
}

function verifierOf(desk: Desk, audience = ORDERS) {
  let fetches = 0
  const verify = createAssertionVerifier({
    jwksUrl: JWKS_URL,
    audience,
    now: () => new Date(desk.clock.nowMs()),
    fetch: (input, init) => {
      fetches += 1
      return desk.internalHandler(new Request(input, init), { ip: '127.0.0.1' })
    },
  })
  return { verify, fetches: () => fetches }
}

async function assertionOf(desk: Desk, token: string, query = ''): Promise<string | null> {
  const response = await desk.internally(`/forward-auth${query}`, { token })
  assert.equal(response.status, 200)
  return response.headers.get('x-yaopai-assertion')
}

test('[F28] a back end verifies locally; after a revocation none is issued and the old one dies within a minute', async () => {
  const desk = deskFor(ORDERS)
  const { verify, fetches } = verifierOf(desk)
  const { token, user, session } = await desk.login('alice-1')
  const assertion = await assertionOf(desk, token)
  const known = { ok: true, userId: user.id, sessionId: session.id, appid: session.appid }
  for (let n = 0; n < 20; n += 1) assert.deepEqual(await verify(assertion), known)
  assert.equal(fetches(), 1)
  await desk.publicly('/session', { method: 'DELETE', token })
  const refused = await desk.internally('/forward-auth', { token })
  assert.deepEqual([refused.status, refused.headers.get('x-yaopai-assertion')], [401, null])
  desk.clock.advanceSeconds(66)
  assert.deepEqual(await verify(assertion), { ok: false, status: 401, reason: 'ERR_JWT_EXPIRED' })
})

test('[T16] an assertion is for the audience that the gateway names, and no other back end takes it', async () => {
  const desk = deskFor(ORDERS, 'https://stock.example.com')
  const { token } = await desk.login('alice-1')
  assert.equal(await assertionOf(desk, token), null, 'two audiences, and none named')
  const forOrders = await assertionOf(desk, token, `?audience=${encodeURIComponent(ORDERS)}`)
  assert.equal((await verifierOf(desk).verify(forOrders)).ok, true)
  const elsewhere = await verifierOf(desk, 'https://stock.example.com').verify(forOrders)
  assert.deepEqual(elsewhere, { ok: false, status: 401, reason: 'ERR_JWT_CLAIM_VALIDATION_FAILED' })
})

test('[T16] a gateway that names an audience nobody has is told so, and strangers get no assertion', async () => {
  const desk = deskFor(ORDERS)
  const { token } = await desk.login('alice-1')
  const unknown = await desk.internally('/forward-auth?audience=https://else.example.com', { token })
  assert.equal(unknown.status, 500)
  assert.match(await unknown.text(), /audience of one of the configured/)
  const stranger = await desk.internally('/forward-auth?optional=1')
  assert.deepEqual([stranger.status, stranger.headers.get('x-yaopai-assertion')], [200, null])
})

test('the keys may be cached, and show no private part', async () => {
  const response = await openDesk().internally('/.well-known/jwks.json')
  assert.equal(response.headers.get('cache-control'), 'public, max-age=300')
  const { keys } = Object(await response.json())
  assert.equal(keys.length, 1)
  assert.ok(!('d' in keys[0]))
  assert.equal((await openDesk().publicly('/.well-known/jwks.json')).status, 404)
})

const clock = createMovedClock()
const SESSION = {
  selector: 4711,
  userId: newUserId(clock, systemRandom),
  appid: 'wxa1b2c3d4e5f60718',
  idleDeadlineMs: clock.nowMs() + 3_600_000,
  absoluteDeadlineMs: clock.nowMs() + 7_200_000,
}

function verifierOfKeys(jwks: () => Response) {
  let fetches = 0
  const now = () => new Date(clock.nowMs())
  const fetchKeys = async () => {
    fetches += 1
    return jwks()
  }
  const verify = createAssertionVerifier({ jwksUrl: JWKS_URL, audience: ORDERS, now, fetch: fetchKeys })
  return { verify, fetches: () => fetches }
}

test('[T33] a retired kid is refused, an unknown one too, without crash or storm of fetches', async () => {
  const [kept, retired] = [masterKey('k2'), masterKey('k1')]
  const { verify, fetches } = verifierOfKeys(() => Response.json(createAssertions([kept], clock).jwks()))
  const good = createAssertions([kept, retired], clock).assertionFor(SESSION, ORDERS)
  assert.equal((await verify(good)).ok, true)
  const late = createAssertions([retired], clock).assertionFor(SESSION, ORDERS)
  const refusal = { ok: false, status: 401, reason: 'ERR_JWKS_NO_MATCHING_KEY' }
  assert.deepEqual(await verify(late), refusal)
  for (let n = 0; n < 200; n += 1) {
    const jwt = createAssertions([masterKey(`made-up-${n}`)], clock).assertionFor(SESSION, ORDERS)
    assert.deepEqual(await verify(jwt), refusal)
  }
  assert.ok(fetches() <= 2, `${fetches()} fetches`)
  assert.equal((await verify(good)).ok, true)
})

test('[T33] no other algorithm, key or form is taken for a signature', async () => {
  const key = masterKey('k1')
  const { kid, privateKey, jwk } = deriveSigningKey(key)
  const { verify } = verifierOfKeys(() => Response.json({ keys: [jwk] }))
  const good = createAssertions([key], clock).assertionFor(SESSION, ORDERS)
  const [header = '', claims = '', signature = ''] = good.split('.')
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const told = JSON.parse(Buffer.from(claims, 'base64url').toString())
  /** With a good signature: what is wrong is what it says. */
  const signed = (head: object, more: object) => {
    const input = `${part({ alg: 'ES256', kid, ...head })}.${part({ ...told, ...more })}`
    const made = sign('sha256', Buffer.from(input), { key: privateKey, dsaEncoding: 'ieee-p1363' })
    return `${input}.${made.toString('base64url')}`
  }
  assert.equal((await verify(signed({}, {}))).ok, true)
  const hmac = `${part({ alg: 'HS256', kid })}.${claims}`
  const forged = {
    none: `${part({ alg: 'none', kid })}.${claims}.`,
    hmac: `${hmac}.${createHmac('sha256', JSON.stringify(jwk)).update(hmac).digest('base64url')}`,
    der: `${header}.${claims}.${sign('sha256', Buffer.from(`${header}.${claims}`), privateKey).toString('base64url')}`,
    stranger: `${header}.${claims}.${sign('sha256', Buffer.from(`${header}.${claims}`), {
      key: deriveSigningKey(masterKey('k1')).privateKey,
      dsaEncoding: 'ieee-p1363',
    }).toString('base64url')}`,
    otherClaims: `${header}.${part({ ...told, sub: 'usr_x' })}.${signature}`,
    critical: signed({ crit: ['roles'], roles: 'admin' }, {}),
    unencoded: signed({ crit: ['b64'], b64: false }, {}),
    otherCurve: signed({ alg: 'ES384' }, {}),
    ofTheFuture: signed({}, { iat: told.iat + 6, exp: told.exp + 6 }),
    notYet: signed({}, { nbf: told.iat + 6 }),
    forEver: signed({}, { iat: told.iat - 66, exp: told.exp + 1e9 }),
    endless: signed({}, { exp: undefined }),
    undated: signed({}, { iat: undefined }),
    otherIssuer: signed({}, { iss: 'yaopai.example' }),
    forAll: signed({}, { aud: ['*'] }),
    numbers: signed({}, { sub: 7 }),
    longer: `${good}${'A'.repeat(1_000_000)}`,
    ownKey: `${part({ alg: 'ES256', kid, jwk: deriveSigningKey(masterKey('x')).jwk })}.${claims}.${signature}`,
    twice: `${good}, ${good}`,
    noise: 'x.y.z',
  }
  for (const [name, jwt] of Object.entries(forged)) {
    const verdict = await verify(jwt)
    assert.ok(!verdict.ok, name)
    assert.equal(verdict.status, 401, name)
  }
  for (const nothing of ['', null, undefined]) assert.equal((await verify(nothing)).ok, false)
  assert.equal((await verify(good)).ok, true)
})

test('[R03] where the keys cannot be had, who calls cannot be known: 503, never an identity', async () => {
  const jwt = createAssertions([masterKey('k1')], clock).assertionFor(SESSION, ORDERS)
  const troubles: (() => Response)[] = [
    () => new Response('<html>'),
    () => Response.json({ keys: 7 }),
    () => new Response(null, { status: 500 }),
    () => {
      throw new TypeError('fetch failed')
    },
  ]
  for (const trouble of troubles) {
    const verdict = await verifierOfKeys(trouble).verify(jwt)
    assert.deepEqual(verdict, { ok: false, status: 503, reason: 'the keys cannot be fetched' })
  }
})

test('wrong wiring throws at once, with the cure', () => {
  assert.throws(() => createAssertionVerifier({ jwksUrl: 'x', audience: ORDERS }), /http:\/\/127/)
  assert.throws(() => createAssertionVerifier({ jwksUrl: JWKS_URL, audience: '' }), /backends/)
})
