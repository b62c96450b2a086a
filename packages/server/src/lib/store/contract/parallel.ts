import assert from 'node:assert/strict'
import type { LoginPlan, Store } from '../store.ts'
import type { StoreCase } from './case.ts'
import { firstLogin, laterLogin, queryOf, sampleIdentity, sampleSession, sampleUserId } from './samples.ts'

const MANY = 100
/** Of these all but one begin anew each time that one is recorded, so the work grows with the square. */
const FIRST_LOGINS = 40

/** What must hold when everything happens at once. */
export const parallelCases: readonly StoreCase[] = [
  {
    title: '[F13] 40 parallel first logins of one person make one user and one identity',
    async run(store) {
      const again = lanes(2)
      const tries = await Promise.all(numbers(FIRST_LOGINS).map((n) => loginUntilRecorded(store, n, again)))
      assert.equal(new Set(tries).size, 1)
      const [userId] = tries
      assert.equal((await store.listUsers({ limit: 1_000 })).length, 1)
      assert.equal((await store.listIdentities(userId ?? sampleUserId(0))).length, 1)
      assert.equal((await store.listSessions(userId ?? sampleUserId(0), 0)).length, FIRST_LOGINS)
    },
  },
  {
    title: '[T09] of 100 parallel logins with one code one is recorded, the others hear code_used',
    async run(store) {
      const { code } = firstLogin(0)
      const outcomes = await Promise.all(numbers().map((n) => store.recordLogin(firstLogin(n, { code }))))
      assert.deepEqual(
        [...outcomes].sort(),
        ['recorded', ...Array(MANY - 1).fill('code_used')].sort(),
        'one recorded',
      )
      assert.equal((await store.listUsers({ limit: 1_000 })).length, 1)
    },
  },
  {
    title: '100 parallel logins of 100 people are all recorded, one that conflicts among them hurts no other',
    async run(store) {
      const taken = firstLogin(MANY + 1, { user: firstLogin(0).user })
      const plans = [...numbers().map((n) => firstLogin(n)), taken]
      const outcomes = await Promise.all(plans.map((plan) => store.recordLogin(plan)))
      assert.deepEqual(outcomes, [...Array(MANY).fill('recorded'), 'conflict'])
      const found = await Promise.all(numbers().map((n) => store.findSession(sampleSession(n).selector)))
      assert.ok(found.every((session, n) => session?.userId === sampleUserId(n)))
    },
  },
  {
    title: 'a session that is ended 100 times at once is ended by one of them',
    async run(store) {
      await store.recordLogin(firstLogin(1))
      const end = { selector: sampleSession(1).selector, reason: 'logged_out', atMs: 1, events: [] } as const
      const userId = sampleUserId(1)
      const ended = await Promise.all(numbers().map(() => store.endSession({ ...end, userId })))
      assert.equal(ended.filter((one) => one).length, 1)
    },
  },
  {
    title: 'open data that is used 100 times at once is used once',
    async run(store) {
      const use = { hash: Buffer.alloc(32, 1), forgetAfterMs: 1, events: [] }
      const used = await Promise.all(numbers().map(() => store.useOpenData(use)))
      assert.equal(used.filter((one) => one === 'used').length, 1)
    },
  },
]

function numbers(count = MANY): number[] {
  return Array.from({ length: count }, (_, n) => n)
}

/**
 * As the login verb does it: read the facts, decide, write; again when they have moved. All begin at once, and few at
 * a time begin again: were it all, each login that is recorded would send all others back once more.
 */
async function loginUntilRecorded(store: Store, n: number, again: Lanes): Promise<string & `usr_${string}`> {
  const first = await loginOnce(store, n)
  if (first !== null) return first
  return again(async () => {
    for (let attempt = 0; attempt < MANY; attempt += 1) {
      const userId = await loginOnce(store, n)
      if (userId !== null) return userId
    }
    throw new Error(`login ${n} met conflicts without end`)
  })
}

/** Null for a conflict. */
async function loginOnce(store: Store, n: number): Promise<(string & `usr_${string}`) | null> {
  const facts = await store.findLoginFacts(queryOf(0))
  const plan = facts.user === null ? newUser(n) : knownUser(n, facts.user.id, facts.sessions)
  return (await store.recordLogin(plan)) === 'recorded' ? plan.session.userId : null
}

type Lanes = <Result>(work: () => Promise<Result>) => Promise<Result>

/** So many at a time, in the order in which they come. */
function lanes(count: number): Lanes {
  const ends: Promise<unknown>[] = Array.from({ length: count }, () => Promise.resolve())
  let turn = 0
  return (work) => {
    const lane = turn++ % count
    const result = (ends[lane] ?? Promise.resolve()).then(work)
    ends[lane] = result.catch(() => undefined)
    return result
  }
}

function newUser(n: number): LoginPlan {
  const userId = sampleUserId(n)
  const identity = sampleIdentity(0, { userId })
  return firstLogin(n, { identity: { kind: 'create', record: identity } })
}

function knownUser(
  n: number,
  userId: `usr_${string}`,
  sessions: readonly { readonly selector: number }[],
): LoginPlan {
  return laterLogin(n, 0, {
    user: { kind: 'keep', id: userId },
    session: sampleSession(n, { userId, openid: 'openid-0' }),
    seenSelectors: sessions.map((session) => session.selector),
  })
}
