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
  sampleSelector,
  sampleSession,
  sampleUser,
  sampleUserId,
} from '../contract/samples.ts'
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
