import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { importJWK, jwtVerify } from 'jose'
import { createMovedClock } from '../testing/moved-clock.ts'
import { createAssertions } from './assertions.ts'
import { newUserId } from './ids.ts'
import { systemRandom } from './random.ts'
import { Secret } from './secret.ts'
import { deriveSigningKey, isScalar } from './signing-keys.ts'

const AUDIENCE = 'https://orders.example.com'
const clock = createMovedClock()
const masterKey = (kid: string, bytes = randomBytes(32)) => ({
  kid,
  key: new Secret(bytes.toString('base64')),
})
const SESSION = {
  selector: 4711,
  userId: newUserId(clock, systemRandom),
  appid: 'wxa1b2c3d4e5f60718',
  idleDeadlineMs: clock.nowMs() + 3_600_000,
  absoluteDeadlineMs: clock.nowMs() + 7_200_000,
}

function claimsOf(jwt: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString('utf8'))
}

test('[F28] an assertion says who calls for a minute at most, no openid, and never outlasts the session', () => {
  const { assertionFor } = createAssertions([masterKey('k1')], clock)
  const iat = clock.nowMs() / 1000
  const claims = claimsOf(assertionFor(SESSION, AUDIENCE))
  assert.deepEqual(claims, {
    iss: 'yaopai',
    aud: AUDIENCE,
    sub: SESSION.userId,
    sid: 'ses_00000000001267',
    client_id: SESSION.appid,
    iat,
    exp: iat + 60,
  })
  const dying = { ...SESSION, selector: 4712, idleDeadlineMs: clock.nowMs() + 20_000 }
  assert.equal(claimsOf(assertionFor(dying, AUDIENCE))['exp'], iat + 20)
})

test('one signature serves a session and audience for 30 s, and no other one', () => {
  const { assertionFor } = createAssertions([masterKey('k1')], clock)
  const first = assertionFor(SESSION, AUDIENCE)
  clock.advance(29_999)
  assert.equal(assertionFor(SESSION, AUDIENCE), first)
  assert.notEqual(assertionFor(SESSION, 'other'), first)
  assert.notEqual(assertionFor({ ...SESSION, selector: 1 }, AUDIENCE), first)
  const merged = { ...SESSION, userId: newUserId(clock, systemRandom) }
  assert.equal(claimsOf(assertionFor(merged, AUDIENCE))['sub'], merged.userId)
  clock.advance(1)
  const second = assertionFor(SESSION, AUDIENCE)
  assert.notEqual(second, first)
  clock.advance(-5_000)
  assert.notEqual(assertionFor(SESSION, AUDIENCE), second, 'a clock that was set back')
})

test('[T33] nodes with the same master keys have the same signing keys; the first signs, all are shown', async () => {
  const [old, fresh] = [masterKey('k1'), masterKey('k2')]
  const [before, during] = [createAssertions([old, fresh], clock), createAssertions([fresh, old], clock)]
  const kids = (keys: typeof before) => keys.jwks().keys.map(({ kid }) => kid)
  assert.deepEqual(kids(before), kids(during).toReversed())
  for (const [signer, shower] of [
    [before, during],
    [during, before],
  ] as const) {
    const jwt = signer.assertionFor(SESSION, AUDIENCE)
    const { kid } = JSON.parse(Buffer.from(jwt.split('.')[0] ?? '', 'base64url').toString('utf8'))
    assert.equal(kid, kids(signer)[0])
    const jwk = shower.jwks().keys.find((key) => key.kid === kid)
    assert.ok(jwk)
    await jwtVerify(jwt, await importJWK({ ...jwk }, 'ES256'), { currentDate: new Date(clock.nowMs()) })
  }
})

test('[T33] a signing key tells nothing of its master key, and goes with its bytes, not with its name', () => {
  const bytes = randomBytes(32)
  const [one, same, other] = [masterKey('k1', bytes), masterKey('k2', bytes), masterKey('k1')].map(
    deriveSigningKey,
  )
  assert.ok(one && same && other)
  assert.equal(one.jwk.x, same.jwk.x)
  assert.notEqual(one.kid, other.kid)
  assert.match(one.kid, /^k1\.[\w-]{8}$/)
  assert.ok(!JSON.stringify(one.privateKey.export({ format: 'jwk' })).includes(bytes.toString('base64url')))
  assert.deepEqual(Object.keys(one.jwk).sort(), ['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y'])
})

test('a scalar of P-256 lies between zero and the order of the curve', () => {
  const order = 'ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551'
  const cases: [string, boolean][] = [
    ['00'.repeat(32), false],
    [`${'00'.repeat(31)}01`, true],
    [order, false],
    [order.replace(/1$/, '0'), true],
    ['ff'.repeat(32), false],
  ]
  for (const [hex, expected] of cases) assert.equal(isScalar(Buffer.from(hex, 'hex')), expected, hex)
  // Small scalars keep their leading zeros.
  for (let n = 0; n < 600; n += 1) {
    const { privateKey, jwk } = deriveSigningKey(masterKey('k', Buffer.alloc(32, `${n}`)))
    assert.equal(Buffer.from(privateKey.export({ format: 'jwk' }).d ?? '', 'base64url').length, 32)
    assert.ok(jwk.x.length === 43 && jwk.y.length === 43)
  }
})
