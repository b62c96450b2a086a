import assert from 'node:assert/strict'
import { describe, type TestContext, test } from 'node:test'
import { needs } from '../../../../../../tools/needs.ts'
import { StoreUnavailableError } from '../../errors.ts'
import {
  eventsOf,
  firstLogin,
  NOW_MS,
  sampleEvent,
  sampleHash,
  sampleSelector,
  sampleUserId,
  sweepOrder,
} from '../contract/samples.ts'
import type { Store } from '../store.ts'
import { DEFAULT_LIMITS, type MysqlLimits } from './limits.ts'
import { setBench } from './testing/open-test-store.ts'
import { type OtherNode, openOtherNode, untilSomebodyWaits } from './testing/other-node.ts'
import { wrappedPool } from './testing/wrapped-pool.ts'

const USER = sampleUserId(1)
const MANY = 30

describe('a MariaDB with troubles', needs('mariadb'), () => {
  const bench = setBench()

  for (const [way, signal] of [
    ['restarts in order', 'SIGTERM'],
    ['is killed and recovers', 'SIGKILL'],
  ] as const) {
    test(`[R15] under load: a server that ${way} loses nothing that was acknowledged`, async (t) => {
      const { server } = bench()
      const store = await bench().open(t)
      const logins = loginsUntilStopped(store)
      await logins.untilMore(MANY)
      await server.stop(signal)
      await server.start()
      await logins.untilMore(MANY)
      const { recorded, refused } = await logins.stop()
      for (const n of recorded)
        assert.equal((await store.findSession(sampleSelector(n)))?.selector, sampleSelector(n))
      // A commit of whose fate nobody could be asked in time may be there, and then it is there whole.
      let undecided = 0
      for (const n of refused) {
        const isThere = (await store.findSession(sampleSelector(n))) !== null
        assert.equal((await store.findCode(sampleHash(`code-${n}`))) !== null, isThere)
        if (isThere) undecided += 1
      }
      assert.equal((await store.listUsers({ limit: 100_000 })).length, recorded.length + undecided)
    })
  }

  test('[R15] a short restart is waited out: whoever asks meanwhile gets an answer', async (t) => {
    const { server } = bench()
    const store = await bench().open(t)
    await store.recordLogin(firstLogin(1))
    await server.stop('SIGKILL')
    const [found, outcome] = [store.findSession(sampleSelector(1)), store.recordLogin(firstLogin(2))]
    await server.start()
    assert.notEqual(await found, null)
    assert.equal(await outcome, 'recorded')
  })

  test('[R15] while there is none every call is unavailable, and works again by itself', async (t) => {
    const { server } = bench()
    const store = await bench().open(t, { limits: { patienceMs: [1, 1] } })
    await server.stop()
    await assert.rejects(store.findSession(sampleSelector(1)), StoreUnavailableError)
    await assert.rejects(store.recordLogin(firstLogin(1)), StoreUnavailableError)
    await assert.rejects(store.listChanges({ afterSeq: 0, limit: 1 }), StoreUnavailableError)
    await assert.rejects(store.check(), StoreUnavailableError)
    await server.start()
    await store.check()
    assert.equal(await store.recordLogin(firstLogin(1)), 'recorded')
  })

  test('numbers of changes go on after a crash, also where all before were swept', async (t) => {
    const { server } = bench()
    const store = await bench().open(t)
    await store.recordLogin(firstLogin(1))
    assert.equal(await ban(store), true)
    const [first] = await store.listChanges({ afterSeq: 0, limit: 9 })
    await store.sweep(sweepOrder({ changesBeforeMs: Number.MAX_SAFE_INTEGER }))
    await server.stop('SIGKILL')
    await server.start()
    assert.equal(await store.setUserBan({ userId: USER, bannedAtMs: null, events: [] }), true)
    const [next] = await store.listChanges({ afterSeq: first?.seq ?? 0, limit: 9 })
    assert.ok(next !== undefined && first !== undefined && next.seq > first.seq)
  })

  /** A store with user 1, whom somebody else holds locked. */
  async function openBlocked(
    t: TestContext,
    limits: Partial<MysqlLimits>,
  ): Promise<{ store: Store; holder: OtherNode }> {
    const database = await bench().createBook()
    const store = await bench().open(t, { database, limits })
    await store.recordLogin(firstLogin(1))
    const holder = await openOtherNode(t, bench().server, database)
    await holder.ask('START TRANSACTION')
    await holder.ask('SELECT 1 FROM yaopai_users FOR UPDATE')
    return { store, holder }
  }

  const waits: [string, Partial<MysqlLimits>][] = [
    ['for a lock', {}],
    ['for an answer that does not come', { answerMs: 500, patienceMs: [] }],
  ]
  for (const [what, limits] of waits) {
    test(`[R15] waits ${what} as long as it was told, writes nothing, and works again`, async (t) => {
      const { store, holder } = await openBlocked(t, limits)
      await assert.rejects(ban(store), StoreUnavailableError)
      await holder.ask('ROLLBACK')
      assert.deepEqual([(await store.findUser(USER))?.bannedAtMs, await eventsOf(store, 1)], [null, []])
      await store.check()
      assert.equal(await ban(store), true)
    })
  }

  test('[R15] a connection that the server ends while it waits for a lock is replaced, and the work done once', async (t) => {
    const { store, holder } = await openBlocked(t, {})
    const banning = ban(store)
    await holder.ask(`KILL ${await untilSomebodyWaits(holder)}`)
    await holder.ask('ROLLBACK')
    assert.equal(await banning, true)
    assert.equal((await eventsOf(store, 1)).length, 1)
  })

  test('a pool without a free connection is unavailable in time, and the late one is not lost', async (t) => {
    const pool = bench().server.pool(await bench().createBook(), { connectionLimit: 1 })
    const store = await bench().open(t, { pool, limits: { patienceMs: [] } })
    const busy = await pool.promise().getConnection()
    t.mock.timers.enable({ apis: ['setTimeout'] })
    const refused = assert.rejects(store.check(), StoreUnavailableError)
    t.mock.timers.tick(DEFAULT_LIMITS.connectMs)
    await refused
    t.mock.timers.reset()
    busy.release()
    await store.check()
    await store.check()
  })

  test('a server that only reads is told by the check, and refuses writes alone', async (t) => {
    const { server } = bench()
    const database = await bench().createBook()
    await server.ask(database, `CREATE USER plain IDENTIFIED BY 'plain'; GRANT ALL ON ${database}.* TO plain`)
    const pool = server.pool(database, { user: 'plain', password: 'plain' })
    const store = await bench().open(t, { pool, limits: { patienceMs: [] } })
    await store.recordLogin(firstLogin(1))
    await server.ask(null, 'SET GLOBAL read_only = 1')
    t.after(() => server.ask(null, 'SET GLOBAL read_only = 0'))
    await assert.rejects(store.check(), StoreUnavailableError)
    await assert.rejects(store.recordLogin(firstLogin(2)), StoreUnavailableError)
    await assert.rejects(store.check(), StoreUnavailableError)
    assert.equal((await store.findUser(USER))?.id, USER)
    await server.ask(null, 'SET GLOBAL read_only = 0')
    await store.check()
    assert.equal(await store.recordLogin(firstLogin(2)), 'recorded')
  })

  test('[R15] a transaction that another one’s deadlock undid is made again, but not without end', async (t) => {
    const database = await bench().createBook()
    let left = 3
    const pool = wrappedPool(bench().server.pool(database), {
      onQuery: (query, pass) =>
        query.sql.includes('INSERT INTO yaopai_sessions') && left-- > 0
          ? Promise.reject(
              Object.assign(new Error('Deadlock found'), {
                errno: 1213,
                sqlState: '40001',
                code: 'ER_LOCK_DEADLOCK',
              }),
            )
          : pass(),
    })
    const store = await bench().open(t, { pool })
    assert.equal(await store.recordLogin(firstLogin(1)), 'recorded')
    assert.ok(left < 0)
    left = Number.POSITIVE_INFINITY
    await assert.rejects(store.recordLogin(firstLogin(2)), StoreUnavailableError)
  })

  test('what the server refuses is told without the values that it was about', async (t) => {
    const store = await bench().open(t)
    const event = sampleEvent(1)
    await store.appendEvents([event])
    await assert.rejects(store.appendEvents([event]), (error) => {
      assert.ok(error instanceof StoreUnavailableError)
      assert.match(String(error.cause), /MySQL refused \(1062 ER_DUP_ENTRY\)/)
      const told = JSON.stringify([error, String(error.cause), error.cause])
      assert.ok(!told.includes(event.id) && !told.includes(Buffer.from(event.id).toString('hex')))
      return true
    })
  })
})

