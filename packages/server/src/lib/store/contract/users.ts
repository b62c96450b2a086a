import assert from 'node:assert/strict'
import type { Store } from '../store.ts'
import type { StoreCase } from './case.ts'
import {
  changedSelectors,
  eventsOf,
  firstLogin,
  lastSeq,
  NOW_MS,
  sampleEvent,
  sampleUser,
  sampleUserId,
} from './samples.ts'

const USER = sampleUserId(1)

export const userCases: readonly StoreCase[] = [
  {
    title: 'no row, no user, no identities',
    async run(store) {
      assert.equal(await store.findUser(USER), null)
      assert.deepEqual(await store.listIdentities(USER), [])
    },
  },
  {
    title: 'a profile changes in what is given alone, null empties a field, and other nodes hear of it',
    async run(store) {
      await store.recordLogin(firstLogin(1))
      const events = [sampleEvent(1, { type: 'user.profile_changed' })]
      const renamed = await store.updateProfile({ userId: USER, nickname: '小明', events })
      assert.deepEqual(renamed, sampleUser(1, { nickname: '小明' }))
      const emptied = await store.updateProfile({ userId: USER, avatarUrl: null, events: [] })
      assert.deepEqual(emptied, sampleUser(1, { nickname: '小明', avatarUrl: null }))
      const both = { nickname: null, avatarUrl: 'https://a.example/1.png' }
      await store.updateProfile({ userId: USER, ...both, events: [] })
      assert.deepEqual(await store.findUser(USER), sampleUser(1, both))
      assert.deepEqual(await eventsOf(store, 1), events)
      assert.deepEqual(await changedSelectors(store), [null, null, null])
    },
  },
  {
    title: 'a profile that is so already is left alone: the user as it is, no event, no change',
    async run(store) {
      await store.recordLogin(firstLogin(1))
      const { nickname, avatarUrl } = sampleUser(1)
      const events = [sampleEvent(1, { type: 'user.profile_changed' })]
      for (const same of [{}, { nickname }, { avatarUrl }, { nickname, avatarUrl }]) {
        assert.deepEqual(await store.updateProfile({ userId: USER, ...same, events }), sampleUser(1))
      }
      assert.deepEqual([await eventsOf(store, 1), await changedSelectors(store)], [[], []])
      await store.updateProfile({ userId: USER, nickname: null, events: [] })
      await store.updateProfile({ userId: USER, nickname: null, events })
      assert.deepEqual([await eventsOf(store, 1), await changedSelectors(store)], [[], [null]])
      const one = await store.updateProfile({ userId: USER, nickname: null, avatarUrl: null, events })
      assert.deepEqual(one, sampleUser(1, { nickname: null, avatarUrl: null }))
      assert.deepEqual([await eventsOf(store, 1), await changedSelectors(store)], [events, [null, null]])
    },
  },
  {
    title: 'the profile of nobody cannot be changed: null, no event, no change',
    async run(store) {
      const events = [sampleEvent(1)]
      assert.equal(await store.updateProfile({ userId: USER, nickname: 'x', events }), null)
      assert.deepEqual([await eventsOf(store, 1), await changedSelectors(store)], [[], []])
    },
  },
  {
    title: 'a ban is written with its time, event and a change for all sessions, and taken back alike',
    async run(store) {
      await store.recordLogin(firstLogin(1))
      const banned = [sampleEvent(1, { type: 'user.banned' })]
      assert.equal(await store.setUserBan({ userId: USER, bannedAtMs: NOW_MS, events: banned }), true)
      assert.equal((await store.findUser(USER))?.bannedAtMs, NOW_MS)
      const freed = [sampleEvent(2, { type: 'user.unbanned' })]
      assert.equal(await store.setUserBan({ userId: USER, bannedAtMs: null, events: freed }), true)
      assert.equal((await store.findUser(USER))?.bannedAtMs, null)
      assert.deepEqual(await eventsOf(store, 1), [...freed, ...banned])
      assert.deepEqual(await changedSelectors(store), [null, null])
    },
  },
  {
    title: 'who is banned stays banned since the first time, who is free stays free: no event, no change',
    async run(store) {
      await store.recordLogin(firstLogin(1))
      const events = [sampleEvent(1)]
      assert.equal(await store.setUserBan({ userId: USER, bannedAtMs: null, events }), true)
      await store.setUserBan({ userId: USER, bannedAtMs: 5, events: [] })
      const seq = await lastSeq(store)
      assert.equal(await store.setUserBan({ userId: USER, bannedAtMs: 6, events }), true)
      assert.equal((await store.findUser(USER))?.bannedAtMs, 5)
      assert.deepEqual([await eventsOf(store, 1), await changedSelectors(store, seq)], [[], []])
    },
  },
  {
    title: 'nobody cannot be banned: false, no event',
    async run(store) {
      const ban = { userId: USER, bannedAtMs: NOW_MS, events: [sampleEvent(1)] }
      assert.equal(await store.setUserBan(ban), false)
      assert.deepEqual([await eventsOf(store, 1), await changedSelectors(store)], [[], []])
    },
  },
  {
    title: 'users are listed newest first, page by page',
    async run(store) {
      await users(store, [1, 2, 3, 4, 5])
      assert.deepEqual(await ids(store, { limit: 2 }), [sampleUserId(5), sampleUserId(4)])
      assert.deepEqual(await ids(store, { limit: 2, before: sampleUserId(4) }), [
        sampleUserId(3),
        sampleUserId(2),
      ])
      assert.deepEqual(await ids(store, { limit: 2, before: sampleUserId(1) }), [])
    },
  },
  {
    title: 'users are found by id or by a part of their nickname, in which no character is a wildcard',
    async run(store) {
      await users(store, [1, 12, 3])
      await store.updateProfile({ userId: sampleUserId(3), nickname: '100%_真\\的', events: [] })
      assert.deepEqual(await ids(store, { limit: 9, search: 'name-1' }), [sampleUserId(12), USER])
      assert.deepEqual(await ids(store, { limit: 1, search: 'name-1', before: sampleUserId(12) }), [USER])
      assert.deepEqual(await ids(store, { limit: 9, search: USER }), [USER])
      for (const search of ['%_', '真', '\\的']) {
        assert.deepEqual(await ids(store, { limit: 9, search }), [sampleUserId(3)])
      }
      assert.deepEqual(await ids(store, { limit: 9, search: 'n%1' }), [])
      assert.deepEqual(await ids(store, { limit: 9, search: 'usr_' }), [])
    },
  },
]

async function users(store: Store, numbers: readonly number[]): Promise<void> {
  await Promise.all(numbers.map((n) => store.recordLogin(firstLogin(n))))
}

async function ids(store: Store, query: Parameters<Store['listUsers']>[0]): Promise<string[]> {
  return (await store.listUsers(query)).map((user) => user.id)
}
