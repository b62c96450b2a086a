import assert from 'node:assert/strict'
import type { Store } from '../store.ts'
import type { StoreCase } from './case.ts'
import {
  firstLogin,
  queryOf,
  sampleEvent,
  sampleHash,
  samplePromotion,
  sampleRenewal,
  sampleSelector,
  sampleUserId,
  sweepOrder,
} from './samples.ts'

export const closeCases: readonly StoreCase[] = [
  {
    title: 'an open store can be checked',
    async run(store) {
      assert.equal(await store.check(), undefined)
    },
  },
  {
    title: 'what was asked before closing is written first',
    async run(store) {
      const pending = [1, 2, 3].map((n) => store.recordLogin(firstLogin(n)))
      await store.close()
      assert.deepEqual(await Promise.all(pending), ['recorded', 'recorded', 'recorded'])
    },
  },
  {
    title: 'a closed store rejects every call as store_unavailable, and closing it again does nothing',
    async run(store) {
      await store.close()
      await store.close()
      for (const [name, call] of Object.entries(callsOf(store))) {
        await assert.rejects(call, { code: 'store_unavailable' }, name)
      }
    },
  },
]

function callsOf(
  store: Store,
): Record<
  Exclude<keyof Store, 'close' | 'recallSession' | 'isRecalledStill' | 'confirm'>,
  () => Promise<unknown>
> {
  const userId = sampleUserId(1)
  const end = { userId, selector: sampleSelector(1), reason: 'logged_out', atMs: 1, events: [] } as const
  return {
    findCode: () => store.findCode(sampleHash('code-1')),
    findLoginFacts: () => store.findLoginFacts(queryOf(1)),
    recordLogin: () => store.recordLogin(firstLogin(1)),
    findSession: () => store.findSession(sampleSelector(1)),
    touchSession: () => store.touchSession(sampleSelector(1), 1),
    startRenewal: () => store.startRenewal(sampleRenewal(1)),
    promoteToken: () => store.promoteToken(samplePromotion(1)),
    findRetiredToken: () => store.findRetiredToken(sampleSelector(1), sampleHash('token-1')),
    endSession: () => store.endSession(end),
    endUserSessions: () => store.endUserSessions({ ...end, exceptSelector: null }),
    findUser: () => store.findUser(userId),
    findIdentity: () => store.findIdentity(queryOf(1)),
    listIdentities: () => store.listIdentities(userId),
    listSessions: () => store.listSessions(userId, 1),
    listEvents: () => store.listEvents({ userId, limit: 1 }),
    listUsers: () => store.listUsers({ limit: 1 }),
    updateProfile: () => store.updateProfile({ userId, nickname: null, events: [] }),
    setUserBan: () => store.setUserBan({ userId, bannedAtMs: 1, events: [] }),
    closeAccount: () => store.closeAccount({ userId, atMs: 1, events: [] }),
    useOpenData: () => store.useOpenData({ hash: sampleHash('x'), forgetAfterMs: 1, events: [] }),
    appendEvents: () => store.appendEvents([sampleEvent(1)]),
    listChanges: () => store.listChanges({ afterSeq: 0, limit: 1 }),
    sweep: () => store.sweep(sweepOrder()),
    findNote: () => store.findNote('note'),
    swapNote: () => store.swapNote({ name: 'note', expected: null, value: 'x' }),
    pageIdentities: () => store.pageIdentities({ after: null, limit: 1 }),
    replaceKeyRing: () => store.replaceKeyRing({ key: queryOf(1), expectedVersion: 1, keyRing: [] }),
    check: () => store.check(),
  }
}
