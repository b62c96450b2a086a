import assert from 'node:assert/strict'
import type { Store } from '../store.ts'
import type { StoreCase } from './case.ts'
import {
  changedSelectors,
  eventsOf,
  firstLogin,
  HOUR_MS,
  lastSeq,
  laterLogin,
  NOW_MS,
  sampleEvent,
  sampleSelector,
  sampleSession,
  sampleUser,
  sampleUserId,
} from './samples.ts'

const USER = sampleUserId(1)
/** In the year 2100: later than the clock of any store that is tried, since a touch asks it. */
const FAR_MS = 4_102_444_800_000

export const sessionCases: readonly StoreCase[] = [
  {
    title: 'no row, no session',
    async run(store) {
      assert.equal(await store.findSession(sampleSelector(1)), null)
    },
  },
  {
    title: 'a touched session gets a later idle deadline, never an earlier one',
    async run(store) {
      const session = sampleSession(1, { idleDeadlineMs: FAR_MS, absoluteDeadlineMs: FAR_MS + HOUR_MS })
      await store.recordLogin(firstLogin(1, { session }))
      const later = FAR_MS + 1
      await store.touchSession(sampleSelector(1), later)
      assert.equal((await store.findSession(sampleSelector(1)))?.idleDeadlineMs, later)
      assert.deepEqual(await changedSelectors(store), [sampleSelector(1)])
      await store.touchSession(sampleSelector(1), later - 1)
      assert.equal((await store.findSession(sampleSelector(1)))?.idleDeadlineMs, later)
      assert.deepEqual(await changedSelectors(store), [sampleSelector(1)])
    },
  },
  {
    title: 'a touch alters no session that was ended, and one that is not there is no error',
    async run(store) {
      await threeSessions(store)
      await end(store, 1)
      const seq = await lastSeq(store)
      await store.touchSession(sampleSelector(1), NOW_MS + 200 * HOUR_MS)
      await store.touchSession(sampleSelector(77), NOW_MS)
      assert.equal(
        (await store.findSession(sampleSelector(1)))?.idleDeadlineMs,
        sampleSession(1).idleDeadlineMs,
      )
      assert.deepEqual(await changedSelectors(store, seq), [])
    },
  },
  {
    title: 'a session is ended once, with reason, time, event and change row; the first act stays',
    async run(store) {
      await threeSessions(store)
      const events = [sampleEvent(1, { type: 'session.ended' })]
      assert.equal(await end(store, 1, { events }), true)
      assert.equal(await end(store, 1, { reason: 'replaced', events: [sampleEvent(2)] }), false)
      const found = await store.findSession(sampleSelector(1))
      assert.deepEqual([found?.endReason, found?.endedAtMs], ['logged_out', NOW_MS])
      assert.deepEqual(await eventsOf(store, 1), events)
      const changes = await store.listChanges({ afterSeq: 0, limit: 10 })
      assert.deepEqual(changes.map(bare), [{ atMs: NOW_MS, userId: USER, selector: sampleSelector(1) }])
    },
  },
  {
    title: 'nobody ends the session of another user, nor one that is not there: no event, no change',
    async run(store) {
      await threeSessions(store)
      const events = [sampleEvent(1)]
      assert.equal(await end(store, 1, { userId: sampleUserId(2), events }), false)
      assert.equal(await end(store, 77, { events }), false)
      assert.equal((await store.findSession(sampleSelector(1)))?.endedAtMs, null)
      assert.deepEqual([await eventsOf(store, 1), await changedSelectors(store)], [[], []])
    },
  },
  {
    title: 'a touch wakes no session whose time is over: what could not be ended must not live again',
    async run(store) {
      const unused = sampleSession(1, { idleDeadlineMs: 1 })
      await store.recordLogin(firstLogin(1, { session: unused }))
      const old = sampleSession(2, { idleDeadlineMs: FAR_MS, absoluteDeadlineMs: 1 })
      await store.recordLogin(firstLogin(2, { session: old }))
      for (const n of [1, 2]) await store.touchSession(sampleSelector(n), FAR_MS + 1)
      assert.equal((await store.findSession(sampleSelector(1)))?.idleDeadlineMs, 1)
      assert.equal((await store.findSession(sampleSelector(2)))?.idleDeadlineMs, FAR_MS)
      assert.deepEqual(await changedSelectors(store), [])
    },
  },
  {
    title: 'a session whose time is over is not ended by an act from that moment on: no event, no change',
    async run(store) {
      await overInTwoWays(store)
      const events = [sampleEvent(1)]
      assert.equal(await end(store, 1, { events }), false)
      assert.equal(await end(store, 2, { events }), false)
      const found = await store.findSession(sampleSelector(1))
      assert.deepEqual([found?.endReason, found?.endedAtMs], [null, null])
      assert.deepEqual([await eventsOf(store, 1), await changedSelectors(store)], [[], []])
      assert.equal(await end(store, 1, { atMs: NOW_MS - 1 }), true)
      assert.equal(await end(store, 2, { atMs: NOW_MS - 1 }), true)
    },
  },
  {
    title: 'of all sessions of a user those whose time is over are neither ended nor counted',
    async run(store) {
      await overInTwoWays(store)
      const events = [sampleEvent(1)]
      assert.equal(await endAll(store, { events }), 1)
      assert.deepEqual(await Promise.all([1, 2, 3].map((n) => reasonOf(store, n))), [
        null,
        null,
        'revoked_by_user',
      ])
      assert.deepEqual(await changedSelectors(store), [sampleSelector(3)])
      const seq = await lastSeq(store)
      assert.equal(await endAll(store, { events: [sampleEvent(2)] }), 0)
      assert.deepEqual([await eventsOf(store, 1), await changedSelectors(store, seq)], [events, []])
    },
  },
  {
    title: 'all sessions of a user but one end together, others are left alone',
    async run(store) {
      await threeSessions(store)
      await store.recordLogin(firstLogin(9))
      const events = [sampleEvent(1, { type: 'sessions.ended' })]
      assert.equal(await endAll(store, { exceptSelector: sampleSelector(2), events }), 2)
      const reasons = await Promise.all([1, 2, 3, 9].map(async (n) => reasonOf(store, n)))
      assert.deepEqual(reasons, ['revoked_by_user', null, 'revoked_by_user', null])
      assert.deepEqual(await eventsOf(store, 1), events)
      const changed = await changedSelectors(store)
      const named = changed.includes(sampleSelector(1)) && changed.includes(sampleSelector(3))
      assert.ok(changed.includes(null) || named)
    },
  },
  {
    title: 'sessions that an act has ended are not ended again, and where none was ended nothing is written',
    async run(store) {
      await threeSessions(store)
      await end(store, 1)
      assert.equal(await endAll(store, {}), 2)
      const seq = await lastSeq(store)
      assert.equal(await endAll(store, { events: [sampleEvent(1)] }), 0)
      assert.equal(await reasonOf(store, 1), 'logged_out')
      assert.deepEqual([await eventsOf(store, 1), await changedSelectors(store, seq)], [[], []])
    },
  },
  {
    title: 'listed are the sessions that live at that time, newest first',
    async run(store) {
      await threeSessions(store)
      await end(store, 2)
      const selectors = async (nowMs: number): Promise<number[]> =>
        (await store.listSessions(USER, nowMs)).map((session) => session.selector)
      assert.deepEqual(await selectors(NOW_MS), [sampleSelector(3), sampleSelector(1)])
      const { idleDeadlineMs } = sampleSession(1)
      assert.deepEqual(await selectors(idleDeadlineMs - 1), [sampleSelector(3), sampleSelector(1)])
      assert.deepEqual(await selectors(idleDeadlineMs), [])
      assert.deepEqual(await store.listSessions(sampleUserId(5), NOW_MS), [])
    },
  },
  {
    title: 'a session is not listed from its absolute end on, however late its idle deadline is',
    async run(store) {
      const session = sampleSession(1, { idleDeadlineMs: 900, absoluteDeadlineMs: 500 })
      await store.recordLogin(firstLogin(1, { session }))
      const [listed] = await store.listSessions(USER, 499)
      assert.deepEqual({ ...listed, tokenHash: null }, { ...session, tokenHash: null })
      assert.deepEqual(await store.listSessions(USER, 500), [])
    },
  },
  {
    title: 'a session is read with the state of its user as it is then',
    async run(store) {
      await store.recordLogin(firstLogin(1))
      await store.setUserBan({ userId: USER, bannedAtMs: NOW_MS, events: [] })
      const user = (await store.findSession(sampleSelector(1)))?.user
      assert.deepEqual(user, sampleUser(1, { bannedAtMs: NOW_MS }))
    },
  },
]

