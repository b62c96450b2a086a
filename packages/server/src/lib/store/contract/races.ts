import assert from 'node:assert/strict'
import type { LoginPlan, Store } from '../store.ts'
import type { StoreCase } from './case.ts'
import {
  changedSelectors,
  firstLogin,
  laterLogin,
  NOW_MS,
  OTHER_APPID,
  queryOf,
  sampleEvent,
  sampleIdentity,
  samplePromotion,
  sampleRenewal,
  sampleSelector,
  sampleSession,
  sampleUserId,
} from './samples.ts'

const ROUNDS = 12
const TWICE = [1, 2]
const USER = sampleUserId(1)

/**
 * Two acts that meet: whichever is first, what is left is what one after the other would have left. A store on which
 * several nodes work runs these with its calls spread over two of them.
 */
export const raceCases: readonly StoreCase[] = [
  {
    title: 'one unionid that two apps meet at once makes one person, not two',
    async run(store) {
      for (let n = 1; n <= ROUNDS; n += 1) {
        const outcomes = await Promise.all([
          store.recordLogin(loginWithUnion(2 * n, n, 'wx-one')),
          store.recordLogin(loginWithUnion(2 * n + 1, n, 'wx-other')),
        ])
        assert.deepEqual([...outcomes].sort(), ['conflict', 'recorded'])
      }
      assert.equal((await store.listUsers({ limit: 1_000 })).length, ROUNDS)
    },
  },
  {
    title: 'a login beside a closing is erased by it or finds nobody; no session lives on',
    async run(store) {
      for (let n = 1; n <= ROUNDS; n += 1) {
        const userId = sampleUserId(n)
        await store.recordLogin(firstLogin(n))
        const again = laterLogin(100 + n, n, { seenSelectors: [sampleSelector(n)] })
        const [, outcome] = await Promise.all([
          store.closeAccount({ userId, atMs: NOW_MS, events: [] }),
          store.recordLogin(again),
        ])
        assert.deepEqual(await store.listSessions(userId, NOW_MS), [], outcome)
        const session = await store.findSession(again.session.selector)
        assert.equal(session?.openid, outcome === 'recorded' ? '' : undefined)
      }
    },
  },
  {
    title: 'a login beside a ban is before it or finds a conflict; whoever reads the session sees the ban',
    async run(store) {
      for (let n = 1; n <= ROUNDS; n += 1) {
        await store.recordLogin(firstLogin(n))
        const again = laterLogin(100 + n, n, { seenSelectors: [sampleSelector(n)] })
        const ban = { userId: sampleUserId(n), bannedAtMs: NOW_MS, events: [] }
        const [, outcome] = await Promise.all([store.setUserBan(ban), store.recordLogin(again)])
        const session = await store.findSession(again.session.selector)
        assert.equal(session?.user.bannedAtMs, outcome === 'recorded' ? NOW_MS : undefined)
      }
    },
  },
  {
    title: 'a login that links another app beside a closing leaves nothing of a closed account alive',
    async run(store) {
      for (let n = 1; n <= ROUNDS; n += 1) {
        const userId = sampleUserId(n)
        await store.recordLogin(firstLogin(n))
        const record = sampleIdentity(100 + n, { userId, appid: OTHER_APPID })
        const session = sampleSession(100 + n, { userId, appid: OTHER_APPID })
        const link = laterLogin(100 + n, n, { identity: { kind: 'create', record }, session })
        await Promise.all([store.recordLogin(link), store.closeAccount({ userId, atMs: NOW_MS, events: [] })])
        assert.deepEqual(await store.listIdentities(userId), [])
        assert.deepEqual(await store.listSessions(userId, NOW_MS), [])
      }
    },
  },
  {
    title: 'of two bans at once, and of two closings, one counts and writes its event',
    async run(store) {
      for (let n = 1; n <= ROUNDS; n += 1) {
        const userId = sampleUserId(n)
        const eventsAt = (place: number) => [sampleEvent(100 * n + place, { userId })]
        await store.recordLogin(firstLogin(n))
        const ban = { userId, bannedAtMs: NOW_MS }
        await Promise.all(TWICE.map((place) => store.setUserBan({ ...ban, events: eventsAt(place) })))
        assert.equal((await store.listEvents({ userId, limit: 9 })).length, 1)
        const close = { userId, atMs: NOW_MS }
        const closed = await Promise.all(
          TWICE.map((place) => store.closeAccount({ ...close, events: eventsAt(10 + place) })),
        )
        assert.deepEqual([...closed].sort(), [false, true])
        assert.equal((await store.listEvents({ userId, limit: 9 })).length, 2)
      }
    },
  },
  {
    title: 'of two logins that did not see each other one is recorded, whatever their devices',
    async run(store) {
      await store.recordLogin(firstLogin(1))
      const seenSelectors = [sampleSelector(1)]
      for (let n = 1; n <= ROUNDS; n += 1) {
        const numbers = [100 + 2 * n, 101 + 2 * n]
        const outcomes = await Promise.all(
          numbers.map((number) => store.recordLogin(laterLogin(number, 1, { seenSelectors }))),
        )
        assert.deepEqual([...outcomes].sort(), ['conflict', 'recorded'])
        seenSelectors.push(sampleSelector(numbers[outcomes.indexOf('recorded')] ?? 0))
      }
    },
  },
  {
    title: 'two logins from one device leave one session; the other finds a conflict and must look again',
    async run(store) {
      await store.recordLogin(firstLogin(1))
      let living = sampleSelector(1)
      for (let n = 1; n <= ROUNDS; n += 1) {
        const plans = [100 + 2 * n, 101 + 2 * n].map((number) =>
          laterLogin(number, 1, {
            seenSelectors: [living],
            endSessions: [{ selector: living, reason: 'replaced', atMs: NOW_MS }],
          }),
        )
        const outcomes = await Promise.all(plans.map((plan) => store.recordLogin(plan)))
        assert.deepEqual([...outcomes].sort(), ['conflict', 'recorded'])
        const left = await store.listSessions(USER, NOW_MS)
        assert.equal(left.length, 1)
        living = left[0]?.selector ?? 0
      }
    },
  },
  {
    title: 'a session that gives way to a login and is ended by its user at once ends once',
    async run(store) {
      for (let n = 1; n <= ROUNDS; n += 1) {
        const selector = sampleSelector(n)
        const userId = sampleUserId(n)
        await store.recordLogin(firstLogin(n))
        const again = laterLogin(100 + n, n, {
          seenSelectors: [selector],
          endSessions: [{ selector, reason: 'replaced', atMs: NOW_MS }],
        })
        const end = { selector, userId, reason: 'logged_out', atMs: NOW_MS, events: [] } as const
        const [isEnded, outcome] = await Promise.all([store.endSession(end), store.recordLogin(again)])
        assert.equal(outcome, isEnded ? 'conflict' : 'recorded')
        assert.equal((await store.findSession(selector))?.endReason, isEnded ? 'logged_out' : 'replaced')
        const changes = await changedSelectors(store)
        assert.equal(changes.filter((changed) => changed === selector).length, 1)
      }
    },
  },
  {
    title: '[F21] a renewal that is begun twice at once is noted once, and its token is first used once',
    async run(store) {
      for (let n = 1; n <= ROUNDS; n += 1) {
        await store.recordLogin(firstLogin(n))
        const begun = await Promise.all(TWICE.map(() => store.startRenewal(sampleRenewal(n))))
        assert.deepEqual([...begun].sort(), [false, true])
        const used = await Promise.all(TWICE.map(() => store.promoteToken(samplePromotion(n))))
        assert.deepEqual([...used].sort(), [false, true])
        assert.equal((await store.findSession(sampleSelector(n)))?.renewals, 1)
      }
    },
  },
  {
    title: 'ends of all sessions, logins, touches and renewals of one person at once meet no fault',
    async run(store) {
      await store.recordLogin(firstLogin(1))
      const acts: Promise<unknown>[] = []
      for (let n = 2; n <= 6 * ROUNDS; n += 1) {
        const selector = sampleSelector(n - 1)
        acts.push(
          loginAgain(store, n),
          store.endUserSessions({ ...END, exceptSelector: selector }),
          store.touchSession(selector, sampleSession(n).idleDeadlineMs + n),
          store.startRenewal({ ...sampleRenewal(n - 1), tokenHash: sampleSession(n - 1).tokenHash }),
          store.endSession({ ...END, selector }),
          store.updateProfile({ userId: USER, nickname: `name-${n}`, events: [] }),
        )
      }
      const outcomes = await Promise.allSettled(acts)
      assert.deepEqual(
        outcomes.filter(({ status }) => status === 'rejected'),
        [],
      )
      const seqs = (await store.listChanges({ afterSeq: 0, limit: 10_000 })).map(({ seq }) => seq)
      assert.equal(new Set(seqs).size, seqs.length)
    },
  },
]

const END = { userId: USER, reason: 'revoked_by_user', atMs: NOW_MS, events: [] } as const

function loginWithUnion(n: number, union: number, appid: string): LoginPlan {
  const record = sampleIdentity(n, { unionid: `union-${union}`, appid })
  return firstLogin(n, { identity: { kind: 'create', record }, session: sampleSession(n, { appid }) })
}

async function loginAgain(store: Store, n: number): Promise<void> {
  const { sessions } = await store.findLoginFacts(queryOf(1))
  await store.recordLogin(laterLogin(n, 1, { seenSelectors: sessions.map(({ selector }) => selector) }))
}
