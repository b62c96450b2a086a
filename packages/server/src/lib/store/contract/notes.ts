import assert from 'node:assert/strict'
import type { Store } from '../store.ts'
import type { StoreCase } from './case.ts'
import { firstLogin, sampleIdentity } from './samples.ts'

export const noteCases: readonly StoreCase[] = [
  {
    title: '[F38] a note is swapped by who knows what it says now, and by nobody else',
    async run(store) {
      const swap = (expected: string | null, value: string | null) =>
        store.swapNote({ name: 'note', expected, value })
      assert.equal(await store.findNote('note'), null)
      assert.deepEqual(
        [await swap('a', 'b'), await swap(null, 'a'), await swap(null, 'b')],
        [false, true, false],
      )
      assert.deepEqual(
        [await swap('A', 'b'), await swap('a ', 'b'), await swap('b', null)],
        [false, false, false],
      )
      assert.equal(await store.findNote('note'), 'a')
      assert.equal(await store.findNote('NOTE'), null)
      assert.deepEqual([await swap('a', 'b'), await store.findNote('note')], [true, 'b'])
      assert.deepEqual([await swap('b', null), await store.findNote('note')], [true, null])
      assert.deepEqual([await swap(null, null), await swap('b', null)], [true, false])
    },
  },
  {
    title: '[F38] of many who swap a note at once one has its way',
    async run(store) {
      for (const expected of [null, 'v0']) {
        const tries = Array.from({ length: 20 }, (_, n) =>
          store.swapNote({ name: 'one', expected, value: expected === null ? 'v0' : `w${n}` }),
        )
        const won = (await Promise.all(tries)).filter(Boolean)
        assert.equal(won.length, 1)
      }
      assert.match((await store.findNote('one')) ?? '', /^w\d+$/)
    },
  },
  {
    title: 'identities are paged by their keys, each of them once',
    async run(store) {
      for (const n of [3, 1, 5, 2, 4]) assert.equal(await store.recordLogin(firstLogin(n)), 'recorded')
      const names: string[] = []
      let after: Parameters<Store['pageIdentities']>[0]['after'] = null
      for (let page = await store.pageIdentities({ after, limit: 2 }); page.length > 0; ) {
        names.push(...page.map(({ openid }) => openid))
        after = page.at(-1) ?? null
        page = await store.pageIdentities({ after, limit: 2 })
      }
      const all = [1, 2, 3, 4, 5].map((n) => sampleIdentity(n).openid).sort()
      assert.deepEqual(names, all)
    },
  },
  {
    title: '[T33] a key ring is replaced where nobody has written it meanwhile; nothing else changes',
    async run(store) {
      await store.recordLogin(firstLogin(1))
      const [before] = await store.pageIdentities({ after: null, limit: 1 })
      assert.ok(before)
      const { platform, appid, openid, version } = before
      const key = { platform, appid, openid }
      const change = { key, expectedVersion: version, keyRing: ['v1.k2.a.b.c', 'v1.k2.d.e.f'] }
      assert.equal(await store.replaceKeyRing({ ...change, expectedVersion: version + 1 }), false)
      assert.equal(await store.replaceKeyRing({ ...change, key: { ...key, openid: 'nobody' } }), false)
      assert.deepEqual(await store.findIdentity(key), before)
      assert.equal(await store.replaceKeyRing(change), true)
      const after = { ...before, keyRing: change.keyRing, version: version + 1 }
      assert.deepEqual(await store.findIdentity(key), after)
      assert.equal(await store.replaceKeyRing(change), false)
    },
  },
]
