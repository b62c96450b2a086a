import assert from 'node:assert/strict'
import { describe, type TestContext, test } from 'node:test'
import { needs } from '../../../../../../tools/needs.ts'
import { parallelCases } from '../contract/parallel.ts'
import {
  changedSelectors,
  firstLogin,
  laterLogin,
  NOW_MS,
  queryOf,
  sampleIdentity,
  samplePromotion,
  sampleRenewal,
  sampleSelector,
  sampleSession,
  sampleUserId,
  sweepOrder,
} from '../contract/samples.ts'
import type { LoginPlan, Store } from '../store.ts'
import { setBench } from './testing/open-test-store.ts'

const ROUNDS = 12
const USER = sampleUserId(1)

describe('several nodes on one database', needs('postgresql'), () => {
  const bench = setBench()

  async function openNodes(t: TestContext): Promise<[Store, Store]> {
    const database = await bench().createBook()
    return [await bench().open(t, { database }), await bench().open(t, { database })]
  }

  describe('what must hold when everything happens at once, half of it on each node', () => {
    for (const { title, run } of parallelCases) {
      test(title, async (t) => run(inTurns(await openNodes(t))))
    }
  })

  test('one unionid that two apps meet at once makes one person, not two', async (t) => {
    const [one, other] = await openNodes(t)
    for (let n = 1; n <= ROUNDS; n += 1) {
      const outcomes = await Promise.all([
        one.recordLogin(loginWithUnion(2 * n, n, 'wx-one')),
        other.recordLogin(loginWithUnion(2 * n + 1, n, 'wx-other')),
      ])
      assert.deepEqual([...outcomes].sort(), ['conflict', 'recorded'])
    }
    assert.equal((await one.listUsers({ limit: 1_000 })).length, ROUNDS)
  })

  test('a login beside a closing is erased by it or finds nobody; no session lives on', async (t) => {
    const [one, other] = await openNodes(t)
    for (let n = 1; n <= ROUNDS; n += 1) {
      const userId = sampleUserId(n)
      await one.recordLogin(firstLogin(n))
      const again = laterLogin(100 + n, n, { seenSelectors: [sampleSelector(n)] })
      const [, outcome] = await Promise.all([
        other.closeAccount({ userId, atMs: NOW_MS, events: [] }),
        one.recordLogin(again),
      ])
      assert.deepEqual(await other.listSessions(userId, NOW_MS), [], outcome)
      const session = await other.findSession(again.session.selector)
      assert.equal(session?.openid, outcome === 'recorded' ? '' : undefined)
    }
  })

  test('a login beside a ban is before it or finds a conflict; whoever reads the session sees the ban', async (t) => {
    const [one, other] = await openNodes(t)
    for (let n = 1; n <= ROUNDS; n += 1) {
      await one.recordLogin(firstLogin(n))
      const again = laterLogin(100 + n, n, { seenSelectors: [sampleSelector(n)] })
      const ban = { userId: sampleUserId(n), bannedAtMs: NOW_MS, events: [] }
      const [, outcome] = await Promise.all([other.setUserBan(ban), one.recordLogin(again)])
      const session = await one.findSession(again.session.selector)
      assert.equal(session?.user.bannedAtMs, outcome === 'recorded' ? NOW_MS : undefined)
    }
  })

  test('two logins from one device leave one session; the other finds a conflict and must look again', async (t) => {
    const nodes = await openNodes(t)
    await nodes[0].recordLogin(firstLogin(1))
    let living = sampleSelector(1)
    for (let n = 1; n <= ROUNDS; n += 1) {
      const plans = [100 + 2 * n, 101 + 2 * n].map((number) =>
        laterLogin(number, 1, {
          seenSelectors: [living],
          endSessions: [{ selector: living, reason: 'replaced', atMs: NOW_MS }],
        }),
      )
      const outcomes = await Promise.all(plans.map((plan, place) => nodes[place]?.recordLogin(plan)))
      assert.deepEqual([...outcomes].sort(), ['conflict', 'recorded'])
      const left = await nodes[1].listSessions(USER, NOW_MS)
      assert.equal(left.length, 1)
      living = left[0]?.selector ?? 0
    }
  })

  test('a session that gives way to a login and is ended by its user at once ends once', async (t) => {
    const [one, other] = await openNodes(t)
    for (let n = 1; n <= ROUNDS; n += 1) {
      const selector = sampleSelector(n)
      const userId = sampleUserId(n)
      await one.recordLogin(firstLogin(n))
      const again = laterLogin(100 + n, n, {
        seenSelectors: [selector],
        endSessions: [{ selector, reason: 'replaced', atMs: NOW_MS }],
      })
      const end = { selector, userId, reason: 'logged_out', atMs: NOW_MS, events: [] } as const
      const [isEnded, outcome] = await Promise.all([other.endSession(end), one.recordLogin(again)])
      assert.equal(outcome, isEnded ? 'conflict' : 'recorded')
      assert.equal((await one.findSession(selector))?.endReason, isEnded ? 'logged_out' : 'replaced')
      const changes = await changedSelectors(one)
      assert.equal(changes.filter((changed) => changed === selector).length, 1)
    }
  })

  test('[F21] a renewal that both nodes begin is noted once, and its token is first used once', async (t) => {
    const nodes = await openNodes(t)
    for (let n = 1; n <= ROUNDS; n += 1) {
      await nodes[0].recordLogin(firstLogin(n))
      const begun = await Promise.all(nodes.map((node) => node.startRenewal(sampleRenewal(n))))
      assert.deepEqual([...begun].sort(), [false, true])
      const used = await Promise.all(nodes.map((node) => node.promoteToken(samplePromotion(n))))
      assert.deepEqual([...used].sort(), [false, true])
      assert.equal((await nodes[1].findSession(sampleSelector(n)))?.renewals, 1)
    }
  })

  test('ends of all sessions, logins, touches and renewals of one person at once meet no fault', async (t) => {
    const [one, other] = await openNodes(t)
    await one.recordLogin(firstLogin(1))
    const acts: Promise<unknown>[] = []
    for (let n = 2; n <= 6 * ROUNDS; n += 1) {
      const selector = sampleSelector(n - 1)
      acts.push(
        loginAgain(n % 2 === 0 ? one : other, n),
        other.endUserSessions({ ...END, exceptSelector: selector }),
        one.touchSession(selector, sampleSession(n).idleDeadlineMs + n),
        other.startRenewal({ ...sampleRenewal(n - 1), tokenHash: sampleSession(n - 1).tokenHash }),
        one.endSession({ ...END, selector }),
        other.updateProfile({ userId: USER, nickname: `name-${n}`, events: [] }),
      )
    }
    const outcomes = await Promise.allSettled(acts)
    assert.deepEqual(
      outcomes.filter(({ status }) => status === 'rejected'),
      [],
    )
    const seqs = (await one.listChanges({ afterSeq: 0, limit: 10_000 })).map(({ seq }) => seq)
    assert.equal(new Set(seqs).size, seqs.length)
  })

  test('two nodes that sweep at once take each row once', async (t) => {
    const [one, other] = await openNodes(t)
    const numbers = Array.from({ length: 60 }, (_, n) => n + 1)
    await Promise.all(
      numbers.map((n) =>
        one.recordLogin(firstLogin(n, { code: null, session: sampleSession(n, { idleDeadlineMs: 1 }) })),
      ),
    )
    const order = sweepOrder({ sessionsBeforeMs: 1_000, limit: 20 })
    let swept = 0
    for (let turn = 0; turn < 3; turn += 1) {
      for (const count of await Promise.all([one.sweep(order), other.sweep(order)])) {
        assert.ok(count <= order.limit)
        swept += count
      }
    }
    assert.equal(swept, numbers.length)
  })
})

const END = { userId: USER, reason: 'revoked_by_user', atMs: NOW_MS, events: [] } as const

/** Each call goes to the next of the nodes. */
function inTurns(nodes: readonly Store[]): Store {
  let turn = 0
  return new Proxy({} as Store, {
    get: (_, name: keyof Store) => {
      turn += 1
      const node = nodes[turn % nodes.length] as Store
      return node[name].bind(node)
    },
  })
}

function loginWithUnion(n: number, union: number, appid: string): LoginPlan {
  const record = sampleIdentity(n, { unionid: `union-${union}`, appid })
  return firstLogin(n, { identity: { kind: 'create', record }, session: sampleSession(n, { appid }) })
}

async function loginAgain(store: Store, n: number): Promise<void> {
  const { sessions } = await store.findLoginFacts(queryOf(1))
  await store.recordLogin(laterLogin(n, 1, { seenSelectors: sessions.map(({ selector }) => selector) }))
}
