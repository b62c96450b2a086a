import assert from 'node:assert/strict'
import type { StoreCase } from './case.ts'
import {
  APPID,
  firstLogin,
  OTHER_APPID,
  queryOf,
  sampleIdentity,
  sampleSession,
  sampleUserId,
} from './samples.ts'

export const tenancyCases: readonly StoreCase[] = [
  {
    title: 'one openid in two apps names two identities',
    async run(store) {
      await store.recordLogin(firstLogin(1))
      const record = sampleIdentity(2, { openid: 'openid-1', appid: OTHER_APPID })
      const session = sampleSession(2, { appid: OTHER_APPID, openid: 'openid-1' })
      const plan = firstLogin(2, { identity: { kind: 'create', record }, session })
      assert.equal(await store.recordLogin(plan), 'recorded')
      assert.equal((await store.findIdentity(queryOf(1)))?.userId, sampleUserId(1))
      assert.equal((await store.findIdentity(queryOf(1, { appid: OTHER_APPID })))?.userId, sampleUserId(2))
      const facts = await store.findLoginFacts(queryOf(1, { appid: OTHER_APPID }))
      assert.equal(facts.user?.id, sampleUserId(2))
    },
  },
  {
    title: 'no part of a key runs into the next one',
    async run(store) {
      const record = sampleIdentity(1, { appid: `${APPID}a`, openid: 'b' })
      await store.recordLogin(firstLogin(1, { identity: { kind: 'create', record } }))
      assert.equal(await store.findIdentity(queryOf(1, { appid: APPID, openid: 'ab' })), null)
      assert.notEqual(await store.findIdentity(queryOf(1, { appid: `${APPID}a`, openid: 'b' })), null)
    },
  },
  {
    title: 'openids differ by case, and by blanks at either end',
    async run(store) {
      await store.recordLogin(firstLogin(1))
      for (const openid of ['OPENID-1', 'openid-1 ', ' openid-1', 'openid', 'öpenid-1']) {
        assert.equal(await store.findIdentity(queryOf(1, { openid })), null)
      }
    },
  },
]
