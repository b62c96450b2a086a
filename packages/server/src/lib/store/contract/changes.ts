import assert from 'node:assert/strict'
import type { Store } from '../store.ts'
import type { StoreCase } from './case.ts'
import { firstLogin, lastSeq, NOW_MS, sampleSelector, sampleUserId, sweepOrder } from './samples.ts'

export const changeCases: readonly StoreCase[] = [
  {
    title:
      'changes come in the order of their numbers, after the one that is named, as many as are asked for',
    async run(store) {
      await end(store, [1, 2, 3, 4])
      const all = await store.listChanges({ afterSeq: 0, limit: 10 })
      assert.deepEqual(all.map(selectorOf), [1, 2, 3, 4].map(sampleSelector))
      assert.ok(all.every((change, n) => n === 0 || change.seq > (all[n - 1]?.seq ?? 0)))
      const some = await store.listChanges({ afterSeq: all[0]?.seq ?? 0, limit: 2 })
      assert.deepEqual(some, all.slice(1, 3))
      assert.deepEqual(await store.listChanges({ afterSeq: all[3]?.seq ?? 0, limit: 2 }), [])
    },
  },
  {
    title: 'who reads an ended session finds its change: both are written in one step',
    async run(store) {
      await store.recordLogin(firstLogin(1))
      const pending = end(store, [1], false)
      const found = await store.findSession(sampleSelector(1))
      const changes = await store.listChanges({ afterSeq: 0, limit: 10 })
      assert.ok(found?.endedAtMs === null || changes.length === 1)
      await pending
      assert.equal(await lastSeq(store), (await store.listChanges({ afterSeq: 0, limit: 1 }))[0]?.seq)
    },
  },
  {
    title: 'a number is never given twice, also when the changes before were swept',
    async run(store) {
      await end(store, [1, 2])
      const before = await lastSeq(store)
      await store.sweep(sweepOrder({ changesBeforeMs: NOW_MS * 2 }))
      assert.deepEqual(await store.listChanges({ afterSeq: 0, limit: 10 }), [])
      await end(store, [3])
      assert.ok((await lastSeq(store)) > before)
    },
  },
  {
    title: '[R13] so many of the newest changes stay as they are told to, however old they say they are',
    async run(store) {
      await end(store, [1, 2, 3])
      const newest = await lastSeq(store)
      const old = { changesBeforeMs: NOW_MS * 2 }
      assert.equal(await store.sweep(sweepOrder({ ...old, changesKept: newest })), 0)
      assert.equal(await store.sweep(sweepOrder({ ...old, changesKept: 1 })), 2)
      const [kept, ...others] = await store.listChanges({ afterSeq: 0, limit: 10 })
      assert.deepEqual([kept?.seq, others], [newest, []])
      assert.equal(await store.sweep(sweepOrder({ ...old, changesKept: 1 })), 0)
    },
  },
]

async function end(store: Store, numbers: readonly number[], login = true): Promise<void> {
  for (const n of numbers) {
    if (login) await store.recordLogin(firstLogin(n))
    const one = { selector: sampleSelector(n), userId: sampleUserId(n), atMs: NOW_MS, events: [] }
    assert.equal(await store.endSession({ ...one, reason: 'logged_out' }), true)
  }
}

function selectorOf(change: { readonly selector: number | null }): number | null {
  return change.selector
}