function ban(store: Store): Promise<boolean> {
  return store.setUserBan({ userId: USER, bannedAtMs: NOW_MS, events: [sampleEvent(1)] })
}

interface Load {
  untilMore(count: number): Promise<void>
  stop(): Promise<{ readonly recorded: readonly number[]; readonly refused: readonly number[] }>
}

/** Eight clients that log new people in, one after the other, until they are told to stop. */
function loginsUntilStopped(store: Store): Load {
  const recorded: number[] = []
  const refused: number[] = []
  const waiting: { readonly count: number; readonly resolve: () => void }[] = []
  let next = 0
  let isStopped = false

  const client = async (): Promise<void> => {
    while (!isStopped) {
      next += 1
      const n = next
      const outcome = await store.recordLogin(firstLogin(n)).catch((error: unknown) => {
        assert.ok(error instanceof StoreUnavailableError, String(error))
        return 'refused'
      })
      if (outcome === 'refused') refused.push(n)
      else recorded.push(n)
      for (const { count, resolve } of waiting) if (recorded.length >= count) resolve()
    }
  }
  const clients = Array.from({ length: 8 }, client)
  return {
    untilMore: (count) => new Promise((resolve) => waiting.push({ count: recorded.length + count, resolve })),
    async stop() {
      isStopped = true
      await Promise.all(clients)
      return { recorded, refused }
    },
  }
}
