import assert from 'node:assert/strict'
import type { Store } from '../store.ts'
import type { StoreCase } from './case.ts'
import {
  eventsOf,
  firstLogin,
  queryOf,
  sampleEvent,
  sampleIdentity,
  sampleSelector,
  sampleSession,
  sampleUser,
  sampleUserId,
} from './samples.ts'

/** Every text that has ever been taken for something else than text. */
const TEXTS = [
  '',
  ' ',
  "'; DROP TABLE users; --",
  '" OR ""="',
  "\\' OR 1=1 -- ",
  '$1 ? :name @name $name {tag}',
  'a\r\nSET x 1\r\n',
  '\t\v\b\u001b[31m',
  '%_\\%',
  '微信用户 名字',
  '👨‍👩‍👧‍👦 𠮷野家 e\u0301 é',
  '\u202e\u200b\ufeff\uffff\u{10ffff}',
  '1e309',
  '0x10',
  'null',
  '__proto__',
  '[1,"2"]',
  'x'.repeat(4_096),
]

/** Not text: no Unicode encoding has these, or C ends there. Kept whole or refused, never altered. */
const NOT_TEXTS = ['openid-1\u0000', '\u0000', 'half \ud83d', '\udc00 other half']

export const textCases: readonly StoreCase[] = [
  {
    title: '[T24] every text comes back exactly as it went in, whatever it would mean elsewhere',
    async run(store) {
      for (const [n, text] of TEXTS.entries()) {
        await recordText(store, n + 1, text)
        await assertText(store, n + 1, text)
      }
      assert.equal((await store.listUsers({ limit: 1_000 })).length, TEXTS.length)
    },
  },
  {
    title: '[T24] what is no text is kept whole or refused, and is nobody else’s key',
    async run(store) {
      await store.recordLogin(firstLogin(1))
      for (const [index, text] of NOT_TEXTS.entries()) {
        const n = index + 2
        const outcome = await recordText(store, n, text).catch(() => 'refused')
        if (outcome !== 'refused') await assertText(store, n, text)
        else assert.equal(await store.findSession(sampleSelector(n)), null)
        const found = await store.findIdentity(queryOf(1, { openid: `openid-1${text}` })).catch(() => null)
        assert.equal(found, null)
      }
    },
  },
  {
    title: '[T24] text in queries finds what it is and nothing else',
    async run(store) {
      await store.recordLogin(firstLogin(1))
      for (const text of TEXTS.filter((one) => one !== '')) {
        assert.deepEqual(await store.listUsers({ limit: 9, search: text }), [])
        assert.equal(await store.findUser(`usr_${text}`), null)
        assert.equal(await store.findIdentity(queryOf(1, { openid: text })), null)
        assert.deepEqual(await store.listEvents({ userId: `usr_${text}`, limit: 9 }), [])
      }
    },
  },
]

async function recordText(store: Store, n: number, text: string): Promise<void> {
  const userId = sampleUserId(n)
  const user = sampleUser(n, { nickname: text, avatarUrl: text, phone: text })
  const keys = { openid: `openid-1${text}`, unionid: text, unionScope: `${n}${text}`, keyRing: [text, text] }
  const identity = sampleIdentity(n, { ...keys, appid: `${n}${text}` })
  const device = { id: text, brand: text, model: text, platform: text, label: text }
  const session = sampleSession(n, { appid: `${n}${text}`, openid: text, device })
  const event = sampleEvent(n, { userId, appid: text, requestId: text, ip: text, facts: { text } })
  const plan = firstLogin(n, {
    user: { kind: 'create', record: user },
    identity: { kind: 'create', record: identity },
    session,
    events: [event],
  })
  assert.equal(await store.recordLogin(plan), 'recorded')
}

async function assertText(store: Store, n: number, text: string): Promise<void> {
  const [identity] = await store.listIdentities(sampleUserId(n))
  assert.deepEqual(
    [identity?.appid, identity?.openid, identity?.unionid, identity?.unionScope, identity?.keyRing],
    [`${n}${text}`, `openid-1${text}`, text, `${n}${text}`, [text, text]],
  )
  const session = await store.findSession(sampleSelector(n))
  const device = { id: text, brand: text, model: text, platform: text, label: text }
  assert.deepEqual([session?.appid, session?.openid, session?.device], [`${n}${text}`, text, device])
  const user = sampleUser(n, { nickname: text, avatarUrl: text, phone: text })
  assert.deepEqual(session?.user, user)
  const event = { userId: sampleUserId(n), appid: text, requestId: text, ip: text, facts: { text } }
  assert.deepEqual(await eventsOf(store, n), [sampleEvent(n, event)])
}
