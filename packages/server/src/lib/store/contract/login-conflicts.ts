import assert from 'node:assert/strict'
import type { LoginPlan, Store } from '../store.ts'
import type { StoreCase } from './case.ts'
import {
  changedSelectors,
  eventsOf,
  firstLogin,
  laterLogin,
  NOW_MS,
  OTHER_APPID,
  queryOf,
  sampleEvent,
  sampleHash,
  sampleIdentity,
  sampleSelector,
  sampleSession,
  sampleUser,
  sampleUserId,
} from './samples.ts'

/** When the world has moved since the facts were read, nothing of the plan is written. */
export const loginConflictCases: readonly StoreCase[] = [
  {
    title: 'conflict: the identity was made meanwhile, and the code is not spent',
    async run(store) {
      await store.recordLogin(firstLogin(1))
      const identity = { kind: 'create', record: sampleIdentity(1, { userId: sampleUserId(2) }) } as const
      await assertConflict(store, firstLogin(2, { identity }), 2)
    },
  },
  {
    title: 'conflict: the user id is taken',
    async run(store) {
      await store.recordLogin(firstLogin(1))
      const user = { kind: 'create', record: sampleUser(1, { nickname: 'other' }) } as const
      await assertConflict(store, firstLogin(2, { user }), 2)
      assert.equal((await store.findUser(sampleUserId(1)))?.nickname, 'nickname-1')
    },
  },
  {
    title: 'conflict: a new user would split a person whom an identity with this unionid names meanwhile',
    async run(store) {
      const record = sampleIdentity(1, { unionid: 'union-1' })
      await store.recordLogin(firstLogin(1, { identity: { kind: 'create', record } }))
      const other = sampleIdentity(2, { unionid: 'union-1', appid: OTHER_APPID })
      await assertConflict(store, firstLogin(2, { identity: { kind: 'create', record: other } }), 2)
      const elsewhere = { ...other, unionScope: 'another scope' }
      const plan = firstLogin(2, { identity: { kind: 'create', record: elsewhere } })
      assert.equal(await store.recordLogin(plan), 'recorded')
    },
  },
  {
    title: 'conflict: the identity was written meanwhile, whether the plan writes it or keeps it',
    async run(store) {
      await store.recordLogin(firstLogin(1))
      const seenSelectors = [sampleSelector(1)]
      const record = sampleIdentity(1, { keyRing: ['lost'], version: 2 })
      const update = { kind: 'update', record, expectedVersion: 1 } as const
      await store.recordLogin(laterLogin(2, 1, { identity: update, seenSelectors }))
      const seen = [...seenSelectors, sampleSelector(2)]
      await assertConflict(store, laterLogin(3, 1, { identity: update, seenSelectors: seen }), 3)
      await assertConflict(store, laterLogin(3, 1, { seenSelectors: seen }), 3)
    },
  },
  {
    title: 'conflict: the identity or the user is gone',
    async run(store) {
      await assertConflict(store, laterLogin(1, 1), 1)
      await store.recordLogin(firstLogin(1))
      await store.closeAccount({ userId: sampleUserId(1), atMs: NOW_MS, events: [] })
      await assertConflict(store, laterLogin(2, 1), 2)
      const identity = { kind: 'create', record: sampleIdentity(1) } as const
      await assertConflict(store, laterLogin(2, 1, { identity }), 2)
    },
  },
  {
    title: 'conflict: the user was banned meanwhile',
    async run(store) {
      await store.recordLogin(firstLogin(1))
      await store.setUserBan({ userId: sampleUserId(1), bannedAtMs: NOW_MS, events: [] })
      await assertConflict(store, laterLogin(2, 1, { seenSelectors: [sampleSelector(1)] }), 2)
    },
  },
  {
    title: 'conflict: the user has a session in this app that was not seen',
    async run(store) {
      await store.recordLogin(firstLogin(1))
      await assertConflict(store, laterLogin(2, 1), 2)
    },
  },
  {
    title: 'no conflict: a session that was seen has ended since, or the session not seen is of another app',
    async run(store) {
      await store.recordLogin(firstLogin(1))
      const userId = sampleUserId(1)
      const end = { selector: sampleSelector(1), reason: 'logged_out', atMs: NOW_MS } as const
      await store.endSession({ ...end, userId, events: [] })
      const session = sampleSession(2, { userId, appid: OTHER_APPID })
      const record = sampleIdentity(2, { userId, appid: OTHER_APPID })
      const elsewhere = laterLogin(2, 1, { session, identity: { kind: 'create', record } })
      assert.equal(await store.recordLogin(elsewhere), 'recorded')
      const plan = laterLogin(3, 1, { seenSelectors: [sampleSelector(1)] })
      assert.equal(await store.recordLogin(plan), 'recorded')
    },
  },
  {
    title: 'conflict: a session that should give way was ended meanwhile, and keeps its reason',
    async run(store) {
      await store.recordLogin(firstLogin(1))
      const end = { selector: sampleSelector(1), atMs: NOW_MS, events: [] }
      await store.endSession({ ...end, reason: 'revoked_by_admin', userId: sampleUserId(1) })
      const seq = (await store.listChanges({ afterSeq: 0, limit: 10 })).length
      const endSessions = [{ selector: sampleSelector(1), reason: 'replaced', atMs: NOW_MS } as const]
      await assertConflict(store, laterLogin(2, 1, { seenSelectors: [sampleSelector(1)], endSessions }), 2)
      assert.equal((await store.findSession(sampleSelector(1)))?.endReason, 'revoked_by_admin')
      assert.equal((await changedSelectors(store)).length, seq)
    },
  },
  {
    title: 'conflict: nobody ends the session of another user by a login',
    async run(store) {
      await store.recordLogin(firstLogin(1))
      const endSessions = [{ selector: sampleSelector(1), reason: 'replaced', atMs: NOW_MS } as const]
      await assertConflict(store, firstLogin(2, { endSessions }), 2)
      assert.equal((await store.findSession(sampleSelector(1)))?.endedAtMs, null)
    },
  },
  {
    title: 'conflict: the selector is taken',
    async run(store) {
      await store.recordLogin(firstLogin(1))
      const session = sampleSession(1, { userId: sampleUserId(2), tokenHash: sampleHash('other') })
      assert.equal(await store.recordLogin(firstLogin(2, { session })), 'conflict')
      assert.equal(await store.findUser(sampleUserId(2)), null)
      const kept = await store.findSession(sampleSelector(1))
      assert.equal(Buffer.compare(kept?.tokenHash ?? Buffer.alloc(0), sampleHash('token-1')), 0)
    },
  },
]

async function assertConflict(store: Store, plan: LoginPlan, n: number): Promise<void> {
  const event = sampleEvent(900 + n, { userId: sampleUserId(99) })
  assert.equal(await store.recordLogin({ ...plan, events: [event] }), 'conflict')
  assert.deepEqual(await eventsOf(store, 99), [])
  assert.equal(await store.findSession(sampleSelector(n)), null)
  assert.equal(plan.code && (await store.findCode(plan.code.hash)), null)
  if (plan.user.kind === 'keep') return
  assert.equal(await store.findIdentity(queryOf(n, { appid: OTHER_APPID })), null)
  if (plan.user.record.id === sampleUserId(n)) assert.equal(await store.findUser(sampleUserId(n)), null)
}
