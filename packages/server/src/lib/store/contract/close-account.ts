import assert from 'node:assert/strict'
import type { Store } from '../store.ts'
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
  sampleIdentity,
  sampleSelector,
  sampleSession,
  sampleUserId,
} from './samples.ts'

const USER = sampleUserId(1)
const CLOSING = sampleEvent(50, { type: 'user.closed', ip: null, requestId: null, facts: {} })

export const closeAccountCases: readonly StoreCase[] = [
  {
    title:
      'who closed the account is nobody: not found, not listed, not changed, not banned, not closed again',
    async run(store) {
      await accountOfTwoApps(store)
      assert.equal(await close(store), true)
      assert.equal(await store.findUser(USER), null)
      assert.deepEqual(await store.listUsers({ limit: 9 }), [])
      assert.deepEqual(await store.listUsers({ limit: 9, search: USER }), [])
      assert.equal(await store.updateProfile({ userId: USER, nickname: 'x', events: [] }), null)
      assert.equal(await store.setUserBan({ userId: USER, bannedAtMs: 1, events: [] }), false)
      assert.equal(await close(store), false)
      assert.equal(await close(store, sampleUserId(2)), false)
      assert.deepEqual((await eventsOf(store, 1)).filter((event) => event.type === 'user.closed').length, 1)
    },
  },
  {
    title: 'identities go, so who comes back is a new user',
    async run(store) {
      await accountOfTwoApps(store)
      await close(store)
      assert.equal(await store.findIdentity(queryOf(1)), null)
      assert.deepEqual(await store.listIdentities(USER), [])
      const nobody = { identity: null, user: null, unionUser: null, sessions: [] }
      assert.deepEqual(await store.findLoginFacts(queryOf(1, { unionid: 'union-1' })), nobody)
      const identity = { kind: 'create', record: sampleIdentity(1, { userId: sampleUserId(7) }) } as const
      assert.equal(await store.recordLogin(firstLogin(7, { identity })), 'recorded')
    },
  },
  {
    title: 'living sessions end as user_deleted, dead ones keep their reason, and all may have changed',
    async run(store) {
      await accountOfTwoApps(store)
      await close(store)
      const ends = await Promise.all([1, 2].map(async (n) => store.findSession(sampleSelector(n))))
      assert.deepEqual(
        ends.map((one) => [one?.endReason, one?.endedAtMs]),
        [
          ['logged_out', NOW_MS + 3],
          ['user_deleted', NOW_MS + 9],
        ],
      )
      assert.equal((await changedSelectors(store)).at(-1), null)
      assert.deepEqual(await store.listSessions(USER, NOW_MS), [])
    },
  },
  {
    title: 'a session whose time is over keeps that reason in a closing, but neither openid nor device',
    async run(store) {
      const over = sampleSession(1, { idleDeadlineMs: NOW_MS + 9 })
      await store.recordLogin(firstLogin(1, { session: over }))
      const old = sampleSession(2, { userId: USER, openid: 'openid-1', absoluteDeadlineMs: NOW_MS })
      await store.recordLogin(laterLogin(2, 1, { seenSelectors: [sampleSelector(1)], session: old }))
      await close(store)
      const found = await Promise.all([1, 2].map(async (n) => store.findSession(sampleSelector(n))))
      for (const one of found) {
        assert.deepEqual(
          [one?.endReason, one?.endedAtMs, one?.openid, one?.device.id],
          [null, null, '', null],
        )
      }
      assert.deepEqual(
        found.map((one) => [one?.idleDeadlineMs, one?.absoluteDeadlineMs]),
        [
          [NOW_MS + 9, over.absoluteDeadlineMs],
          [old.idleDeadlineMs, NOW_MS],
        ],
      )
    },
  },
  {
    title: 'of sessions only ids, times, reason and token hash stay: no openid, no device',
    async run(store) {
      await accountOfTwoApps(store)
      await close(store)
      const found = await store.findSession(sampleSelector(2))
      const device = { id: null, brand: null, model: null, platform: null, label: null }
      assert.deepEqual([found?.openid, found?.device], ['', device])
      assert.equal(Buffer.compare(found?.tokenHash ?? Buffer.alloc(0), sampleSession(2).tokenHash), 0)
      const { createdAtMs } = sampleSession(1)
      assert.equal(found?.createdAtMs, createdAtMs)
    },
  },
  {
    title: 'of the user only id and times stay: no nickname, no avatar, no phone',
    async run(store) {
      await accountOfTwoApps(store)
      await close(store)
      const user = (await store.findSession(sampleSelector(1)))?.user
      const erased = { nickname: null, avatarUrl: null, phone: null, bannedAtMs: null }
      assert.deepEqual(user, { id: USER, createdAtMs: NOW_MS + 1, ...erased })
    },
  },
  {
    title: 'of earlier events only ids, times and types stay: no address, no request, no facts',
    async run(store) {
      await accountOfTwoApps(store)
      await close(store)
      const { atMs, type, appid, sessionId } = sampleEvent(1)
      const erased = { requestId: null, ip: null, facts: {} }
      assert.deepEqual(await eventsOf(store, 1), [
        CLOSING,
        { id: sampleEvent(1).id, atMs, type, appid, userId: USER, sessionId, ...erased },
      ])
    },
  },
  {
    title: 'nothing of another user is touched',
    async run(store) {
      await accountOfTwoApps(store)
      const event = sampleEvent(60, { userId: sampleUserId(8) })
      await store.recordLogin(firstLogin(8, { events: [event] }))
      await close(store)
      assert.equal((await store.findUser(sampleUserId(8)))?.nickname, 'nickname-8')
      assert.equal((await store.findSession(sampleSelector(8)))?.openid, 'openid-8')
      assert.deepEqual(await eventsOf(store, 8), [event])
      assert.notEqual(await store.findIdentity(queryOf(8)), null)
    },
  },
]

/** One ended and one living session, in two apps of one open platform. */
async function accountOfTwoApps(store: Store): Promise<void> {
  const record = sampleIdentity(1, { unionid: 'union-1' })
  const identity = { kind: 'create', record } as const
  await store.recordLogin(firstLogin(1, { identity, events: [sampleEvent(1)] }))
  const second = sampleIdentity(2, { userId: USER, appid: OTHER_APPID, unionid: 'union-1' })
  const session = sampleSession(2, { userId: USER, appid: OTHER_APPID })
  const plan = laterLogin(2, 1, { identity: { kind: 'create', record: second }, session })
  assert.equal(await store.recordLogin(plan), 'recorded')
  const end = { selector: sampleSelector(1), reason: 'logged_out', atMs: NOW_MS + 3, events: [] } as const
  assert.equal(await store.endSession({ ...end, userId: USER }), true)
}

function close(store: Store, userId = USER): Promise<boolean> {
  return store.closeAccount({ userId, atMs: NOW_MS + 9, events: [CLOSING] })
}
