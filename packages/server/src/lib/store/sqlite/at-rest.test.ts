import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { systemRandom } from '../../random.ts'
import { formatToken, hashToken } from '../../session/token.ts'
import {
  firstLogin,
  NOW_MS,
  sampleEvent,
  sampleIdentity,
  samplePromotion,
  sampleRenewal,
  sampleSelector,
  sampleSession,
  sampleUser,
  sampleUserId,
  sweepOrder,
} from '../contract/samples.ts'
import type { Store } from '../store.ts'
import { openTestStore, testFile } from './testing/open-test-store.ts'

test('[F5][T31] neither database nor log holds a token, its secret, or the code that it was given for', async (t) => {
  const file = testFile(t)
  const store = await openTestStore(t, { file })
  const secrets: (string | Buffer)[] = []
  for (let n = 1; n <= 50; n += 1) {
    const secret = systemRandom.bytes(32)
    const token = formatToken('yp1_', sampleSelector(n), secret)
    await store.recordLogin(firstLogin(n, { session: sampleSession(n, { tokenHash: hashToken(token) }) }))
    secrets.push(
      token,
      token.slice(4, 40),
      secret,
      secret.toString('hex'),
      secret.toString('base64url'),
      `code-${n}`,
    )
  }
  const open = bytesIn(file)
  await store.close()
  for (const bytes of [open, bytesIn(file)]) {
    assert.ok(bytes.includes('openid-7'), 'the scan finds what is there')
    for (const secret of secrets) assert.equal(bytes.includes(secret), false)
  }
})

test('[F5][T31] no token of a renewal stands in the file, and once its time is over no seed that could bring one back', async (t) => {
  const file = testFile(t)
  const store = await openTestStore(t, { file })
  const seeds: Buffer[] = []
  for (let n = 1; n <= 20; n += 1) seeds.push(...(await renewedLogin(store, n)))
  const isThere = (bytes: Buffer) => seeds.map((seed) => bytes.includes(seed))
  assert.ok(isThere(bytesIn(file)).every(Boolean), 'the scan finds what is there')
  for (let n = 2; n <= 20; n += 2) {
    const end = { selector: sampleSelector(n), userId: sampleUserId(n), atMs: NOW_MS, events: [] }
    await store.endSession({ ...end, reason: 'logged_out' })
  }
  assert.equal(await store.sweep(sweepOrder({ nowMs: NOW_MS + 30_000 })), 30)
  await store.close()
  assert.ok(!isThere(bytesIn(file)).some(Boolean))
})

/** A renewal whose token was used, and for even numbers one whose token was not. */
async function renewedLogin(store: Store, n: number): Promise<Buffer[]> {
  const renewals = n % 2 === 0 ? [sampleRenewal(n), sampleRenewal(n, 1)] : [sampleRenewal(n)]
  await store.recordLogin(firstLogin(n, { code: null }))
  for (const renewal of renewals) {
    assert.equal(await store.startRenewal(renewal), true)
    if (renewal === renewals[0]) assert.equal(await store.promoteToken(samplePromotion(n)), true)
  }
  return renewals.map(({ seed }) => Buffer.from(seed))
}

test('[T31] what a closed account held is in no page of the file any more, free ones included', async (t) => {
  const file = testFile(t)
  const store = await openTestStore(t, { file })
  for (let n = 1; n <= 40; n += 1) await store.recordLogin(canaryLogin(n))
  for (let n = 2; n <= 40; n += 2) {
    await store.closeAccount({ userId: sampleUserId(n), atMs: NOW_MS, events: [] })
  }
  await store.close()
  const bytes = bytesIn(file)
  for (let n = 1; n <= 40; n += 1) assert.equal(bytes.includes(`canary-${n}-`), n % 2 === 1, `user ${n}`)
})

function canaryLogin(n: number): ReturnType<typeof firstLogin> {
  const mark = `canary-${n}-`
  const device = { id: mark, brand: mark, model: mark, platform: mark, label: mark }
  const identity = { openid: mark, unionid: mark, keyRing: [mark.repeat(20)] }
  return firstLogin(n, {
    user: { kind: 'create', record: sampleUser(n, { nickname: mark, avatarUrl: mark, phone: mark }) },
    identity: { kind: 'create', record: sampleIdentity(n, identity) },
    session: sampleSession(n, { openid: mark, device }),
    events: [sampleEvent(n, { userId: sampleUserId(n), ip: mark, requestId: mark, facts: { mark } })],
  })
}

/** Everything that stands beside the database, and itself. */
function bytesIn(file: string): Buffer {
  const folder = dirname(file)
  return Buffer.concat(readdirSync(folder).map((name) => readFileSync(join(folder, name))))
}
