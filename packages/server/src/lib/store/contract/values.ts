import assert from 'node:assert/strict'
import type { StoreCase } from './case.ts'
import {
  firstLogin,
  laterLogin,
  queryOf,
  sampleHash,
  sampleIdentity,
  sampleSession,
  sampleUser,
  sampleUserId,
} from './samples.ts'

const LARGEST = Number.MAX_SAFE_INTEGER

export const valueCases: readonly StoreCase[] = [
  {
    title: 'selectors and times are exact up to 53 bits and down to zero',
    async run(store) {
      const times = { createdAtMs: 0, idleSeconds: 0, idleDeadlineMs: LARGEST, absoluteDeadlineMs: LARGEST }
      const largest = sampleSession(1, { ...times, selector: LARGEST })
      await store.recordLogin(firstLogin(1, { session: largest }))
      const second = sampleSession(2, { userId: sampleUserId(1), selector: LARGEST - 1 })
      await store.recordLogin(laterLogin(2, 1, { session: second, seenSelectors: [LARGEST] }))
      const smallest = sampleSession(3, { userId: sampleUserId(1), selector: 0 })
      const seenSelectors = [LARGEST, LARGEST - 1]
      assert.equal(
        await store.recordLogin(laterLogin(3, 1, { session: smallest, seenSelectors })),
        'recorded',
      )
      const found = await store.findSession(LARGEST)
      assert.deepEqual(
        { ...found, tokenHash: 0 },
        {
          ...largest,
          tokenHash: 0,
          user: sampleUser(1),
          pending: null,
          renewals: 0,
        },
      )
      assert.equal((await store.findSession(LARGEST - 1))?.selector, LARGEST - 1)
      assert.equal((await store.findSession(0))?.selector, 0)
      const code = await store.findCode(sampleHash('code-1'))
      assert.equal(code?.selector, LARGEST)
    },
  },
  {
    title: 'every field that may be null reads back as null',
    async run(store) {
      const user = sampleUser(1, { nickname: null, avatarUrl: null, phone: null })
      const identity = sampleIdentity(1, { unionid: null, keyRing: [] })
      const device = { id: null, brand: null, model: null, platform: null, label: null }
      const plan = firstLogin(1, {
        user: { kind: 'create', record: user },
        identity: { kind: 'create', record: identity },
        session: sampleSession(1, { device }),
      })
      await store.recordLogin(plan)
      const session = await store.findSession(sampleSession(1).selector)
      assert.deepEqual([session?.device, session?.user], [device, user])
      assert.deepEqual(await store.findIdentity(queryOf(1)), identity)
      const facts = await store.findLoginFacts(queryOf(1))
      assert.equal(facts.sessions[0]?.deviceId, null)
    },
  },
  {
    title: 'a hash is its bytes, whatever holds them: Buffer, Uint8Array, a window on a larger one',
    async run(store) {
      const bytes = sampleHash('some code')
      const window = new Uint8Array(new ArrayBuffer(64), 16, 32)
      window.set(bytes)
      const { code } = firstLogin(1)
      assert.ok(code !== null)
      const session = sampleSession(1, { tokenHash: window })
      await store.recordLogin(firstLogin(1, { code: { ...code, hash: window, seed: window }, session }))
      for (const hash of [bytes, new Uint8Array(bytes), window]) {
        const found = await store.findCode(hash)
        assert.equal(Buffer.compare(found?.seed ?? Buffer.alloc(0), bytes), 0)
        assert.equal(await store.recordLogin(firstLogin(2, { code: { ...code, hash } })), 'code_used')
      }
      const { tokenHash } = (await store.findSession(session.selector)) ?? {}
      assert.equal(Buffer.compare(tokenHash ?? Buffer.alloc(0), bytes), 0)
    },
  },
  {
    title: 'bytes that the caller wipes or alters afterwards are kept as they were',
    async run(store) {
      const tokenHash = new Uint8Array(32).fill(7)
      const pending = store.recordLogin(firstLogin(1, { session: sampleSession(1, { tokenHash }) }))
      await pending
      tokenHash.fill(0)
      const found = await store.findSession(sampleSession(1).selector)
      assert.equal(found?.tokenHash[0], 7)
      found?.tokenHash.fill(9)
      assert.equal((await store.findSession(sampleSession(1).selector))?.tokenHash[0], 7)
    },
  },
]