function bare(change: { atMs: number; userId: string; selector: number | null }): object {
  return { atMs: change.atMs, userId: change.userId, selector: change.selector }
}

async function threeSessions(store: Store): Promise<void> {
  await store.recordLogin(firstLogin(1))
  await store.recordLogin(laterLogin(2, 1, { seenSelectors: [sampleSelector(1)] }))
  const seenSelectors = [sampleSelector(1), sampleSelector(2)]
  assert.equal(await store.recordLogin(laterLogin(3, 1, { seenSelectors })), 'recorded')
}

/** Of user 1: a first session at its idle end, a second at its absolute end, a third that lives. */
async function overInTwoWays(store: Store): Promise<void> {
  await store.recordLogin(firstLogin(1, { session: sampleSession(1, { idleDeadlineMs: NOW_MS }) }))
  const second = sampleSession(2, { userId: USER, openid: 'openid-1', absoluteDeadlineMs: NOW_MS })
  await store.recordLogin(laterLogin(2, 1, { seenSelectors: [sampleSelector(1)], session: second }))
  const seenSelectors = [sampleSelector(1), sampleSelector(2)]
  assert.equal(await store.recordLogin(laterLogin(3, 1, { seenSelectors })), 'recorded')
}

async function reasonOf(store: Store, n: number): Promise<string | null | undefined> {
  return (await store.findSession(sampleSelector(n)))?.endReason
}

function end(
  store: Store,
  n: number,
  change: Partial<Parameters<Store['endSession']>[0]> = {},
): Promise<boolean> {
  const selector = sampleSelector(n)
  return store.endSession({
    selector,
    userId: USER,
    reason: 'logged_out',
    atMs: NOW_MS,
    events: [],
    ...change,
  })
}

function endAll(store: Store, change: Partial<Parameters<Store['endUserSessions']>[0]>): Promise<number> {
  return store.endUserSessions({
    userId: USER,
    exceptSelector: null,
    reason: 'revoked_by_user',
    atMs: NOW_MS,
    events: [],
    ...change,
  })
}
