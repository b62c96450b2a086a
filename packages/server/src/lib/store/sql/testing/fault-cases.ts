import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { StoreUnavailableError } from '../../../errors.ts'
import { eventsOf, firstLogin, sampleEvent, sampleSelector, sampleUserId } from '../../contract/samples.ts'
import type { Store } from '../../store.ts'
import { type Limits, USUAL_LIMITS } from '../limits.ts'
import { ban } from './ban.ts'
import { assertKept, loginsUntilStopped } from './logins-until-stopped.ts'
import type { OtherNode, SqlBench, SqlCase } from './sql-bench.ts'

const USER = sampleUserId(1)
const MANY = 30
/** Longer than any restart, on a busy machine too. */
const LONG: Partial<Limits> = { lookUpMs: 60_000, patienceMs: Array<number>(300).fill(100) }

/** Of a server that is down, and up again. `ways`: how it goes down, and the signal for it. */
export function downCases(ways: readonly (readonly [way: string, signal: string])[]): SqlCase[] {
  return [...ways.map(underLoad), restart, away]
}

function underLoad([way, signal]: readonly [string, string]): SqlCase {
  return {
    title: `[R15] under load: a server that ${way} loses nothing that was acknowledged`,
    async run(t, { server, open }) {
      const store = await open(t)
      const logins = loginsUntilStopped(t, store)
      await logins.untilMore(MANY)
      await server.stop(signal)
      await server.start()
      await logins.untilMore(MANY)
      await assertKept(store, await logins.stop())
    },
  }
}

const restart: SqlCase = {
  title: '[R15] a short restart is waited out: whoever asks meanwhile gets an answer',
  async run(t, { server, open }) {
    const store = await open(t, { limits: LONG })
    await store.recordLogin(firstLogin(1))
    await server.stop()
    const [found, outcome] = [store.findSession(sampleSelector(1)), store.recordLogin(firstLogin(2))]
    await server.start()
    assert.notEqual(await found, null)
    assert.equal(await outcome, 'recorded')
  },
}

const away: SqlCase = {
  title: '[R15] while there is none every call is unavailable, and works again by itself',
  async run(t, { server, open }) {
    const store = await open(t, { limits: { patienceMs: [1, 1] } })
    await server.stop()
    await assert.rejects(store.findSession(sampleSelector(1)), StoreUnavailableError)
    await assert.rejects(store.recordLogin(firstLogin(1)), StoreUnavailableError)
    await assert.rejects(store.listChanges({ afterSeq: 0, limit: 1 }), StoreUnavailableError)
    await assert.rejects(store.check(), StoreUnavailableError)
    await server.start()
    await store.check()
    assert.equal(await store.recordLogin(firstLogin(1)), 'recorded')
  },
}

/** All but the deadline of look-ups are endless: who is kept by another limit never comes back. */
const SILENT: Partial<Limits> = {
  lookUpMs: 300,
  connectMs: 3_600_000,
  answerMs: 3_600_000,
  patienceMs: Array<number>(10_000).fill(50),
}
const AT_ONCE = 30

/** More than the pool has connections, in each way that somebody at the door asks. */
function askAll(store: Store): Promise<unknown>[] {
  const numbers = Array.from({ length: AT_ONCE }, (_, n) => n)
  return [
    ...numbers.map((n) => store.findSession(sampleSelector(n))),
    ...numbers.map((n) => store.findUser(sampleUserId(n))),
    ...numbers.map((n) => store.findRetiredToken(sampleSelector(n), new Uint8Array(32))),
    store.check(),
  ]
}

/** On connections that are open, then on such as must be made, then where the pool gives out none. */
const TURNS = 3

