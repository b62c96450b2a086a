import assert from 'node:assert/strict'
import type { StoreCase } from './case.ts'
import {
  changedSelectors,
  eventsOf,
  firstLogin,
  laterLogin,
  NOW_MS,
  queryOf,
  sampleEvent,
  sampleHash,
  sampleIdentity,
  sampleSelector,
  sampleSession,
  sampleUser,
  sampleUserId,
} from './samples.ts'

/** What a login that is recorded leaves behind. */
export const loginCases: readonly StoreCase[] = [
  {
    title: 'a first login is kept whole: code, user, identity, session and events read as they were written',
    async run(store) {
      const events = [sampleEvent(1), sampleEvent(2, { type: 'user.created', facts: {} })]
      assert.equal(await store.recordLogin(firstLogin(1, { events })), 'recorded')
      assert.deepEqual(await store.findUser(sampleUserId(1)), sampleUser(1))
      assert.deepEqual(await store.findIdentity(queryOf(1)), sampleIdentity(1))
      assert.deepEqual(await store.listIdentities(sampleUserId(1)), [sampleIdentity(1)])
      assertSession(await store.findSession(sampleSelector(1)))
      assert.deepEqual(await eventsOf(store, 1), [...events].reverse())
      assert.deepEqual(await changedSelectors(store), [])
    },
  },
  {
    title: '[F5] of a used code its hash, selector, time, seed and newness are known, of any other nothing',
    async run(store) {
      await store.recordLogin(firstLogin(1))
      const known = await store.findCode(sampleHash('code-1'))
      assert.deepEqual(known && { ...known, seed: Buffer.from(known.seed ?? []) }, {
        selector: sampleSelector(1),
        usedAtMs: NOW_MS,
        seed: sampleHash('seed-1'),
        isNew: true,
      })
      assert.equal(await store.findCode(sampleHash('code-2')), null)
    },
  },
  {
    title: '[T09] a code makes one login: the second use is code_used and leaves nothing, whatever it plans',
    async run(store) {
      await store.recordLogin(firstLogin(1))
      const { code } = firstLogin(1)
      const replay = firstLogin(2, { code, events: [sampleEvent(9, { userId: sampleUserId(2) })] })
      assert.equal(await store.recordLogin(replay), 'code_used')
      assert.equal(await store.findUser(sampleUserId(2)), null)
      assert.equal(await store.findIdentity(queryOf(2)), null)
      assert.equal(await store.findSession(sampleSelector(2)), null)
      assert.deepEqual(await eventsOf(store, 2), [])
    },
  },
  {
    title: 'a used code is told before a conflict is, so that the answer can be found',
    async run(store) {
      await store.recordLogin(firstLogin(1))
      assert.equal(await store.recordLogin(firstLogin(1)), 'code_used')
    },
  },
  {
    title: 'logins without a code row can come again and again',
    async run(store) {
      assert.equal(await store.recordLogin(firstLogin(1, { code: null })), 'recorded')
      const again = laterLogin(2, 1, { code: null, seenSelectors: [sampleSelector(1)] })
      assert.equal(await store.recordLogin(again), 'recorded')
    },
  },
  {
    title: 'a code row without a seed, of a user who was there, reads back so',
    async run(store) {
      await store.recordLogin(firstLogin(1))
      const code = { hash: sampleHash('c'), usedAtMs: 5, seed: null, isNew: false, forgetAfterMs: 6 }
      await store.recordLogin(laterLogin(2, 1, { code, seenSelectors: [sampleSelector(1)] }))
      const expected = { selector: sampleSelector(2), usedAtMs: 5, seed: null, isNew: false }
      assert.deepEqual(await store.findCode(sampleHash('c')), expected)
    },
  },
  {
    title: 'an identity that is updated takes the new key ring and unionid, and its version grows by one',
    async run(store) {
      await store.recordLogin(firstLogin(1))
      const record = sampleIdentity(1, { keyRing: ['new', 'sealed-key-1'], unionid: 'union-1', version: 2 })
      const plan = laterLogin(2, 1, {
        identity: { kind: 'update', record, expectedVersion: 1 },
        seenSelectors: [sampleSelector(1)],
      })
      assert.equal(await store.recordLogin(plan), 'recorded')
      assert.deepEqual(await store.findIdentity(queryOf(1)), record)
    },
  },
  {
    title: 'a login can link a new identity to a user who is there',
    async run(store) {
      await store.recordLogin(firstLogin(1))
      const record = sampleIdentity(2, { userId: sampleUserId(1), appid: 'wx-second' })
      const session = sampleSession(2, { userId: sampleUserId(1), appid: 'wx-second' })
      const plan = laterLogin(2, 1, { identity: { kind: 'create', record }, session })
      assert.equal(await store.recordLogin(plan), 'recorded')
      assert.equal((await store.listIdentities(sampleUserId(1))).length, 2)
    },
  },
  {
    title: 'sessions that give way end in the same step, with reason, time and a change row each',
    async run(store) {
      await store.recordLogin(firstLogin(1))
      const plan = laterLogin(2, 1, {
        seenSelectors: [sampleSelector(1)],
        endSessions: [{ selector: sampleSelector(1), reason: 'replaced', atMs: NOW_MS + 5 }],
      })
      assert.equal(await store.recordLogin(plan), 'recorded')
      const ended = await store.findSession(sampleSelector(1))
      assert.deepEqual([ended?.endReason, ended?.endedAtMs], ['replaced', NOW_MS + 5])
      assert.equal((await store.findSession(sampleSelector(2)))?.endedAtMs, null)
      assert.deepEqual(await changedSelectors(store), [sampleSelector(1)])
    },
  },
]

function assertSession(found: unknown): void {
  const expected = { ...sampleSession(1), user: sampleUser(1), pending: null, renewals: 0 }
  assert.ok(found !== null && typeof found === 'object' && 'tokenHash' in found)
  const { tokenHash, ...rest } = found
  const { tokenHash: expectedHash, ...expectedRest } = expected
  assert.ok(tokenHash instanceof Uint8Array && Buffer.compare(tokenHash, expectedHash) === 0)
  assert.deepEqual(rest, expectedRest)
}
