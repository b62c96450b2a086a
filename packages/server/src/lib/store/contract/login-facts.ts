import assert from 'node:assert/strict'
import type { Store } from '../store.ts'
import type { StoreCase } from './case.ts'
import {
  firstLogin,
  HOUR_MS,
  laterLogin,
  NOW_MS,
  OTHER_APPID,
  queryOf,
  sampleIdentity,
  sampleSelector,
  sampleSession,
  sampleUser,
  sampleUserId,
} from './samples.ts'

/** What a login's decision rests on. */
export const loginFactsCases: readonly StoreCase[] = [
  {
    title: 'facts: nothing is known of a stranger',
    async run(store) {
      const expected = { identity: null, user: null, unionUser: null, sessions: [] }
      assert.deepEqual(await store.findLoginFacts(queryOf(1)), expected)
      assert.deepEqual(await store.findLoginFacts(queryOf(1, { unionid: 'union-1' })), expected)
    },
  },
  {
    title: 'facts: identity, user and sessions of who is known',
    async run(store) {
      await store.recordLogin(firstLogin(1))
      const facts = await store.findLoginFacts(queryOf(1))
      assert.deepEqual(facts, {
        identity: sampleIdentity(1),
        user: sampleUser(1),
        unionUser: null,
        sessions: [
          {
            selector: sampleSelector(1),
            deviceId: 'device-1',
            idleDeadlineMs: NOW_MS + 73 * HOUR_MS,
            absoluteDeadlineMs: NOW_MS + 720 * HOUR_MS,
          },
        ],
      })
    },
  },
  {
    title: 'facts: sessions are those of this app that no act has ended, whatever their deadlines',
    async run(store) {
      const userId = sampleUserId(1)
      const over = sampleSession(1, { idleDeadlineMs: 1, absoluteDeadlineMs: 2 })
      await store.recordLogin(firstLogin(1, { session: over }))
      await store.recordLogin(laterLogin(2, 1, { seenSelectors: [sampleSelector(1)] }))
      const end = { reason: 'logged_out', atMs: NOW_MS, events: [] } as const
      await store.endSession({ ...end, selector: sampleSelector(2), userId })
      const record = sampleIdentity(3, { userId, appid: OTHER_APPID })
      const session = sampleSession(3, { userId, appid: OTHER_APPID })
      await store.recordLogin(laterLogin(3, 1, { identity: { kind: 'create', record }, session }))
      const here = await store.findLoginFacts(queryOf(1))
      assert.deepEqual(here.sessions.map(selectorOf), [sampleSelector(1)])
      const there = await store.findLoginFacts(queryOf(3, { appid: OTHER_APPID }))
      assert.deepEqual(there.sessions.map(selectorOf), [sampleSelector(3)])
    },
  },
  {
    title: 'facts: a banned user is shown with the time of the ban',
    async run(store) {
      await store.recordLogin(firstLogin(1))
      await store.setUserBan({ userId: sampleUserId(1), bannedAtMs: NOW_MS + 7, events: [] })
      assert.equal((await store.findLoginFacts(queryOf(1))).user?.bannedAtMs, NOW_MS + 7)
    },
  },
  {
    title: 'facts: the union user is the oldest of whom an identity in this scope has the unionid',
    async run(store) {
      await unionOfTwo(store)
      const stranger = queryOf(9, { unionid: 'union-1' })
      assert.deepEqual((await store.findLoginFacts(stranger)).unionUser, sampleUser(1, { createdAtMs: 5 }))
      const elsewhere = { ...stranger, unionScope: 'another scope' }
      assert.equal((await store.findLoginFacts(elsewhere)).unionUser, null)
      assert.equal((await store.findLoginFacts({ ...stranger, unionid: null })).unionUser, null)
      assert.equal((await store.findLoginFacts({ ...stranger, unionid: 'union-2' })).unionUser, null)
    },
  },
  {
    title: 'facts: of a stranger with a known unionid the sessions are those of the union user in this app',
    async run(store) {
      await unionOfTwo(store)
      const facts = await store.findLoginFacts(queryOf(9, { unionid: 'union-1' }))
      assert.deepEqual([facts.identity, facts.user], [null, null])
      assert.deepEqual(facts.sessions.map(selectorOf), [sampleSelector(3)])
      const elsewhere = await store.findLoginFacts(queryOf(9, { unionid: 'union-1', appid: 'wx-third' }))
      assert.deepEqual(elsewhere.sessions, [])
    },
  },
  {
    title: 'facts: who has an identity of their own keeps their own sessions beside an older union user',
    async run(store) {
      await unionOfTwo(store)
      const facts = await store.findLoginFacts(queryOf(2, { unionid: 'union-1', appid: OTHER_APPID }))
      assert.deepEqual([facts.user?.id, facts.unionUser?.id], [sampleUserId(2), sampleUserId(1)])
      assert.deepEqual(facts.sessions.map(selectorOf), [sampleSelector(2)])
    },
  },
]

function selectorOf(session: { readonly selector: number }): number {
  return session.selector
}

/** Two users with one unionid: the one whose identity learned it later is the older. Session 3 is theirs. */
async function unionOfTwo(store: Store): Promise<void> {
  const user = { kind: 'create', record: sampleUser(1, { createdAtMs: 5 }) } as const
  await store.recordLogin(firstLogin(1, { user }))
  const second = sampleIdentity(2, { unionid: 'union-1', appid: OTHER_APPID })
  const session = sampleSession(2, { appid: OTHER_APPID })
  await store.recordLogin(firstLogin(2, { identity: { kind: 'create', record: second }, session }))
  const learned = sampleIdentity(1, { unionid: 'union-1', version: 2 })
  const end = { selector: sampleSelector(1), reason: 'replaced', atMs: NOW_MS } as const
  const identity = { kind: 'update', record: learned, expectedVersion: 1 } as const
  const again = laterLogin(3, 1, { identity, seenSelectors: [sampleSelector(1)], endSessions: [end] })
  assert.equal(await store.recordLogin(again), 'recorded')
}
