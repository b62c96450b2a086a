import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sampleSession, sampleUser } from '../testing/sample-records.ts'
import { sessionView, userView } from './views.ts'

test('[F8] a session as its owner sees it holds no hash and no openid', () => {
  const session = sampleSession({
    selector: 0x19b76da4000abc,
    openid: 'o-canary',
    tokenHash: Buffer.alloc(32, 0xab),
    device: { id: 'd1', brand: 'Xiaomi', model: '14', platform: 'android', label: '我的手机' },
  })
  const view = sessionView(session)
  assert.deepEqual(view, {
    id: 'ses_19b76da4000abc',
    appid: session.appid,
    createdAt: '2026-01-01T00:00:00.000Z',
    expiresAt: '2026-01-31T00:00:00.000Z',
    idleSeconds: 259_200,
    device: session.device,
  })
  assert.equal(/o-canary|abab|171,171/.test(JSON.stringify(view)), false)
})

test('[F8] of a device only the five known hints go out', () => {
  const device = { ...sampleSession().device, openid: 'o-canary' }
  assert.deepEqual(Object.keys(sessionView(sampleSession({ device })).device).sort(), [
    'brand',
    'id',
    'label',
    'model',
    'platform',
  ])
})

test('a phone number is shown by its first three and last four digits', () => {
  const shown = (phone: string | null) => userView(sampleUser({ phone })).phone
  assert.equal(shown('+8615612341234'), '156****1234')
  assert.equal(shown('15612341234'), '156****1234')
  assert.equal(shown('+85251234567'), '+85****4567')
  assert.equal(shown(null), null)
})

test('a number too short to hide its middle is hidden whole', () => {
  for (const phone of ['', '+86', '1234567', '+8612345678', '+861234567890'])
    assert.equal(userView(sampleUser({ phone })).phone, '****')
})

test('a user as they see themselves', () => {
  const user = sampleUser({ nickname: '小明', avatarUrl: 'https://example.com/a.png', bannedAtMs: 5 })
  assert.deepEqual(userView(user), {
    id: user.id,
    nickname: '小明',
    avatarUrl: 'https://example.com/a.png',
    phone: null,
    createdAt: '2026-01-01T00:00:00.000Z',
  })
})