export const silentCases: SqlCase[] = [
  {
    title:
      '[R15] a server that falls silent: who asks at the door is told at a deadline of its own, a write waits, and all goes on without a restart',
    async run(t, { server, open }) {
      assert.ok(USUAL_LIMITS.lookUpMs < 2_000, 'two seconds are promised')
      const store = await open(t, { limits: SILENT })
      await store.recordLogin(firstLogin(1))
      await Promise.all(Array.from({ length: AT_ONCE }, () => store.listUsers({ limit: 1 })))
      t.after(() => server.thaw())
      server.freeze()
      for (let turn = 0; turn < TURNS; turn += 1) {
        const asked = await Promise.allSettled(askAll(store))
        assert.ok(asked.every((one) => one.status === 'rejected' && isUnavailable(one.reason)))
      }
      const login = store.recordLogin(firstLogin(2))
      server.thaw()
      assert.equal(await login, 'recorded')
      await untilAnswered(t, () => store.check())
      const found = await untilAnswered(t, () => store.findSession(sampleSelector(2)))
      assert.equal(found?.userId, sampleUserId(2))
    },
  },
]

function isUnavailable(error: unknown): boolean {
  return error instanceof StoreUnavailableError
}

/** What was asked for while it was silent may be worked off first, and a busy machine may take its time. */
async function untilAnswered<Answer>(t: TestContext, ask: () => Promise<Answer>): Promise<Answer> {
  for (;;) {
    try {
      return await ask()
    } catch (error) {
      if (t.signal.aborted || !isUnavailable(error)) throw error
    }
  }
}

/** A store with user 1, whom somebody else holds locked. */
async function openBlocked(
  t: TestContext,
  bench: SqlBench,
  limits: Partial<Limits> = {},
): Promise<{ store: Store; holder: OtherNode }> {
  const database = await bench.createBook()
  const store = await bench.open(t, { database, limits })
  await store.recordLogin(firstLogin(1))
  const holder = await bench.openOther(t, database)
  await holder.ask('START TRANSACTION')
  await holder.ask(`SELECT 1 FROM ${bench.table('users')} FOR UPDATE`)
  return { store, holder }
}

/** `limits` may be those of one store alone. */
export function waitCase(what: string, limits: Partial<Limits> & Record<string, unknown>): SqlCase {
  return {
    title: `[R15] waits ${what} as long as it was told, writes nothing, and works again`,
    async run(t, bench) {
      const { store, holder } = await openBlocked(t, bench, limits)
      await assert.rejects(ban(store), StoreUnavailableError)
      await holder.ask('ROLLBACK')
      assert.deepEqual([(await store.findUser(USER))?.bannedAtMs, await eventsOf(store, 1)], [null, []])
      await store.check()
      assert.equal(await ban(store), true)
    },
  }
}

export const troubleCases: SqlCase[] = [
  {
    title:
      '[R15] a connection that the server ends while it waits for a lock is replaced, and the work done once',
    async run(t, bench) {
      const { store, holder } = await openBlocked(t, bench)
      const banning = ban(store)
      await bench.end(await bench.untilSomebodyWaits(holder))
      await holder.ask('ROLLBACK')
      assert.equal(await banning, true)
      assert.equal((await eventsOf(store, 1)).length, 1)
    },
  },
  {
    title: '[R15] a transaction that another one’s deadlock undid is made again, but not without end',
    async run(t, bench) {
      let left = 3
      const isSession = new RegExp(`INSERT INTO ${bench.table('sessions')}`)
      const store = await bench.open(t, {
        meddling: {
          onQuery: (text, pass) =>
            isSession.test(text) && left-- > 0 ? Promise.reject(bench.deadlock()) : pass(),
        },
      })
      assert.equal(await store.recordLogin(firstLogin(1)), 'recorded')
      assert.ok(left < 0)
      left = Number.POSITIVE_INFINITY
      await assert.rejects(store.recordLogin(firstLogin(2)), StoreUnavailableError)
    },
  },
  {
    title: 'what the server refuses is told without the values that it was about',
    async run(t, bench) {
      const store = await bench.open(t)
      const event = sampleEvent(1)
      await store.appendEvents([event])
      await assert.rejects(store.appendEvents([event]), (error) => {
        assert.ok(error instanceof StoreUnavailableError)
        assert.match(String(error.cause), /refused \((23505\)|1062 ER_DUP_ENTRY\))/)
        const told = JSON.stringify([error, String(error.cause), error.cause])
        assert.ok(!told.includes(event.id) && !told.includes(Buffer.from(event.id).toString('hex')))
        return true
      })
    },
  },
]
