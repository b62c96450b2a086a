import assert from 'node:assert/strict'
import type { StoreCase } from './case.ts'
import { endSession, hex, renew, renewed, retired, session, stateOf } from './renewal-state.ts'
import {
  changedSelectors,
  eventsOf,
  firstLogin,
  lastSeq,
  NOW_MS,
  sampleEvent,
  sampleHash,
  samplePromotion,
  sampleRenewal,
  sampleSelector,
  sampleSession,
  sampleTokenHash,
} from './samples.ts'

const SELECTOR = sampleSelector(1)
const MANY = 100

export const renewalCases: readonly StoreCase[] = [
  {
    title: '[F19] a renewal notes the next token, with event and change row; the token of now stays',
    async run(store) {
      await session(store)
      assert.deepEqual(await stateOf(store), { token: 0, next: null, seed: null, renewals: 0 })
      const events = [sampleEvent(1, { type: 'session.renewed' })]
      assert.equal(await store.startRenewal(sampleRenewal(1, 0, { events })), true)
      assert.deepEqual(await stateOf(store), { token: 0, next: 1, seed: 0, renewals: 1 })
      assert.deepEqual(await eventsOf(store, 1), events)
      assert.deepEqual(await changedSelectors(store), [SELECTOR])
    },
  },
  {
    title: '[F21] while a token waits for its first use no other one is noted: nothing is written',
    async run(store) {
      await session(store)
      await store.startRenewal(sampleRenewal(1))
      const seq = await lastSeq(store)
      const other = {
        nextHash: sampleHash('other'),
        seed: sampleHash('other seed'),
        events: [sampleEvent(1)],
      }
      assert.equal(await store.startRenewal(sampleRenewal(1, 0, other)), false)
      assert.deepEqual(await stateOf(store), { token: 0, next: 1, seed: 0, renewals: 1 })
      assert.deepEqual([await eventsOf(store, 1), await changedSelectors(store, seq)], [[], []])
    },
  },
  {
    title:
      'only the token of now can be renewed: not one of before, not the next, not one of another session',
    async run(store) {
      await renewed(store)
      await store.recordLogin(firstLogin(2))
      const seq = await lastSeq(store)
      for (const tokenHash of [sampleTokenHash(1, 0), sampleTokenHash(1, 2), sampleTokenHash(2, 0)]) {
        assert.equal(await store.startRenewal(sampleRenewal(1, 1, { tokenHash })), false)
      }
      assert.equal(await store.startRenewal(sampleRenewal(77)), false)
      assert.deepEqual(await changedSelectors(store, seq), [])
      assert.equal(await store.startRenewal(sampleRenewal(1, 1)), true)
    },
  },
  {
    title: '[F19] the first use makes the next token the one of now and keeps the one before, with its seed',
    async run(store) {
      await session(store)
      await store.startRenewal(sampleRenewal(1))
      const seq = await lastSeq(store)
      assert.equal(await store.findRetiredToken(SELECTOR, sampleTokenHash(1, 0)), null)
      assert.equal(await store.promoteToken(samplePromotion(1)), true)
      assert.deepEqual(await stateOf(store), { token: 1, next: null, seed: null, renewals: 1 })
      assert.deepEqual(await retired(store, 0), { goodUntilMs: NOW_MS + 30_000, seed: 0 })
      assert.deepEqual(await changedSelectors(store, seq), [SELECTOR])
    },
  },
  {
    title: 'a token that nothing noted, or that was used before, is not promoted: nothing is written',
    async run(store) {
      await renewed(store)
      const seq = await lastSeq(store)
      assert.equal(await store.promoteToken(samplePromotion(1)), false)
      assert.equal(await store.promoteToken(samplePromotion(1, 1)), false)
      await store.startRenewal(sampleRenewal(1, 1))
      for (const nextHash of [sampleTokenHash(1, 0), sampleTokenHash(1, 1), sampleHash('forged')]) {
        assert.equal(await store.promoteToken(samplePromotion(1, 1, { nextHash })), false)
      }
      assert.equal(await store.promoteToken(samplePromotion(77)), false)
      assert.deepEqual(await stateOf(store), { token: 1, next: 2, seed: 1, renewals: 2 })
      assert.deepEqual(await changedSelectors(store, seq), [SELECTOR])
    },
  },
  {
    title:
      '[F20] a retired token is known by session and hash together; the token of now, the next and a guess are none',
    async run(store) {
      await renewed(store)
      await store.startRenewal(sampleRenewal(1, 1))
      await store.recordLogin(firstLogin(2))
      for (const step of [1, 2, 3]) assert.equal(await retired(store, step), null)
      assert.equal(await store.findRetiredToken(sampleSelector(2), sampleTokenHash(1, 0)), null)
      assert.equal(await store.findRetiredToken(sampleSelector(77), sampleTokenHash(1, 0)), null)
      const bytes = new Uint8Array(sampleTokenHash(1, 0))
      assert.notEqual(await store.findRetiredToken(SELECTOR, bytes), null)
    },
  },
  {
    title: '[F20] every token of a long line is remembered, each with its own time',
    async run(store) {
      await session(store)
      for (let step = 0; step < 20; step += 1) await renew(store, step, NOW_MS + step)
      for (let step = 0; step < 20; step += 1) {
        assert.deepEqual(await retired(store, step), { goodUntilMs: NOW_MS + step + 30_000, seed: step })
      }
      assert.deepEqual(await stateOf(store), { token: 20, next: null, seed: null, renewals: 20 })
    },
  },
  {
    title: 'a session that an act has ended is neither renewed nor moved on; its tokens stay known',
    async run(store) {
      await renewed(store)
      await store.startRenewal(sampleRenewal(1, 1))
      await session(store, 2)
      for (const n of [1, 2]) await endSession(store, n)
      const seq = await lastSeq(store)
      assert.equal(await store.startRenewal(sampleRenewal(2)), false)
      assert.equal(await store.promoteToken(samplePromotion(1, 1)), false)
      assert.deepEqual(await stateOf(store), { token: 1, next: 2, seed: 1, renewals: 2 })
      assert.notEqual(await retired(store, 0), null)
      assert.deepEqual(await changedSelectors(store, seq), [])
    },
  },
  {
    title: '[F18] neither works from the moment at which the time of the session is over',
    async run(store) {
      await session(store, 1, { idleDeadlineMs: NOW_MS + 5 })
      await session(store, 2, { absoluteDeadlineMs: NOW_MS + 5 })
      const [last, over] = [{ atMs: NOW_MS + 4 }, { atMs: NOW_MS + 5 }]
      for (const n of [1, 2]) {
        assert.equal(await store.startRenewal(sampleRenewal(n, 0, over)), false)
        assert.equal(await store.startRenewal(sampleRenewal(n, 0, last)), true)
        assert.equal(await store.promoteToken(samplePromotion(n, 0, over)), false)
        assert.equal(await store.promoteToken(samplePromotion(n, 0, last)), true)
      }
    },
  },
  {
    title: 'renewal moves no deadline and nothing of another session',
    async run(store) {
      await store.recordLogin(firstLogin(2))
      await renewed(store)
      const { idleDeadlineMs, absoluteDeadlineMs, createdAtMs } = sampleSession(1)
      const found = await store.findSession(SELECTOR)
      assert.deepEqual(
        [found?.idleDeadlineMs, found?.absoluteDeadlineMs, found?.createdAtMs],
        [idleDeadlineMs, absoluteDeadlineMs, createdAtMs],
      )
      assert.deepEqual(await stateOf(store, 2), { token: 0, next: null, seed: null, renewals: 0 })
    },
  },
  {
    title: `[F21] of ${MANY} renewals at once one is noted, with its seed; of ${MANY} first uses one counts`,
    async run(store) {
      await session(store)
      const starts = numbers().map((n) =>
        store.startRenewal(
          sampleRenewal(1, 0, { nextHash: sampleHash(`next-${n}`), seed: sampleHash(`seed-${n}`) }),
        ),
      )
      const winner = (await Promise.all(starts)).indexOf(true)
      assert.equal((await Promise.all(starts)).filter((one) => one).length, 1)
      const { pending } = (await store.findSession(SELECTOR)) ?? {}
      assert.equal(hex(pending?.nextHash), hex(sampleHash(`next-${winner}`)))
      assert.equal(hex(pending?.seed), hex(sampleHash(`seed-${winner}`)))
      const nextHash = sampleHash(`next-${winner}`)
      const uses = await Promise.all(
        numbers().map((n) =>
          store.promoteToken(samplePromotion(1, 0, { nextHash, goodUntilMs: NOW_MS + n })),
        ),
      )
      assert.equal(uses.filter((one) => one).length, 1)
      const { goodUntilMs } = (await store.findRetiredToken(SELECTOR, sampleTokenHash(1, 0))) ?? {}
      assert.equal(goodUntilMs, NOW_MS + uses.indexOf(true))
    },
  },
  {
    title: 'bytes of a renewal that the caller alters afterwards are kept as they were',
    async run(store) {
      await session(store)
      const [nextHash, seed] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)]
      await store.startRenewal(sampleRenewal(1, 0, { nextHash, seed }))
      for (const bytes of [nextHash, seed]) bytes.fill(9)
      const { pending } = (await store.findSession(SELECTOR)) ?? {}
      assert.deepEqual([pending?.nextHash[0], pending?.seed?.[0]], [1, 2])
      for (const bytes of [pending?.nextHash, pending?.seed]) bytes?.fill(9)
      await store.promoteToken(samplePromotion(1, 0, { nextHash: new Uint8Array(32).fill(1) }))
      const found = await store.findRetiredToken(SELECTOR, sampleTokenHash(1, 0))
      found?.seed?.fill(9)
      assert.equal((await store.findRetiredToken(SELECTOR, sampleTokenHash(1, 0)))?.seed?.[0], 2)
    },
  },
]

function numbers(): number[] {
  return Array.from({ length: MANY }, (_, n) => n)
}
