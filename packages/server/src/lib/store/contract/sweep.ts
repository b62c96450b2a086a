import assert from 'node:assert/strict'
import type { SessionRecord } from '../../records.ts'
import type { Store } from '../store.ts'
import type { StoreCase } from './case.ts'
import {
  changedSelectors,
  eventsOf,
  firstLogin,
  NOW_MS,
  sampleEvent,
  sampleHash,
  sampleSelector,
  sampleSession,
  sampleUserId,
  sweepOrder,
} from './samples.ts'

const CUT_MS = 1_000

export const sweepCases: readonly StoreCase[] = [
  {
    title: 'nothing is swept of an empty store, nor of what is not old enough',
    async run(store) {
      assert.equal(await store.sweep(sweepOrder({ sessionsBeforeMs: CUT_MS })), 0)
      await store.recordLogin(firstLogin(1, { events: [sampleEvent(1)] }))
      await end(store, 1)
      assert.equal(await store.sweep(sweepOrder()), 0)
      assert.notEqual(await store.findSession(sampleSelector(1)), null)
      assert.equal((await eventsOf(store, 1)).length, 1)
    },
  },
  {
    title: 'a session goes when its end lies before the cut: the earlier deadline, or the act that ended it',
    async run(store) {
      await session(store, 1, { idleDeadlineMs: CUT_MS - 1, absoluteDeadlineMs: 9_000 })
      await session(store, 2, { idleDeadlineMs: 9_000, absoluteDeadlineMs: CUT_MS - 1 })
      await session(store, 3, { idleDeadlineMs: CUT_MS, absoluteDeadlineMs: 9_000 })
      await session(store, 4, { idleDeadlineMs: 9_000, absoluteDeadlineMs: 9_000 })
      await end(store, 4, CUT_MS - 1)
      await session(store, 5, { idleDeadlineMs: CUT_MS + 1, absoluteDeadlineMs: 9_000 })
      await end(store, 5, CUT_MS)
      assert.equal(await store.sweep(sweepOrder({ sessionsBeforeMs: CUT_MS })), 3)
      const left = await Promise.all([1, 2, 3, 4, 5].map(async (n) => store.findSession(sampleSelector(n))))
      assert.deepEqual(
        left.map((one) => one !== null),
        [false, false, true, false, true],
      )
    },
  },
  {
    title: 'a touch moves the end of a session',
    async run(store) {
      const farMs = 4_102_444_800_000
      await session(store, 1, { idleDeadlineMs: farMs, absoluteDeadlineMs: farMs + 9 })
      await store.touchSession(sampleSelector(1), farMs + 1)
      assert.equal(await store.sweep(sweepOrder({ sessionsBeforeMs: farMs + 1 })), 0)
    },
  },
  {
    title: 'codes and open-data marks go when their time is over, and can come again',
    async run(store) {
      const { code } = firstLogin(1)
      assert.ok(code !== null)
      await store.recordLogin(firstLogin(1, { code: { ...code, forgetAfterMs: CUT_MS } }))
      const mark = { hash: sampleHash('mark'), forgetAfterMs: CUT_MS, events: [] }
      await store.useOpenData(mark)
      assert.equal(await store.sweep(sweepOrder({ nowMs: CUT_MS })), 0)
      assert.equal(await store.sweep(sweepOrder({ nowMs: CUT_MS + 1 })), 2)
      assert.equal(await store.findCode(code.hash), null)
      assert.equal(await store.useOpenData(mark), 'used')
    },
  },
  {
    title: 'events and changes go when they are older than their cut, each by its own',
    async run(store) {
      const old = sampleEvent(1, { atMs: CUT_MS - 1 })
      const young = sampleEvent(2, { atMs: CUT_MS })
      const nobody = sampleEvent(3, { atMs: CUT_MS - 1, userId: null })
      await store.recordLogin(firstLogin(1, { events: [old, young, nobody] }))
      await store.recordLogin(firstLogin(2))
      await end(store, 1, CUT_MS - 1)
      await end(store, 2, CUT_MS)
      assert.equal(await store.sweep(sweepOrder({ eventsBeforeMs: CUT_MS })), 2)
      assert.deepEqual(await eventsOf(store, 1), [young])
      assert.equal((await changedSelectors(store)).length, 2)
      assert.equal(await store.sweep(sweepOrder({ changesBeforeMs: CUT_MS })), 1)
      assert.deepEqual(await changedSelectors(store), [sampleSelector(2)])
    },
  },
  {
    title: 'seeds are wiped from codes that stay, and count, so that who sweeps goes on while there are many',
    async run(store) {
      const { code } = firstLogin(1)
      assert.ok(code !== null)
      await store.recordLogin(firstLogin(1, { code: { ...code, usedAtMs: CUT_MS } }))
      await store.sweep(sweepOrder({ seedsBeforeMs: CUT_MS }))
      assert.notEqual((await store.findCode(code.hash))?.seed, null)
      assert.equal(await store.sweep(sweepOrder({ seedsBeforeMs: CUT_MS + 1 })), 1)
      const wiped = await store.findCode(code.hash)
      assert.deepEqual([wiped?.seed, wiped?.selector], [null, sampleSelector(1)])
      assert.equal(await store.sweep(sweepOrder({ seedsBeforeMs: CUT_MS + 1 })), 0)
    },
  },
  {
    title: 'a backlog of seeds shows in what each turn says, until the last one is wiped',
    async run(store) {
      for (const n of [1, 2, 3, 4, 5]) await store.recordLogin(firstLogin(n))
      const order = sweepOrder({ seedsBeforeMs: NOW_MS + 1, limit: 2 })
      const went = [await store.sweep(order), await store.sweep(order), await store.sweep(order)]
      assert.deepEqual([...went, await store.sweep(order)], [2, 2, 1, 0])
      const codes = await Promise.all([1, 2, 3, 4, 5].map((n) => store.findCode(sampleHash(`code-${n}`))))
      assert.ok(codes.every((code) => code !== null && code.seed === null))
    },
  },
  {
    title: 'a sweep takes at most the limit of each kind, and in the end all of it',
    async run(store) {
      const numbers = [1, 2, 3, 4, 5]
      for (const n of numbers) {
        await session(store, n, { idleDeadlineMs: 1 })
        await store.appendEvents([sampleEvent(n, { atMs: 1 })])
      }
      const order = sweepOrder({ sessionsBeforeMs: CUT_MS, eventsBeforeMs: CUT_MS, limit: 2 })
      const went = [await store.sweep(order), await store.sweep(order), await store.sweep(order)]
      assert.deepEqual([...went, await store.sweep(order)], [4, 4, 2, 0])
    },
  },
  {
    title: 'users and identities outlive all of their sessions',
    async run(store) {
      await session(store, 1, { idleDeadlineMs: 1 })
      await store.sweep(sweepOrder({ sessionsBeforeMs: CUT_MS }))
      assert.equal((await store.findUser(sampleUserId(1)))?.id, sampleUserId(1))
      assert.equal((await store.listIdentities(sampleUserId(1))).length, 1)
    },
  },
]

async function session(store: Store, n: number, change: Partial<SessionRecord>): Promise<void> {
  const plan = firstLogin(n, { session: sampleSession(n, change) })
  assert.equal(await store.recordLogin(plan), 'recorded')
}

async function end(store: Store, n: number, atMs = CUT_MS): Promise<void> {
  const one = { selector: sampleSelector(n), userId: sampleUserId(n), atMs, events: [] }
  assert.equal(await store.endSession({ ...one, reason: 'logged_out' }), true)
}
