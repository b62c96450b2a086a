import assert from 'node:assert/strict'
import type { StoreCase } from './case.ts'
import { endSession, renew, renewed, retired, session, stateOf } from './renewal-state.ts'
import {
  NOW_MS,
  samplePromotion,
  sampleRenewal,
  sampleSelector,
  sampleTokenHash,
  sampleUserId,
  sweepOrder,
} from './samples.ts'

const SELECTOR = sampleSelector(1)

/** What of renewals goes, and when. */
export const renewalForgettingCases: readonly StoreCase[] = [
  {
    title: 'the seed of a retired token is wiped from the moment at which it is good no more; its hash stays',
    async run(store) {
      await renewed(store)
      assert.equal(await store.sweep(sweepOrder({ nowMs: NOW_MS + 29_999 })), 0)
      assert.deepEqual(await retired(store, 0), { goodUntilMs: NOW_MS + 30_000, seed: 0 })
      assert.equal(await store.sweep(sweepOrder({ nowMs: NOW_MS + 30_000 })), 1)
      assert.deepEqual(await retired(store, 0), { goodUntilMs: NOW_MS + 30_000, seed: null })
      assert.equal(await store.sweep(sweepOrder({ nowMs: NOW_MS + 30_000 })), 0)
    },
  },
  {
    title: 'the seed of a renewal whose token was never used is wiped once its session is over, not before',
    async run(store) {
      await session(store, 1, { idleDeadlineMs: NOW_MS + 5 })
      await session(store, 2)
      for (const n of [1, 2]) await store.startRenewal(sampleRenewal(n))
      await endSession(store, 2, NOW_MS + 5)
      assert.equal(await store.sweep(sweepOrder({ nowMs: NOW_MS + 5 })), 0)
      assert.equal(await store.sweep(sweepOrder({ nowMs: NOW_MS + 6, limit: 1 })), 1)
      assert.equal(await store.sweep(sweepOrder({ nowMs: NOW_MS + 6 })), 1)
      const wiped = { token: 0, next: 1, seed: null, renewals: 1 }
      assert.deepEqual([await stateOf(store, 1), await stateOf(store, 2)], [wiped, wiped])
    },
  },
  {
    title: 'a backlog of seeds of renewals shows in what each turn says, until the last one is wiped',
    async run(store) {
      await session(store)
      for (let step = 0; step < 5; step += 1) await renew(store, step)
      const order = sweepOrder({ nowMs: NOW_MS + 30_000, limit: 2 })
      const went = [await store.sweep(order), await store.sweep(order), await store.sweep(order)]
      assert.deepEqual([...went, await store.sweep(order)], [2, 2, 1, 0])
      for (let step = 0; step < 5; step += 1) assert.equal((await retired(store, step))?.seed, null)
    },
  },
  {
    title: 'retired tokens go with their session, at most the limit of them in a turn',
    async run(store) {
      await session(store, 1, { idleDeadlineMs: NOW_MS + 5 })
      for (let step = 0; step < 5; step += 1) await renew(store, step)
      await session(store, 2)
      await store.startRenewal(sampleRenewal(2))
      await store.promoteToken(samplePromotion(2))
      assert.equal(await store.sweep(sweepOrder({ sessionsBeforeMs: NOW_MS + 5 })), 0)
      const order = sweepOrder({ sessionsBeforeMs: NOW_MS + 6, limit: 2 })
      const went = [await store.sweep(order), await store.sweep(order)]
      assert.deepEqual(went, [2, 2])
      assert.notEqual(await store.findSession(SELECTOR), null)
      assert.equal(await store.sweep(order), 2)
      assert.equal(await store.sweep(order), 0)
      assert.equal(await store.findSession(SELECTOR), null)
      for (let step = 0; step < 5; step += 1) assert.equal(await retired(store, step), null)
      assert.notEqual(await store.findRetiredToken(sampleSelector(2), sampleTokenHash(2, 0)), null)
    },
  },
  {
    title: 'a closed account keeps the hashes, so that its tokens are told why, and none of the seeds',
    async run(store) {
      await renewed(store)
      await store.startRenewal(sampleRenewal(1, 1))
      await session(store, 2)
      await store.startRenewal(sampleRenewal(2))
      await store.closeAccount({ userId: sampleUserId(1), atMs: NOW_MS + 1, events: [] })
      assert.deepEqual(await stateOf(store), { token: 1, next: 2, seed: null, renewals: 2 })
      assert.deepEqual(await retired(store, 0), { goodUntilMs: NOW_MS + 30_000, seed: null })
      assert.equal((await store.findSession(SELECTOR))?.endReason, 'user_deleted')
      assert.deepEqual(await stateOf(store, 2), { token: 0, next: 1, seed: 0, renewals: 1 })
    },
  },
]
