import assert from 'node:assert/strict'
import type { StoreCase } from './case.ts'
import { eventsOf, sampleEvent, sampleEventId, sampleHash, sampleUserId } from './samples.ts'

const USER = sampleUserId(1)

export const eventCases: readonly StoreCase[] = [
  {
    title: 'events read as they were written, with every field null that can be, and facts of every kind',
    async run(store) {
      const nobody = { appid: null, userId: null, sessionId: null, requestId: null, ip: null }
      const facts = { text: '中文 \u0000 "\'\\', whole: 1, half: 0.5, negative: -1, yes: true, no: false }
      const bare = { appid: null, sessionId: null, requestId: null, ip: null, facts: {} }
      await store.appendEvents([sampleEvent(3, { facts }), sampleEvent(4, bare), sampleEvent(5, nobody)])
      assert.deepEqual(await eventsOf(store, 1), [sampleEvent(4, bare), sampleEvent(3, { facts })])
      await store.appendEvents([])
    },
  },
  {
    title: 'events of a user are listed newest first, page by page, and nobody else’s among them',
    async run(store) {
      const mine = [1, 2, 3, 4, 5].map((n) => sampleEvent(n))
      await store.appendEvents([...mine, sampleEvent(6, { userId: sampleUserId(2) })])
      const first = await store.listEvents({ userId: USER, limit: 2 })
      assert.deepEqual(first.map(idOf), [sampleEventId(5), sampleEventId(4)])
      const next = await store.listEvents({ userId: USER, limit: 2, before: sampleEventId(4) })
      assert.deepEqual(next.map(idOf), [sampleEventId(3), sampleEventId(2)])
      assert.deepEqual(await store.listEvents({ userId: USER, limit: 2, before: sampleEventId(1) }), [])
    },
  },
  {
    title: 'open data is used once until it is forgotten; the second use writes no event',
    async run(store) {
      const use = { hash: sampleHash('open-data'), forgetAfterMs: 10 }
      const first = sampleEvent(1, { type: 'open_data.opened' })
      assert.equal(await store.useOpenData({ ...use, events: [first] }), 'used')
      assert.equal(await store.useOpenData({ ...use, events: [sampleEvent(2)] }), 'conflict')
      assert.deepEqual(await eventsOf(store, 1), [first])
      assert.equal(await store.useOpenData({ ...use, hash: sampleHash('other'), events: [] }), 'used')
    },
  },
]

function idOf(event: { readonly id: string }): string {
  return event.id
}
